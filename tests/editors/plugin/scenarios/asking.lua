-- Questions: answered of what is known, and by a model, whose answer comes by the piece.

local user = dofile(vim.fs.dirname(debug.getinfo(1, "S").source:sub(2)) .. "/../user.lua")
local step, equal, holds, lacks, eventually = user.step, user.equal, user.holds, user.lacks, user.eventually

local prices

vim.lsp.config("sleeplsp", {
  settings = {
    sleeplsp = { endpoint = vim.env.ENDPOINT, model = "scripted", sleep = false, answer_s_max = 600 },
  },
})

local function config_of_float()
  return vim.api.nvim_win_get_config(assert(user.shown.float()))
end

-- What the endpoint has counted until now.
local function counted()
  return vim.json.decode(table.concat(vim.fn.readfile(vim.env.COUNTS), "\n"))
end

-- A text with what is hidden of it left out.
local function seen(buffer)
  local namespace = vim.api.nvim_get_namespaces()["sleeplsp.markdown"]
  local lines = user.lines(buffer)
  local marks = vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, { details = true })
  for number = #marks, 1, -1 do
    local _, row, column, details = unpack(marks[number])
    lines[row + 1] = lines[row + 1]:sub(1, column) .. lines[row + 1]:sub(details.end_col + 1)
  end
  return table.concat(lines, "\n")
end

step("what is known answers without a model", function()
  prices = user.open("shop/prices.py")
  user.shown.go_to("price(name: str)")
  vim.cmd("Sleeplsp ask can it return None?")
  local told = user.float("Can")
  holds(told, "**Can `price` return `None`?**")
  holds(told, "deduced")
  user.quit()
end)

step("what a model answers comes by the piece, as it is", function()
  user.shown.go_to("total(count: int)")
  vim.cmd("Sleeplsp ask is the count in total compared exactly?")
  local first = user.float("Yes: `total`")
  lacks(first, "doubled")
  local buffer = vim.api.nvim_get_current_buf()
  equal(vim.treesitter.highlighter.active[buffer], nil)
  holds(vim.inspect(config_of_float().title), "is the count in total compared exactly?")
  holds(vim.inspect(config_of_float().footer), "q closes and gives up")
end)

step("then the whole of it takes their place, as Markdown, with nothing of it a link", function()
  local whole = user.float("**")
  holds(whole, "tokens*")
  local buffer = vim.api.nvim_get_current_buf()
  assert(vim.treesitter.highlighter.active[buffer], "it is shown as Markdown")
  holds(whole, [[\[]])
  holds(seen(buffer), "[the docs](command:evil)")
  holds(seen(buffer), "the name_of_it does not matter")
  holds(vim.inspect(config_of_float().footer), '" q closes "')
  user.quit()
end)

step("to close it is to give the answer up", function()
  vim.cmd("Sleeplsp ask why is total so slow?")
  user.float("It is slow")
  local before = counted()
  user.quit("<Esc>")
  -- While this editor still runs: its end would let the endpoint go as well.
  eventually("an end of it", function()
    return counted().under_way == 0
  end)
  equal({ counted().answered, counted().aborted }, { before.answered, before.aborted + 1 })
  eventually("an answer to the request", function()
    return next(user.client(prices).requests) == nil
  end)
  equal(user.messages(), {})
end)

step("what fails is told in one line, and leaves no float", function()
  user.messages()
  vim.cmd("Sleeplsp ask why is total so broken?")
  local told = user.message()
  holds(told, "!sleeplsp: ")
  assert(not told:find("\n"), told)
  equal(user.shown.float(), nil)
end)

step("a question about no function or class is told what it lacks", function()
  user.open("shop/label.py")
  user.shown.go_to("from shop")
  equal(
    user.says("Sleeplsp ask why is this so odd?"),
    "!sleeplsp: nothing is known of what is asked about: name a function or class, or ask from within one"
  )
  equal(user.shown.float(), nil)
  vim.cmd.buffer(prices)
end)

step("a question that is not typed along is asked for", function()
  local input = vim.ui.input
  vim.ui.input = function(options, answer)
    equal(options.prompt, "Ask sleeplsp: ")
    answer("who calls total?")
  end
  vim.cmd("Sleeplsp ask")
  holds(user.float("printed"), "Who calls")
  user.quit()
  vim.ui.input = function(_, answer)
    answer(nil)
  end
  vim.cmd("Sleeplsp ask")
  equal(user.shown.float(), nil)
  vim.ui.input = input
end)

step("a float stays in a small editor: lines wrap, the rest scrolls", function()
  vim.o.columns, vim.o.lines = 40, 12
  vim.cmd("Sleeplsp ask why is total very long?")
  user.float("**")
  local window = user.shown.float()
  local config = config_of_float()
  assert(config.width + 2 <= 40 and config.col + config.width + 2 <= 40, vim.inspect(config))
  assert(config.height + 2 <= 12 and config.row + config.height + 2 <= 12, vim.inspect(config))
  assert(vim.wo[window].wrap and vim.wo[window].linebreak)
  vim.o.columns, vim.o.lines = 30, 8
  vim.api.nvim_exec_autocmds("VimResized", {})
  config = config_of_float()
  assert(config.col + config.width + 2 <= 30 and config.row + config.height + 2 <= 8, vim.inspect(config))
  user.quit()
  vim.o.columns, vim.o.lines = 80, 24
end)

step("without a border a float has neither title nor footer", function()
  require("sleeplsp").setup({ float = { border = "none" } })
  vim.cmd("Sleeplsp ask who calls total?")
  user.float("printed")
  equal(config_of_float().title, nil)
  user.quit()
  require("sleeplsp").setup()
end)

step("where the server dies, what had come stays, and below it that the rest is lost", function()
  vim.cmd.buffer(prices)
  user.shown.go_to("total(count: int)")
  user.messages()
  vim.cmd("Sleeplsp ask what is total so good for?")
  user.float("It is good")
  user.steps.tell_processes()
  for _, process in ipairs(vim.api.nvim_get_proc_children(vim.fn.getpid())) do
    vim.uv.kill(process, "sigkill")
  end
  local told = user.float("lost")
  assert(vim.startswith(told, "It is good"), told)
  holds(told, "The rest of the answer is lost: the server has ended: `:edit` starts it again.")
  holds(vim.inspect(config_of_float().footer), '" q closes "')
  holds(table.concat(user.messages(), "\n"), "!sleeplsp: the server has ended: `:edit` starts it again")
  user.quit()
  vim.cmd.edit()
  user.asleep(prices)
end)

step("a budget that is spent is told by status line and health", function()
  local client = user.client(prices)
  client.settings.sleeplsp.tokens_day_max = 1
  client:notify("workspace/didChangeConfiguration", { settings = client.settings })
  user.says("Sleeplsp think")
  eventually("a spent budget", function()
    return require("sleeplsp").status(prices) == "budget spent"
  end)
  vim.cmd("silent checkhealth sleeplsp")
  holds(user.text(), "no model is asked any more today")
  vim.cmd("bwipeout!")
  vim.cmd.buffer(prices)
end)

step("what nothing answers shows what comes near", function()
  local client = user.client(prices)
  client.settings.sleeplsp.endpoint = vim.NIL
  client:notify("workspace/didChangeConfiguration", { settings = client.settings })
  vim.cmd("Sleeplsp ask how fast is price?")
  holds(user.float("near"), "*Nothing known answers it.*")
  user.quit()
end)

user.leave()
