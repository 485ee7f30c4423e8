-- What a traceback comes from: told in a float, and the places from cause to crash as a quickfix list.

local M = {}

M.TITLE = "sleeplsp: why"

---@param client vim.lsp.Client
---@param result table<string, any>
local function show(client, result)
  local places = require("sleeplsp.places")
  local entries = places.entries(
    vim.tbl_map(function(each)
      return { uri = each.uri, range = each.range, text = each.message, type = "" }
    end, result.locations),
    client.offset_encoding
  )
  if #entries > 0 then
    places.list(M.TITLE, entries)
    places.show(true)
  end
  local footer = #entries > 0 and "q closes, the places stay in the quickfix list" or "q closes"
  local float = require("sleeplsp.float").open({ title = "sleeplsp: why", footer = footer })
  float:show(result.markdown)
end

-- Asks for the first text in which a server finds a traceback.
---@param client vim.lsp.Client
---@param texts sleeplsp.Pasted[]
---@param number integer
local function try(client, texts, number)
  local here = vim.lsp.get_clients({ id = client.id, bufnr = 0 })[1]
  local arguments = { texts[number].text }
  if here then
    table.insert(arguments, vim.uri_from_bufnr(0))
  end
  require("sleeplsp.server").call(client, "sleeplsp.why", arguments, function(failure, result)
    if not failure then
      show(client, result)
    elseif texts[number + 1] then
      try(client, texts, number + 1)
    else
      require("sleeplsp.say").failed(("%s: %s"):format(texts[number].from, failure))
    end
  end)
end

-- The texts that are meant; why there are none, if so.
---@param source string a register, "quickfix", or "" for what was copied last
---@return sleeplsp.Pasted[] texts
---@return string|nil why
local function meant(source)
  local pasted = require("sleeplsp.pasted")
  if source == "" then
    local copied = pasted.copied()
    return copied, #copied == 0 and 'nothing was copied: the registers +, * and " are empty' or nil
  end
  if source == "quickfix" then
    return { pasted.quickfix() }, not pasted.quickfix() and "the quickfix list is empty" or nil
  end
  if #source ~= 1 then
    return {}, ('`%s` is no register: one character, or "quickfix"'):format(source)
  end
  local is_read, text = pcall(pasted.register, source)
  local why = not is_read and ("there is no register %s"):format(source)
    or not text and ("register %s is empty"):format(source)
    or nil
  return { is_read and text or nil }, why
end

---@param texts sleeplsp.Pasted[]
local function ask(texts)
  local server = require("sleeplsp.server")
  local client = server.of(0) or server.all()[1]
  if client then
    try(client, texts, 1)
  else
    require("sleeplsp.say").failed(server.why_none())
  end
end

---@param source string
function M.explain(source)
  local texts, why = meant(source)
  if why then
    require("sleeplsp.say").failed(why)
  else
    ask(texts)
  end
end

-- Explains lines of the current buffer, numbered from 1.
---@param first integer
---@param last integer
function M.explain_lines(first, last)
  ask({ require("sleeplsp.pasted").lines(0, first, last) })
end

return M
