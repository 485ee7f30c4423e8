-- What a model has thought of is applied once its user agrees, though Neovim would apply it at once.

local user = dofile(vim.fs.dirname(debug.getinfo(1, "S").source:sub(2)) .. "/../user.lua")
local step, equal, holds, eventually = user.step, user.equal, user.holds, user.eventually

vim.lsp.config("sleeplsp", { settings = { sleeplsp = { endpoint = vim.env.ENDPOINT, model = "scripted" } } })

local ASSERT = "Assert country != ''"
local before, asked

local function offered()
  local params = vim.lsp.util.make_range_params(0, "utf-8")
  params.context = { diagnostics = {}, triggerKind = 1 }
  return vim.tbl_map(function(action)
    return action.title
  end, user.shown.ask("sleeplsp", 0, "textDocument/codeAction", params) or {})
end

-- Chooses the action, and answers the question that comes.
local function choose(answer)
  asked = nil
  vim.fn.confirm = function(text)
    asked = text
    return answer
  end
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title == ASSERT
    end,
  })
  eventually("a question", function()
    return asked
  end)
end

step("what a model has thought of is offered", function()
  user.open("rates.py")
  before = user.lines()
  user.shown.go_to("rate(country")
  eventually("an action", function()
    return vim.list_contains(offered(), ASSERT)
  end)
end)

step("it is shown first, and left alone where its user says so", function()
  choose(2)
  holds(asked, "A model has thought of this: " .. ASSERT)
  holds(asked, "+    assert country != ''")
  vim.wait(100)
  equal(user.lines(), before)
end)

step("to dismiss the question is no consent", function()
  choose(0)
  vim.wait(100)
  equal(user.lines(), before)
end)

step("it is applied once its user agrees", function()
  choose(1)
  eventually("the edit", function()
    return vim.list_contains(user.lines(), "    assert country != ''")
  end)
  vim.cmd("silent undo")
  equal(user.lines(), before)
end)

step("an anticipated question is answered without another call", function()
  user.shown.go_to("rate(country")
  eventually("sleep", function()
    return require("sleeplsp").status() == "asleep"
  end)
  vim.cmd("Sleeplsp ask is the rate a percentage?")
  holds(user.float("percent"), "anticipated")
  user.quit()
end)

step("the model is told of by status and health", function()
  vim.cmd("Sleeplsp status")
  holds(user.float(), "- model: scripted, ")
  user.quit()
  vim.cmd("silent checkhealth sleeplsp")
  holds(user.text(), "model scripted, ")
  holds(user.text(), "tokens of today are spent")
  vim.cmd("bwipeout!")
end)

user.leave()
