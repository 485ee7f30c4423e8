-- What the server is told of this editor beyond what Neovim announces, and what it then tells. Neovim applies
-- versioned edits and can ask for lenses again, but announces neither (0.11).

local M = {}

-- Whether Neovim itself takes the request; then it announces it, too.
local takes_lens_refresh = vim.lsp.handlers["workspace/codeLens/refresh"] ~= nil

---@return lsp.ClientCapabilities
function M.capabilities()
  return {
    experimental = { sleeplsp = { status = true } },
    workspace = {
      codeLens = { refreshSupport = true },
      workspaceEdit = {
        -- So that an edit for an older text fails, instead of hitting other lines.
        documentChanges = true,
        changeAnnotationSupport = vim.empty_dict(),
      },
    },
  }
end

---@type table<string, lsp.Handler>
M.handlers = {
  ["sleeplsp/status"] = function(...)
    return require("sleeplsp.statuses").heard(...)
  end,
  ["sleeplsp/answer"] = function(...)
    return require("sleeplsp.ask").heard(...)
  end,
}

if not takes_lens_refresh then
  M.handlers["workspace/codeLens/refresh"] = function(...)
    return require("sleeplsp.lenses").refresh(...)
  end
end

-- A server is about to start.
---@param config vim.lsp.ClientConfig
function M.before_start(_, config)
  require("sleeplsp.verify").before_start(config)
end

-- A client has ended, with or without a buffer.
---@param id integer
function M.ended(_, _, id)
  require("sleeplsp.attaching").may_have_ended(id)
end

require("sleeplsp.attaching").mind()

return M
