-- A start of Neovim as users have it: what is there, and what is read only when it is used.

local user_file = vim.fs.dirname(debug.getinfo(1, "S").source:sub(2)) .. "/../user.lua"

-- Before the helper does anything.
local loaded = vim.tbl_filter(function(name)
  return vim.startswith(name, "sleeplsp")
end, vim.tbl_keys(package.loaded))
local has_command = vim.fn.exists(":Sleeplsp")

local user = dofile(user_file)
local step, equal, holds = user.step, user.equal, user.holds

step("the command is there, and nothing else is read", function()
  equal(has_command, 2)
  if not vim.env.CALLS_SETUP then
    equal(loaded, {})
  end
end)

step("the server comes with the first file, and the plugin with it", function()
  local label = user.open("shop/label.py")
  assert(user.client(label).handlers["sleeplsp/answer"])
  equal(require("sleeplsp").status(), "asleep")
end)

step("help is found", function()
  vim.cmd.help("sleeplsp")
  equal(vim.bo.filetype, "help")
  holds(vim.api.nvim_get_current_line(), "*sleeplsp*")
  vim.cmd.close()
end)

step("health is found, and finds nothing to complain of", function()
  vim.cmd("silent checkhealth sleeplsp")
  local told = user.text()
  holds(told, "the server is enabled")
  user.lacks(told, "ERROR")
  user.lacks(told, "WARNING")
end)

user.leave()
