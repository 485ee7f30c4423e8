-- The configuration of a user who has put `sleeplsp.lua` into `lsp/`, beside a type checker's file.
vim.lsp.enable({ "sleeplsp", "ty" })
