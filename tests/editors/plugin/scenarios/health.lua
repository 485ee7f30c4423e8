-- `:checkhealth sleeplsp`, where all is well and where something is not.

local user = dofile(vim.fs.dirname(debug.getinfo(1, "S").source:sub(2)) .. "/../user.lua")
local step, equal, holds, lacks, eventually = user.step, user.equal, user.holds, user.lacks, user.eventually

local folder = vim.fn.tempname()
vim.fn.mkdir(folder, "p")

local function health()
  vim.cmd("silent checkhealth sleeplsp")
  local told = user.text()
  vim.cmd("bwipeout!")
  return told
end

-- A program in the place of the server.
local function starting(name, lines)
  local path = folder .. "/" .. name
  vim.fn.writefile(lines, path)
  vim.fn.setfperm(path, "rwx------")
  vim.lsp.config("sleeplsp", { cmd = { path, "serve" } })
  return path
end

step("before any file is open it says what would run", function()
  local told = health()
  holds(told, "Neovim 0.11")
  holds(told, "the server is enabled")
  holds(told, "sleeplsp is version 0.")
  holds(told, "no server runs now: it starts with the first file that it knows")
  lacks(told, "ERROR")
  lacks(told, "WARNING")
end)

step("with a file it tells root, columns, status, and that no model is needed", function()
  user.open("shop/label.py")
  local told = health()
  holds(told, "root: " .. vim.fn.getcwd())
  holds(told, "columns in utf-8")
  holds(told, "project: asleep, 0 files failed")
  holds(told, "no model is asked, and none is needed")
  holds(told, "testing claims by running code: no claims yet that could be tested; `:Sleeplsp verify` asks")
  holds(told, "no other server answers hovers here")
  holds(told, "settings: { idle_s = 0.05, load_max = 0 }")
  holds(told, "the server that runs is version 0.")
  lacks(told, "ERROR")
  lacks(told, "WARNING")
end)

step("a second server's hovers are told", function()
  vim.lsp.config(
    "ty",
    { cmd = { "ty", "server" }, filetypes = { "python" }, root_markers = { "pyproject.toml" } }
  )
  vim.lsp.enable("ty")
  eventually("another server", function()
    local other = vim.lsp.get_clients({ name = "ty" })[1]
    return other and other.initialized
  end)
  holds(health(), "hovers stand beside those of ty")
end)

step("it tells what Neovim does not announce, and what becomes of it", function()
  local told = health()
  holds(told, "lenses are asked for again: the plugin does so")
  holds(told, "edits for an older text fail")
  holds(told, "what a model thought of is confirmed: the plugin asks")
  holds(told, "`:Sleeplsp bugs` lists them")
  holds(told, "the server watches them itself")
end)

step("a server that is too old is an error, with advice", function()
  starting("old", { "#!/bin/sh", "echo sleeplsp 0.0.9" })
  local told = health()
  holds(told, "ERROR sleeplsp is version 0.0.9, too old")
  holds(told, "Install 0.1.0 or newer")
end)

step("so is a Python that is too old, and one that is gone", function()
  local python = starting("python3.9", { "#!/bin/sh", "echo Python 3.9.2" })
  starting("with-old-python", { "#!" .. python, "" })
  holds(health(), "ERROR Python 3.9.2 is too old")
  starting("with-lost-python", { "#!" .. folder .. "/lost/python", "" })
  holds(health(), "does not start")
end)

step("so is something else of that name, and none at all", function()
  starting("other", { "#!/bin/sh", "echo hello" })
  holds(health(), "ERROR `--version` says nothing that is known")
  vim.lsp.config("sleeplsp", { cmd = { "sleeplsp-that-is-not-there", "serve" } })
  local told = health()
  holds(told, "ERROR `sleeplsp-that-is-not-there` is not found on PATH")
  holds(told, "pipx install")
  for _, client in ipairs(require("sleeplsp.server").all()) do
    client:stop(true)
  end
  eventually("an end", function()
    return #require("sleeplsp.server").all() == 0
  end)
  equal(
    user.says("Sleeplsp bugs"),
    "!sleeplsp: `sleeplsp-that-is-not-there` is not found: see `:checkhealth sleeplsp`"
  )
end)

step("a server that is not enabled is warned of", function()
  vim.lsp.enable("sleeplsp", false)
  holds(health(), "WARNING the server is not enabled")
  vim.lsp.config("sleeplsp", { cmd = { "sleeplsp", "serve" } })
  holds(user.says("Sleeplsp bugs"), '!sleeplsp: no server runs: `vim.lsp.enable("sleeplsp")`')
end)

step("a server that lacks commands is said to be older than the plugin", function()
  local server = require("sleeplsp.server")
  local client = { server_capabilities = { executeCommandProvider = { commands = { "sleeplsp.status" } } } }
  local why
  server.call(client, "sleeplsp.overview", {}, function(failure)
    why = failure
  end)
  equal(
    why,
    "this server has no `sleeplsp.overview`: it is older than the plugin, see `:checkhealth sleeplsp`"
  )
end)

user.leave()
