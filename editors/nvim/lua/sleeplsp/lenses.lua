-- Lenses of our server alone, asked for again when it says so: Neovim 0.11 asks all servers or none, and takes no
-- such request.

local M = {}

---@param client vim.lsp.Client
---@param buffer integer
local function ask(client, buffer)
  if
    not vim.api.nvim_buf_is_loaded(buffer) or not client:supports_method("textDocument/codeLens", buffer)
  then
    return
  end
  local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
  client:request("textDocument/codeLens", params, function(err, lenses)
    if not err and vim.api.nvim_buf_is_loaded(buffer) then
      vim.lsp.codelens.save(lenses or {}, buffer, client.id)
      vim.lsp.codelens.display(lenses or {}, buffer, client.id)
    end
  end, buffer)
end

-- Shows lenses in a buffer, also after edits.
---@param client vim.lsp.Client
---@param buffer integer
function M.show(client, buffer)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  ask(client, buffer)
  local group = vim.api.nvim_create_augroup("sleeplsp.lenses." .. buffer, { clear = true })
  vim.api.nvim_create_autocmd({ "InsertLeave", "TextChanged" }, {
    group = group,
    buffer = buffer,
    callback = function()
      local now = require("sleeplsp.server").of(buffer)
      if now then
        ask(now, buffer)
      end
    end,
  })
end

-- The request `workspace/codeLens/refresh`.
---@type lsp.Handler
function M.refresh(_, _, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  if client then
    for buffer in pairs(client.attached_buffers) do
      ask(client, buffer)
    end
  end
  return vim.NIL
end

return M
