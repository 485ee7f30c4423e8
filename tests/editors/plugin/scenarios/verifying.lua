-- Claims that can be tested by running code: nobody is asked by itself, and what is decided holds for its root.

local user = dofile(vim.fs.dirname(debug.getinfo(1, "S").source:sub(2)) .. "/../user.lua")
local step, equal, holds, lacks, eventually = user.step, user.equal, user.holds, user.lacks, user.eventually

local KEPT = vim.fn.stdpath("state") .. "/sleeplsp/verification.json"
local sums, root
local asked = {}
local first -- what the server was told at first
local answer = 2

vim.lsp.config("sleeplsp", {
  settings = { sleeplsp = { endpoint = vim.env.ENDPOINT, model = "scripted" } },
  on_init = function(client)
    first = client.settings.sleeplsp.verify
  end,
})

vim.fn.confirm = function(text, buttons, preferred)
  equal({ buttons, preferred }, { "&Test them\n&Leave them", 2 })
  table.insert(asked, text)
  return answer
end

-- The status of the folder, once it says so.
local function status(part)
  return eventually("a status with " .. part, function()
    vim.cmd("Sleeplsp status")
    local told = user.float("# ")
    user.quit()
    return told:find(part, 1, true) and told
  end)
end

local function kept()
  return vim.json.decode(table.concat(vim.fn.readfile(KEPT), "\n"))
end

-- What the server of a buffer was told.
local function told(buffer)
  return user.client(buffer).settings.sleeplsp.verify
end

-- What a hover says of a name.
local function hover(name)
  user.shown.go_to(name)
  return user.shown.hover(eventually)[""]
end

-- Ends the server, and starts another by an edit of the file.
local function restart()
  local client = user.client(sums)
  client:stop(true)
  eventually("an end", function()
    return not vim.lsp.get_client_by_id(client.id)
  end)
  vim.cmd.edit()
  user.asleep(sums)
end

step("that something could be tested is told by the status alone", function()
  sums = user.open("sums.py")
  root = vim.uv.fs_realpath(vim.fn.getcwd())
  local page = status("off; 2 could be tested")
  holds(page, "`:Sleeplsp verify` asks whether they may be")
  equal({ asked, user.messages(), told(sums) }, { {}, {}, nil })
end)

step("to leave it is to change nothing, and so is to dismiss the question", function()
  for _, each in ipairs({ 2, 0 }) do
    answer = each
    vim.cmd("Sleeplsp verify")
    local question = table.remove(asked)
    holds(question, "Call functions of project with made-up arguments")
    holds(question, "That runs the code in ")
    holds(question, "Now: off; 2 could be tested.")
    equal({ vim.fn.filereadable(KEPT), told(sums), user.messages() }, { 0, nil, {} })
  end
end)

step("what is not known is refused in one line", function()
  equal(user.says("Sleeplsp verify now"), '!sleeplsp: `verify` takes "off" or nothing, not `now`')
  equal(user.says("Sleeplsp! verify"), "!sleeplsp: `verify` takes no !")
end)

step("once it is agreed to, claims are tested, and what is refuted is told no more", function()
  holds(hover("with_tax"), "even number")
  answer = 1
  equal(user.says("Sleeplsp verify"), "sleeplsp: claims are tested in project")
  lacks(status("on; 1 tested, 1 refuted"), "asks whether")
  local text = hover("with_tax")
  holds(text, "no less than")
  holds(text, "tested")
  lacks(text, "even number")
end)

step("that is kept in a file of the user, and in none of the root", function()
  equal(kept(), { [root] = true })
  local changed = vim.system({ "git", "status", "--short" }, { text = true }):wait().stdout
  equal(changed, "")
end)

step("health says that it is allowed here", function()
  vim.cmd("silent checkhealth sleeplsp")
  holds(user.text(), "OK project: testing claims by running code: on; 1 tested, 1 refuted")
  vim.cmd("bwipeout!")
end)

step("another root is asked about by itself", function()
  local other = user.open(vim.env.OTHER_PROJECT .. "/other.py")
  equal(told(other), nil)
  vim.cmd("bdelete! " .. other)
  vim.cmd.buffer(sums)
end)

step("a server that is started later knows from the first on", function()
  restart()
  equal({ first, told(sums) }, { true, true })
  status("on; 1 tested, 1 refuted")
end)

step("it is taken back at once, and for servers to come, whatever the settings say", function()
  equal(user.says("Sleeplsp verify off"), "sleeplsp: no code of project is run to test claims")
  equal({ told(sums), kept() }, { false, { [root] = false } })
  status("code: off")
  vim.lsp.config("sleeplsp", { settings = { sleeplsp = { verify = true } } })
  restart()
  equal({ first, told(sums) }, { false, false })
  status("code: off")
end)

step("with a `before_init` of somebody's own it is told a moment later", function()
  vim.lsp.config("sleeplsp", { before_init = function() end })
  restart()
  equal({ first, told(sums) }, { true, false })
  status("code: off")
end)

step("a file that cannot be read decides nothing, and one that cannot be written changes nothing", function()
  vim.fn.writefile({ "no JSON" }, KEPT)
  equal(require("sleeplsp.verify").decided(root), nil)
  vim.fn.delete(KEPT)
  vim.fn.mkdir(KEPT .. "/in the way", "p")
  holds(user.says("Sleeplsp verify"), "!sleeplsp: nothing is changed: ")
  equal(told(sums), false)
end)

user.leave()
