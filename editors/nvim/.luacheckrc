-- Of the plugin and its tests: Lua as Neovim runs it.
std = "luajit"
max_line_length = 120
read_globals = { "vim" }
-- These are tables that are written into; all else of `vim` is called.
globals = { "vim.bo", "vim.wo", "vim.g", "vim.env", "vim.o", "vim.ui", "vim.fn", "vim.lsp", "vim.notify" }
