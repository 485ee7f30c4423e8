-- What is suspected as a list, and places behind wide characters, in the units that ENCODING names.

local user = dofile(vim.fs.dirname(debug.getinfo(1, "S").source:sub(2)) .. "/../user.lua")
local step, equal, holds, eventually = user.step, user.equal, user.holds, user.eventually

local label, prices

local CRASH = "label.py: price(name): `price(name)` may be `None` here (`price()` may return it), which has no"
  .. " attribute `upper` [none-dereference in label, deduced]"
local CRASH_ELSEWHERE = "unopened.py: price(name): `price(name)` may be `None` here (`price()` may return it), which"
  .. " has no attribute `upper` [none-dereference in shout, deduced]"
local IDENTITY = 'label.py: "größte 😀 Mühe" + text is "gratis": `is` asks for the very object `"gratis"`; `==` asks'
  .. " for its value [literal-identity in is_free, deduced]"

vim.lsp.config("sleeplsp", { capabilities = { general = { positionEncodings = { vim.env.ENCODING } } } })

local function eventually_listed(expected)
  eventually("a list of " .. #expected, function()
    return #vim.fn.getqflist() == #expected
  end)
  equal(user.list(), expected)
end

step("both sides count columns in the same units", function()
  label = user.open("shop/label.py")
  equal(user.client(label).offset_encoding, vim.env.ENCODING)
end)

step("marks stand under the code they speak of", function()
  eventually("two marks", function()
    return vim.tbl_count(user.shown.marks("sleeplsp", label)) == 2
  end)
  equal(user.shown.marks("sleeplsp", label), {
    ["none-dereference"] = "price(name)",
    ["literal-identity"] = '"größte 😀 Mühe" + text is "gratis"',
  })
end)

step("all that is suspected is listed, open or not, at the very code", function()
  holds(user.says("Sleeplsp bugs"), "suspected")
  eventually_listed({ CRASH, IDENTITY, CRASH_ELSEWHERE })
  equal(vim.fn.bufloaded("shop/unopened.py"), 0)
  equal(user.list_title(), "sleeplsp: bugs")
  assert(user.has_list_window())
  equal(vim.fn.getqflist()[1].type, "W")
end)

step("what is told on hover only is listed with a !, and says so", function()
  local unopened = user.open("shop/unopened.py")
  user.says("Sleeplsp! bugs")
  eventually("a list of 4", function()
    return #vim.fn.getqflist() == 4
  end)
  local last = user.list()[4]
  holds(last, 'unopened.py: "é": ')
  holds(last, "[duplicate-key in accents, deduced, on hover only]")
  equal(vim.fn.getqflist()[4].type, "N")
  user.says("Sleeplsp bugs")
  eventually_listed({ CRASH, IDENTITY, CRASH_ELSEWHERE })
  vim.cmd("bdelete " .. unopened)
end)

step("an entry leads to its place", function()
  vim.cmd("cclose | cfirst")
  equal(vim.api.nvim_get_current_buf(), label)
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  equal(user.lines()[line]:sub(column + 1, column + 11), "price(name)")
end)

step("the list follows the code, and one stays where one was in it", function()
  vim.cmd("cc 2")
  vim.cmd.edit("shop/prices.py")
  prices = vim.api.nvim_get_current_buf()
  user.shown.go_to("0 € 😀")
  vim.cmd([[silent substitute/None$/"9 €"/]])
  eventually("one that is left", function()
    return vim.deep_equal(user.list(), { IDENTITY })
  end)
  equal(vim.fn.getqflist({ idx = 0 }).idx, 1)
  vim.cmd("silent undo")
  eventually("three again", function()
    return vim.deep_equal(user.list(), { CRASH, IDENTITY, CRASH_ELSEWHERE })
  end)
end)

step("a promise that no longer holds is marked where it is lost", function()
  user.shown.go_to("nothing")
  vim.cmd([[silent substitute/"nothing"/None/]])
  eventually("a drift", function()
    return vim.iter(user.list()):any(function(entry)
      return entry:find("drift in total", 1, true)
    end)
  end)
  local drift = vim.iter(user.list()):find(function(entry)
    return entry:find("drift in total", 1, true)
  end)
  holds(drift, 'prices.py: "€ 😀" if count else None: ')
  vim.cmd("silent undo")
  eventually_listed({ CRASH, IDENTITY, CRASH_ELSEWHERE })
end)

step("another list is left alone, and ours stays below it", function()
  vim.fn.setqflist({}, " ", { title = "mine", items = { { text = "something" } } })
  vim.cmd("silent undo | silent redo")
  user.says("Sleeplsp think")
  user.asleep(prices)
  vim.wait(600)
  equal({ user.list_title(), #vim.fn.getqflist() }, { "mine", 1 })
  vim.cmd("silent colder")
  equal(user.list_title(), "sleeplsp: bugs")
end)

step("places of a traceback stand at the very code as well", function()
  vim.cmd.buffer(label)
  vim.fn.setreg("a", {
    "Traceback (most recent call last):",
    '  File "shop/label.py", line 5, in label',
    '    return "für 😀 nur " + price(name).upper()',
    "AttributeError: 'NoneType' object has no attribute 'upper'",
  })
  vim.cmd("Sleeplsp why a")
  holds(user.float(), "price")
  user.quit()
  equal(user.list(), {
    "label.py: price(name): `price()` may return `None`",
    'prices.py: "0 € 😀" if name == "" else None: returns `None`',
    'label.py: return "für 😀 nur " + price(name).upper(): the crash',
  })
  vim.cmd("cclose")
end)

step("what is asked is about what stands under the cursor", function()
  user.shown.go_to("price(name).upper")
  vim.cmd("Sleeplsp ask can it return None?")
  holds(user.float("Can"), "**Can `price` return `None`?**")
  user.quit()
end)

step("a fix hits the very code, and none that is for an older text", function()
  user.shown.go_to("text is")
  local line, version = vim.api.nvim_get_current_line(), vim.lsp.util.buf_versions[label]
  local apply, applied = vim.lsp.util.apply_workspace_edit, nil
  vim.lsp.util.apply_workspace_edit = function(edit, encoding)
    applied = edit
    return apply(edit, encoding)
  end
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title == "Compare with =="
    end,
  })
  local mended = '    return "größte 😀 Mühe" + text == "gratis"'
  eventually("the edit", function()
    return vim.api.nvim_get_current_line() == mended
  end)
  equal(applied.documentChanges[1].textDocument.version, version)
  vim.lsp.util.apply_workspace_edit = apply
  local uri, encoding = vim.uri_from_bufnr(label), vim.env.ENCODING
  local edit =
    { range = { start = { line = 0, character = 0 }, ["end"] = { line = 0, character = 4 } }, newText = "x" }
  local older = vim.lsp.util.buf_versions[label] - 1
  local change = { textDocument = { uri = uri, version = older }, edits = { edit } }
  vim.lsp.util.apply_workspace_edit({ documentChanges = { change } }, encoding)
  equal(user.lines(label)[1], "from shop.prices import price, total")
  vim.cmd("silent undo")
  equal(vim.api.nvim_get_current_line(), line)
end)

user.leave()
