-- Fixes that a model has thought of are applied once their user has seen them and agrees: Neovim applies what comes,
-- annotated or not. It must not know how a fix is made.

local M = {}

local LINES_MAX = 40

-- The titles of annotations that ask for a confirmation.
---@param edit lsp.WorkspaceEdit
---@return string[]
local function asked(edit)
  local titles = {}
  for _, annotation in pairs(edit.changeAnnotations or {}) do
    if annotation.needsConfirmation then
      local told = annotation.description and (" (%s)"):format(annotation.description) or ""
      table.insert(titles, annotation.label .. told)
    end
  end
  return titles
end

-- The lines that an edit of one document takes away and puts in their place.
---@param change lsp.TextDocumentEdit
---@param encoding "utf-8"|"utf-16"|"utf-32"
---@return string
local function difference(change, encoding)
  local source = vim.uri_to_bufnr(change.textDocument.uri)
  vim.fn.bufload(source)
  local before = vim.api.nvim_buf_get_lines(source, 0, -1, false)
  local scratch = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(scratch, 0, -1, false, before)
  vim.lsp.util.apply_text_edits(vim.deepcopy(change.edits), scratch, encoding)
  local after = vim.api.nvim_buf_get_lines(scratch, 0, -1, false)
  vim.api.nvim_buf_delete(scratch, { force = true })
  local text = vim.diff(table.concat(before, "\n") .. "\n", table.concat(after, "\n") .. "\n", { ctxlen = 1 })
  return text --[[@as string]]
end

---@param edit lsp.WorkspaceEdit
---@param client vim.lsp.Client
---@return boolean
local function is_agreed(edit, client)
  local titles = asked(edit)
  if #titles == 0 then
    return true
  end
  local parts = { "A model has thought of this: " .. table.concat(titles, ", ") }
  for _, change in ipairs(edit.documentChanges or {}) do
    if change.edits then
      ---@cast change lsp.TextDocumentEdit
      table.insert(parts, difference(change, client.offset_encoding))
    end
  end
  local lines = vim.split(table.concat(parts, "\n"), "\n", { trimempty = true })
  if #lines > LINES_MAX then
    lines = vim.list_extend(vim.list_slice(lines, 1, LINES_MAX), { "…" })
  end
  return vim.fn.confirm(table.concat(lines, "\n"), "&Apply\n&Leave", 2) == 1
end

-- The same action, with nothing left to do.
---@param action lsp.CodeAction
---@return lsp.CodeAction
local function emptied(action)
  return { title = action.title, kind = action.kind }
end

local confirmed = setmetatable({}, { __mode = "k" }) ---@type table<vim.lsp.Client, true>

-- Has a client ask before it hands such a fix on. Menus of actions resolve what is chosen; there it is caught.
---@param client vim.lsp.Client
function M.confirm(client)
  if confirmed[client] then
    return
  end
  confirmed[client] = true
  local request = client.request
  client.request = function(self, method, params, handler, buffer)
    if method ~= "codeAction/resolve" or not handler then
      return request(self, method, params, handler, buffer)
    end
    return request(self, method, params, function(err, action, ...)
      if action and action.edit and not is_agreed(action.edit, client) then
        action = emptied(action)
      end
      return handler(err, action, ...)
    end, buffer)
  end
end

return M
