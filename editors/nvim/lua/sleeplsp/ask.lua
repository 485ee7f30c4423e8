-- A question and its answer in a float: as it comes where a model makes it, and then as it is.

local M = {}

local FOOTER = "q closes and gives up"

-- Floats of answers that are being made, by the token that the server was given.
---@type table<string, sleeplsp.Float>
local heard_by = {}
local count = 0

-- The notification `sleeplsp/answer`.
---@type lsp.Handler
function M.heard(_, piece)
  local float = heard_by[piece.token]
  if float then
    float:hear(piece.text)
  end
end

---@param result table<string, any>
---@return string
local function markdown(result)
  if result.markdown then
    return result.markdown
  end
  local lines = {
    result.changed and "*The code has changed and is being thought about.*" or "*Nothing known answers it.*",
  }
  if #result.nearest > 0 then
    vim.list_extend(lines, { "", "What comes near:", "" })
  end
  for _, near in ipairs(result.nearest) do
    local symbol = near.symbol:gsub("`", "")
    table.insert(lines, ("- `%s`: %s (%s)"):format(symbol, vim.trim(near.text:gsub("%s+", " ")), near.grade))
  end
  if type(result.unasked) == "string" then
    vim.list_extend(lines, { "", ("A model could answer, but %s."):format(result.unasked) })
  end
  return table.concat(lines, "\n")
end

---@param client vim.lsp.Client
---@return { line: integer, character: integer }
local function cursor(client)
  return vim.lsp.util.make_position_params(0, client.offset_encoding).position
end

---@param float sleeplsp.Float
---@param why string
local function failed(float, why)
  if not float:is_open() then
    return -- whoever closed it knows
  end
  if float:has_heard() then
    float:lose(why, "q closes")
  else
    float:close()
  end
  require("sleeplsp.say").failed(why)
end

---@param client vim.lsp.Client
---@param question string
local function send(client, question)
  local uri, position, buffer = vim.uri_from_bufnr(0), cursor(client), vim.api.nvim_get_current_buf()
  count = count + 1
  local token = ("nvim-%d-%d"):format(vim.fn.getpid(), count)
  local request ---@type integer|nil
  local is_over = false
  local float = require("sleeplsp.float").open({
    title = question,
    footer = FOOTER,
    on_close = function()
      heard_by[token] = nil
      if request and not is_over then
        client:cancel_request(request)
      end
    end,
  })
  heard_by[token] = float
  local arguments = { uri, position, question, vim.NIL, token }
  request = require("sleeplsp.server").call(client, "sleeplsp.ask", arguments, function(why, result)
    is_over = true
    heard_by[token] = nil
    if why then
      failed(float, why)
    else
      float:show(markdown(result), "q closes")
    end
  end, buffer)
end

-- Asks about what is under the cursor, or what the question names. Without a question, asks for one.
---@param question string
function M.ask(question)
  local server, say = require("sleeplsp.server"), require("sleeplsp.say")
  local client = server.of(0)
  if not client then
    say.failed(server.why_none())
    return
  end
  if vim.trim(question) ~= "" then
    send(client, vim.trim(question))
    return
  end
  vim.ui.input({ prompt = "Ask sleeplsp: " }, function(given)
    if given and vim.trim(given) ~= "" then
      send(client, vim.trim(given))
    end
  end)
end

return M
