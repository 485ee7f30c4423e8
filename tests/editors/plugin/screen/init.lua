-- The configuration of a user who looks at the screen: marks in their lines, the status in the status line.
vim.opt.rtp:append(vim.env.PLUGIN)
vim.o.termguicolors = true
vim.o.background = "dark"
vim.o.number = true
vim.o.hlsearch = false
vim.o.signcolumn = "yes"
vim.o.laststatus = 3
vim.o.statusline = " %f %m%=sleeplsp: %{v:lua.require'sleeplsp'.status()}  %l:%c "
vim.o.shortmess = vim.o.shortmess .. "IF"
vim.o.undofile = false
vim.diagnostic.config({ virtual_text = { prefix = "■" } })
require("sleeplsp").setup({
  settings = { load_max = 0, idle_s = 0.05 },
  float = { width = 72 },
})
