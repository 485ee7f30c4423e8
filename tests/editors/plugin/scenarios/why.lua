-- Where a traceback is taken from, and what is made of it.

local user = dofile(vim.fs.dirname(debug.getinfo(1, "S").source:sub(2)) .. "/../user.lua")
local step, equal, holds = user.step, user.equal, user.holds

local TRACEBACK = {
  "Traceback (most recent call last):",
  '  File "shop/label.py", line 5, in label',
  '    return "für 😀 nur " + price(name).upper()',
  "AttributeError: 'NoneType' object has no attribute 'upper'",
}

local label

-- What was told, once the float is closed: the list stays.
local function explained()
  local told = user.float()
  user.quit()
  holds(told, "**Cause**: `shop/label.py:5`: `price()` may return `None`")
  return told
end

local PLACES = {
  "label.py: price(name): `price()` may return `None`",
  'prices.py: "0 € 😀" if name == "" else None: returns `None`',
  'label.py: return "für 😀 nur " + price(name).upper(): the crash',
}

local function places()
  equal(user.list_title(), "sleeplsp: why")
  equal(user.list(), PLACES)
end

step("what was copied last is explained", function()
  label = user.open("shop/label.py")
  vim.fn.setreg('"', TRACEBACK)
  vim.cmd("Sleeplsp why")
  explained()
  places()
end)

step("the places from cause to crash are a list, and the cursor is in the float", function()
  vim.cmd("Sleeplsp why")
  user.float()
  assert(user.has_list_window())
  assert(vim.api.nvim_win_get_config(0).relative ~= "", "the float has the cursor")
  user.quit()
  equal(vim.api.nvim_get_current_buf(), label)
  vim.cmd("cclose | cc 2")
  equal(vim.fs.basename(vim.api.nvim_buf_get_name(0)), "prices.py")
  vim.cmd.buffer(label)
end)

step("a register that is named is explained, and an empty one is not", function()
  vim.fn.setreg('"', "nothing of use")
  vim.fn.setreg("q", TRACEBACK)
  vim.cmd("Sleeplsp why q")
  explained()
  equal(user.says("Sleeplsp why z"), "!sleeplsp: register z is empty")
  equal(
    user.says("Sleeplsp why nowhere"),
    '!sleeplsp: `nowhere` is no register: one character, or "quickfix"'
  )
end)

step("a text without a traceback is said to be one", function()
  holds(user.says('Sleeplsp why "'), '!sleeplsp: register ": ')
  holds(user.says("Sleeplsp why"), "there is no Python traceback in the text")
end)

step("lines of a buffer are explained where they stand", function()
  vim.cmd.enew()
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.list_extend({ "a log", "more of it" }, TRACEBACK))
  vim.cmd("3,6Sleeplsp why")
  explained()
  places()
  holds(user.says("1,2Sleeplsp why"), "!sleeplsp: these lines: ")
  vim.cmd("bwipeout!")
  vim.cmd.buffer(label)
end)

step("an empty quickfix list is said to be one", function()
  vim.fn.setqflist({}, "f")
  equal(user.says("Sleeplsp why quickfix"), "!sleeplsp: the quickfix list is empty")
end)

step("a test run that failed is explained from its quickfix list", function()
  vim.cmd("compiler pytest")
  vim.bo.makeprg = "/usr/bin/env PYTHONWARNINGS=ignore "
    .. vim.env.TEST_PYTHON
    .. " -m pytest --tb=short -q -p no:cacheprovider"
  vim.cmd("silent make! tests")
  local before = #vim.fn.getqflist()
  assert(before > 3, vim.inspect(vim.fn.getqflist()))
  vim.cmd("Sleeplsp why quickfix")
  explained()
  places()
  vim.cmd("silent colder")
  equal(#vim.fn.getqflist(), before)
end)

step("so is one whose errors were read into entries", function()
  vim.bo.errorformat = [[%C\ %.%#,%A\ \ File\ "%f"\,\ line\ %l%.%#,%Z%[%^\ ]%\@=%m]]
  vim.fn.setqflist({}, " ", { lines = TRACEBACK, efm = vim.bo.errorformat })
  equal(vim.fn.getqflist()[2].valid, 1)
  vim.cmd("Sleeplsp why quickfix")
  explained()
  equal(user.list_title(), "sleeplsp: why")
end)

step("from a buffer that nobody serves the folders that are open answer", function()
  vim.cmd("enew | only")
  vim.fn.setreg("q", TRACEBACK)
  vim.cmd("Sleeplsp why q")
  explained()
  places()
end)

user.leave()
