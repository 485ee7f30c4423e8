-- What happens when the server comes to a buffer, and when it ends. It must not know how any of it is done.

local M = {}

---@param client vim.lsp.Client
---@param buffer integer
local function attached(client, buffer)
  local options = require("sleeplsp.options").now
  -- It knows already, unless somebody's configuration of the client has a `before_init` of its own.
  require("sleeplsp.verify").tell(client)
  if options.confirm_fixes then
    require("sleeplsp.fixes").confirm(client)
  end
  if options.lenses then
    require("sleeplsp.lenses").show(client, buffer)
  end
  if options.hints then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if options.keymaps then
    require("sleeplsp.keymaps").set(buffer, options.keymaps)
  end
end

---@param id integer
---@return vim.lsp.Client|nil
local function ours(id)
  local client = vim.lsp.get_client_by_id(id)
  return client and client.name == require("sleeplsp.server").NAME and client or nil
end

-- A client may have ended: Neovim tells it only to the client's own configuration, which others may have changed.
---@param id integer
function M.may_have_ended(id)
  vim.schedule(function()
    local client = vim.lsp.get_client_by_id(id)
    if not client or client:is_stopped() then
      require("sleeplsp.statuses").forget(id)
      require("sleeplsp.server").ended(id)
    end
  end)
end

-- Minds buffers that servers come to, and those where one is already.
function M.mind()
  local group = vim.api.nvim_create_augroup("sleeplsp", { clear = true })
  vim.api.nvim_create_autocmd("LspAttach", {
    group = group,
    callback = function(event)
      local client = ours(event.data.client_id)
      if client then
        attached(client, event.buf)
      end
    end,
  })
  vim.api.nvim_create_autocmd("LspDetach", {
    group = group,
    callback = function(event)
      if ours(event.data.client_id) then
        M.may_have_ended(event.data.client_id)
      end
    end,
  })
  for _, client in ipairs(require("sleeplsp.server").all()) do
    for buffer in pairs(client.attached_buffers) do
      attached(client, buffer)
    end
  end
end

return M
