-- The configuration of a user who has put the plugin into 'runtimepath' by hand.
vim.opt.rtp:append(vim.env.PLUGIN)
-- Tests run on machines that are busy; nothing waits for that to end.
vim.lsp.config("sleeplsp", { settings = { sleeplsp = { load_max = 0, idle_s = 0.05 } } })
vim.lsp.enable("sleeplsp")
