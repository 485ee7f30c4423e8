-- Starts the recorder as any server is started, and ends it: `nvim --clean --headless -l neovim.lua PYTHON RECORDER FILE`.
local python, recorder, file = unpack(arg)
local id = vim.lsp.start({ name = "recorder", cmd = { python, recorder, file }, root_dir = vim.fn.getcwd() })
local client = assert(id and vim.lsp.get_client_by_id(id), "it was not started")
local done = vim.wait(20000, function() return client.initialized == true end, 20)
client:stop()
vim.wait(5000, function() return client:is_stopped() end, 20)
os.exit(done and 0 or 1)
