-- All that is known of a module, in a buffer beside it that is read only.

local M = {}

local namespace_of = "sleeplsp://report/"

---@param uri string
---@return integer
local function buffer_for(uri)
  local name = namespace_of .. vim.uri_to_fname(uri)
  local buffer = vim.fn.bufnr("^" .. vim.fn.escape(name, "*?[]{}\\,") .. "$")
  if buffer < 0 then
    buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, name)
    vim.bo[buffer].bufhidden = "hide"
    vim.keymap.set("n", "q", function()
      if not pcall(vim.cmd.close) then
        vim.cmd.bprevious() -- it is the last window
      end
    end, { buffer = buffer, desc = "close" })
  end
  return buffer
end

---@param buffer integer
local function go_to(buffer)
  local window = vim.fn.bufwinid(buffer)
  if window > 0 then
    vim.api.nvim_set_current_win(window)
    return
  end
  vim.cmd("vsplit")
  vim.api.nvim_win_set_buf(0, buffer)
  local set = vim.wo[0][0]
  set.wrap, set.linebreak, set.conceallevel, set.spell = true, true, 2, false
end

---@param uri string
---@param result { markdown: string, line: integer }
local function show(uri, result)
  local buffer = buffer_for(uri)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(result.markdown, "\n", { plain = true }))
  vim.bo[buffer].modifiable = false
  go_to(buffer)
  require("sleeplsp.markdown").dress(buffer)
  local last = vim.api.nvim_buf_line_count(buffer)
  vim.api.nvim_win_set_cursor(0, { math.min(result.line + 1, last), 0 })
end

---@param symbols table[]
---@param name string
---@return boolean
local function has(symbols, name)
  return vim.iter(symbols):any(function(each)
    local rest = vim.startswith(name, each.name .. ".") and name:sub(#each.name + 2)
    return each.name == name or rest and has(each.children or {}, rest) or false
  end)
end

-- Shows the report of the current buffer, from a symbol on if one is named.
---@param symbol string
function M.show(symbol)
  local server, say = require("sleeplsp.server"), require("sleeplsp.say")
  local client = server.of(0)
  if not client then
    say.failed(server.why_none())
    return
  end
  local uri = vim.uri_from_bufnr(0)
  local arguments = symbol ~= "" and { uri, symbol } or { uri }
  local function ask()
    server.call(client, "sleeplsp.insight", arguments, function(why, result)
      if why then
        say.failed(why)
      else
        show(uri, result)
      end
    end)
  end
  if symbol == "" then
    ask()
    return
  end
  -- The report itself leaves out those of which nothing is claimed.
  local params = { textDocument = vim.lsp.util.make_text_document_params(0) }
  client:request("textDocument/documentSymbol", params, function(err, symbols)
    if err or has(symbols or {}, symbol) then
      ask()
    else
      say.failed(("there is no `%s` in this file"):format(symbol))
    end
  end, 0)
end

return M
