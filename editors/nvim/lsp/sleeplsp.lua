-- sleeplsp for Neovim 0.11 or newer: put this file into `lsp/` of your configuration and call
-- `vim.lsp.enable("sleeplsp")`. `vim.lsp.config("sleeplsp", {...})` changes parts of it.

---@type vim.lsp.Config
return {
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
