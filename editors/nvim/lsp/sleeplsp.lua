-- sleeplsp for Neovim 0.11 or newer: `vim.lsp.enable("sleeplsp")` starts it, `vim.lsp.config("sleeplsp", {...})`
-- changes parts of this. Without the plugin around it, this file alone in `lsp/` of a configuration is enough.

---@type vim.lsp.Config
local config = {
  cmd = { "sleeplsp", "serve" },
  filetypes = {
    "python",
    -- An outline, no claims:
    "go",
    "javascript",
    "javascriptreact",
    "rust",
    "typescript",
    "typescriptreact",
  },
  -- The same order as on the command line, so that editor and CI share what they learn.
  root_markers = { ".git", "pyproject.toml" },
  settings = { sleeplsp = vim.empty_dict() },
}

local is_plugin, editor = pcall(require, "sleeplsp.editor")
if is_plugin then
  config.capabilities = editor.capabilities()
  config.handlers = editor.handlers
  config.before_init = editor.before_start
  config.on_exit = editor.ended
end
return config
