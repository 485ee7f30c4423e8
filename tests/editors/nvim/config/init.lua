-- The configuration of a user who has put `sleeplsp.lua` into `lsp/`, beside a type checker's file.
-- What is edited is not thought about again for an hour: what goes until then goes by itself.
vim.lsp.config("sleeplsp", { settings = { sleeplsp = { idle_s = 3600 } } })
vim.lsp.enable({ "sleeplsp", "ty" })
