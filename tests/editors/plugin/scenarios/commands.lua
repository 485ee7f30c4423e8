-- The command: what completes it, what it refuses, and what it does to the server's sleep.

local user = dofile(vim.fs.dirname(debug.getinfo(1, "S").source:sub(2)) .. "/../user.lua")
local step, equal, holds, eventually = user.step, user.equal, user.holds, user.eventually

local label
local heard = {}

vim.api.nvim_create_autocmd("User", {
  pattern = "SleeplspStatus",
  callback = function(event)
    if event.data then
      table.insert(heard, event.data.state)
    end
  end,
})

local function completed(line)
  return vim.fn.getcompletion(line, "cmdline")
end

step("without a server it is said in one line how to get one", function()
  holds(user.says("Sleeplsp pause"), "!sleeplsp: no server runs: ")
  holds(user.says("Sleeplsp bugs"), "!sleeplsp: no server runs: ")
  equal(require("sleeplsp").status(), "")
end)

step("the status goes from thinking to asleep, and an event tells of each change", function()
  label = user.open("shop/label.py")
  equal(require("sleeplsp").status(), "asleep")
  assert(vim.list_contains(heard, "thinking"), vim.inspect(heard))
  equal(heard[#heard], "asleep")
end)

step("subcommands complete, and after a ! those that take one", function()
  equal(
    completed("Sleeplsp "),
    { "ask", "bugs", "deeper", "pause", "report", "resume", "status", "think", "verify", "why" }
  )
  equal(completed("Sleeplsp re"), { "report", "resume" })
  equal(completed("Sleeplsp! "), { "bugs", "pause", "resume", "status", "think" })
end)

step("arguments complete: registers that hold something, symbols of the file", function()
  vim.fn.setreg("a", "something")
  vim.fn.setreg("b", "")
  local registers = completed("Sleeplsp why ")
  equal(registers[1], "quickfix")
  assert(vim.list_contains(registers, "a") and not vim.list_contains(registers, "b"), vim.inspect(registers))
  equal(completed("Sleeplsp report "), { "label", "is_free", "printed" })
  equal(completed("Sleeplsp report i"), { "is_free" })
  equal(completed("Sleeplsp verify "), { "off" })
  equal(completed("Sleeplsp pause "), {})
end)

step("what makes no sense is refused in one line", function()
  holds(user.says("Sleeplsp sing"), "!sleeplsp: `sing` is not known; `:Sleeplsp <Tab>` lists what is")
  equal(user.says("Sleeplsp! ask x"), "!sleeplsp: `ask` takes no !")
  equal(user.says("1,2Sleeplsp pause"), "!sleeplsp: `pause` takes no range")
  equal(user.says("Sleeplsp pause now"), "!sleeplsp: `pause` takes nothing, not `now`")
  equal(user.says("1,2Sleeplsp why a"), '!sleeplsp: `why` takes lines or a register or "quickfix", not both')
  vim.cmd.enew()
  equal(
    user.says("Sleeplsp think"),
    "!sleeplsp: this buffer has no file: go to a file that is, or see `:checkhealth sleeplsp`"
  )
  vim.cmd.buffer(label)
end)

step("the status of a folder is told in a float, which q closes", function()
  vim.cmd("Sleeplsp status")
  local told = user.float()
  holds(told, "# project")
  holds(told, "- state: asleep")
  holds(told, "functions deduced")
  user.quit()
end)

step("Escape closes it as well, and the command alone is the same", function()
  vim.cmd("Sleeplsp")
  user.float("# project")
  user.quit("<Esc>")
end)

step("a pause holds until it is over, and the status line says so", function()
  equal(user.says("Sleeplsp pause"), "sleeplsp: paused")
  eventually("a pause", function()
    return require("sleeplsp").status() == "paused"
  end)
  vim.cmd("1")
  vim.cmd("silent normal! Oimport os")
  equal(user.says("Sleeplsp resume"), "sleeplsp: goes on")
  user.asleep(label)
  vim.cmd("silent undo")
  user.asleep(label)
end)

step("a file is thought about again when that is wanted", function()
  heard = {}
  equal(user.says("Sleeplsp think"), "sleeplsp: thinks about this file again")
  eventually("thinking", function()
    return vim.list_contains(heard, "thinking") and heard[#heard] == "asleep"
  end)
end)

step("without a model deeper thinking changes nothing, and breaks nothing", function()
  holds(user.says("Sleeplsp deeper"), "if there is one")
  user.asleep(label)
end)

step("with a ! all folders are meant, each with a server of its own", function()
  local other = user.open(vim.env.OTHER_PROJECT .. "/other.py")
  vim.cmd.buffer(label)
  equal(user.says("Sleeplsp! pause"), "sleeplsp: paused in all folders")
  for _, buffer in ipairs({ label, other }) do
    eventually("a pause", function()
      return require("sleeplsp").status(buffer) == "paused"
    end)
  end
  user.says("Sleeplsp resume")
  eventually("one that goes on", function()
    return require("sleeplsp").status(label) == "asleep"
  end)
  equal(require("sleeplsp").status(other), "paused")
  vim.cmd("Sleeplsp! status")
  local told = user.float("# other")
  holds(told, "# project")
  user.quit()
  equal(user.says("Sleeplsp! think"), "sleeplsp: thinks again in all folders")
  vim.cmd("bdelete! " .. other)
  vim.cmd.buffer(label)
end)

step("what one server cannot do is no failure while another can", function()
  local server = require("sleeplsp.server")
  local older = { id = -1, server_capabilities = { executeCommandProvider = { commands = {} } } }
  local function asked(clients)
    local why, results
    server.call_each(clients, "sleeplsp.overview", {}, function(failure, found)
      why, results = failure or "none", found
    end)
    eventually("an answer", function()
      return why
    end)
    return why, #results
  end
  equal({ asked({ older, user.client(label) }) }, { "none", 1 })
  equal({ asked({ user.client(label), older }) }, { "none", 1 })
  local why, count = asked({ older })
  holds(why, "this server has no `sleeplsp.overview`")
  equal(count, 0)
end)

step("a server that has ended is told of no more, even if no file of its was open", function()
  local nowhere = vim.api.nvim_create_buf(false, true)
  local clients = require("sleeplsp.server").all()
  equal({ #clients, require("sleeplsp").status(nowhere) }, { 2, "" })
  for _, client in ipairs(clients) do
    if client.id ~= user.client(label).id then
      client:stop(true)
    end
  end
  -- Where there is but one status it is shown of lists and floats as well.
  eventually("one that is left", function()
    return require("sleeplsp").status(nowhere) == "asleep"
  end)
end)

step("a report of the file stands beside it and cannot be edited", function()
  vim.cmd("Sleeplsp report")
  eventually("a report", function()
    return user.lines()[1] == "# `shop/label.py`"
  end)
  assert(not vim.bo.modifiable)
  holds(user.text(), "shown as warning · fresh")
  user.press("q")
  equal(vim.api.nvim_get_current_buf(), label)
end)

step("a report begins where its symbol does, in the buffer there is already", function()
  vim.cmd("Sleeplsp report is_free")
  eventually("the symbol", function()
    return vim.startswith(vim.api.nvim_get_current_line(), "### `is_free`")
  end)
  local buffer = vim.api.nvim_get_current_buf()
  vim.cmd.wincmd("p")
  vim.cmd("Sleeplsp report")
  eventually("the whole of it", function()
    return vim.api.nvim_get_current_line() == "# `shop/label.py`"
  end)
  equal(vim.api.nvim_get_current_buf(), buffer)
  vim.cmd("only | bdelete!")
  vim.cmd.buffer(label)
end)

step("a symbol that is not there has no report", function()
  equal(user.says("Sleeplsp report nosuch"), "!sleeplsp: there is no `nosuch` in this file")
  equal(vim.api.nvim_get_current_buf(), label)
end)

step("no key is mapped until that is asked for", function()
  equal(vim.fn.maparg("<Leader>za", "n"), "")
  require("sleeplsp").setup({ keymaps = { why = "gW", ask = false } })
  equal(vim.fn.maparg("gW", "x"), ":Sleeplsp why<CR>")
  equal(vim.fn.maparg("<Leader>za", "n"), "")
  require("sleeplsp").setup({ keymaps = true })
  equal(vim.fn.maparg("<Leader>za", "n"), ":Sleeplsp ask<CR>")
  vim.cmd.enew()
  equal(vim.fn.maparg("<Leader>za", "n"), "")
  vim.cmd.buffer(label)
end)

step("setup refuses what it does not know in one line, and takes none of it", function()
  user.messages()
  require("sleeplsp").setup({ lense = true })
  equal(user.message(), "!sleeplsp: `lense` is no option of setup: `:help sleeplsp-setup` lists them")
  require("sleeplsp").setup({ keymaps = "all" })
  equal(user.message(), '!sleeplsp: `keymaps` takes a boolean or a table, not "all"')
  for _, case in ipairs({
    { { float = { width = "x" } }, '`float.width` takes a number above 0, not "x"' },
    { { float = { height = 0 } }, "`float.height` takes a number above 0, not 0" },
    {
      { float = { border = "nosuch" } },
      "`float.border` takes none, single, double, rounded, solid, shadow, ",
    },
    { { float = { border = { "a", "b", "c" } } }, "`float.border` takes none, " },
    { { float = { border = { "ab" } } }, "`float.border` takes none, " },
    { { float = { weight = 3 } }, "`float.weight` is no option of setup" },
    { { keymaps = { sing = "gs" } }, "`keymaps.sing` is no option of setup" },
    { { keymaps = { why = 3 } }, "`keymaps.why` takes a key or false, not 3" },
  }) do
    require("sleeplsp").setup(case[1])
    holds(user.message(), "!sleeplsp: " .. case[2])
  end
  equal(require("sleeplsp.options").now.keymaps, true)
  equal(require("sleeplsp.options").now.float.width, 80)
  for _, border in ipairs({ "none", "", "double", { "+", "-", "+", "|" }, { { "x", "FloatBorder" } } }) do
    require("sleeplsp").setup({ keymaps = true, float = { border = border, width = 0.5 } })
    equal(require("sleeplsp.options").now.float.border, border)
    require("sleeplsp.float").open({ title = "it", footer = "is drawn" }):close()
  end
  require("sleeplsp").setup({ keymaps = true })
  equal(user.messages(), {})
end)

step("a server that has ended is told of no more, and an edit of the file starts another", function()
  local client = user.client(label)
  client:stop(true)
  eventually("an end", function()
    return not vim.lsp.get_client_by_id(client.id) and require("sleeplsp").status(label) == ""
  end)
  vim.cmd.edit()
  user.asleep(label)
  assert(user.client(label).id ~= client.id)
end)

user.leave()
