-- A caller and what it calls, opened in Neovim with sleeplsp beside a type checker's server.
-- Run by tests/editors/test_neovim.py, in the folder of the project.

local here = vim.fs.dirname(debug.getinfo(1, "S").source:sub(2))
local steps = dofile(here .. "/steps.lua")
local shown = dofile(here .. "/shown.lua")
local step, eventually, equal = steps.step, steps.eventually, steps.equal

local OURS, OTHER, UTF16 = "sleeplsp", "ty", "sleeplsp in utf-16"
local project = assert(vim.uv.fs_realpath("."))
local label, prices -- buffers of the caller and of what it calls

local function marks(buffer)
  return shown.marks(OURS, buffer or label)
end

local function buffer_lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
end

local function eventually_hovers(part)
  eventually("a hover that says " .. part, function()
    return (shown.hover(eventually)[OURS] or ""):find(part, 1, true)
  end)
end

-- A script has no user interface, so nothing of this is on by itself.
vim.cmd("filetype on")

step("both servers start by the configuration alone", function()
  vim.cmd.edit("shop/label.py")
  label = vim.api.nvim_get_current_buf()
  for _, name in ipairs({ OURS, OTHER }) do
    eventually(name, function()
      local client = shown.client(name)
      return client and client.initialized and client.attached_buffers[label]
    end)
  end
  local client = shown.client(OURS)
  equal(client.server_info.name, "sleeplsp")
  equal(vim.uv.fs_realpath(client.root_dir), project)
  equal(client.offset_encoding, "utf-8")
end)

step("marks stand under the code they speak of, behind wide characters", function()
  eventually("two marks", function()
    return vim.tbl_count(marks()) == 2
  end)
  equal(marks(), {
    ["none-dereference"] = "price(name)",
    ["literal-identity"] = '"größte 😀 Mühe" + text is "gratis"',
  })
end)

step("related places lead from the cause to the crash, also in a file that is not open", function()
  equal(vim.fn.bufexists("shop/prices.py"), 0)
  equal(shown.related(OURS, label, "none-dereference"), {
    "label.py: price(name): `price()` may return `None`",
    "prices.py: name == \"\": when `name != ''`",
    'prices.py: "0 € 😀" if name == "" else None: returns `None`',
    "label.py: price(name).upper: `None` has no attribute `upper`",
  })
end)

step("the hover stands beside the other server's, and says what that does not", function()
  shown.go_to("price(name).upper")
  local said = shown.hover(eventually)
  steps.holds(said[OTHER], "def price(name: str) -> str | None")
  steps.holds(said[OURS], "`price(name)` may be `None` here")
  steps.holds(said[OURS], "*deduced · `none-dereference` · fresh*")
  steps.lacks(said[OURS], "def price")
  steps.lacks(said[OTHER], "deduced")
end)

step("where nothing is known only the other server speaks", function()
  shown.go_to("name: str")
  local said = shown.hover(eventually)
  equal(vim.tbl_keys(said), { "" })
  steps.holds(said[""], "str")
end)

step("the definition of what is called tells its promise", function()
  vim.cmd.edit("shop/prices.py")
  prices = vim.api.nvim_get_current_buf()
  shown.go_to("price(name: str)")
  eventually_hovers("**May return `None` when `name != ''`.**")
  vim.cmd.buffer(label)
end)

step("symbols are found by letters of their names, in files that were never open as well", function()
  equal(vim.fn.bufexists("free.py"), 0)
  equal(shown.items(OURS, label, "workspace/symbol", { query = "sht" }), { "free.py: shout" })
end)

step("references are the calls that lead here, and the definition", function()
  shown.go_to("price(name).upper")
  local asked = vim.lsp.util.make_position_params(0, "utf-8")
  asked.context = { includeDeclaration = true }
  equal(shown.items(OURS, label, "textDocument/references", asked), { "label.py: price", "prices.py: price" })
end)

step("who calls whom is told, with the places", function()
  local asked = vim.lsp.util.make_position_params(0, "utf-8")
  local item = assert(shown.ask(OURS, label, "textDocument/prepareCallHierarchy", asked))[1]
  equal({ item.name, item.detail }, { "price", "shop/prices.py" })
  local calls = shown.ask(OURS, label, "callHierarchy/incomingCalls", { item = item })
  equal(#calls, 1)
  equal({ calls[1].from.name, #calls[1].fromRanges }, { "label", 1 })
end)

step("lenses and hints are shown once they are asked for", function()
  local client = shown.client(OURS)
  vim.lsp.inlay_hint.enable(true, { bufnr = label })
  client.settings.sleeplsp.lenses = true
  client.settings.sleeplsp.hints = true
  client:notify("workspace/didChangeConfiguration", { settings = client.settings })
  eventually("a hint", function()
    return vim.deep_equal(shown.hints(OURS, label), { 'für 😀 nur " + price(name)|may be None' })
  end)
  eventually("lenses", function()
    vim.lsp.codelens.refresh({ bufnr = label })
    return vim.deep_equal(shown.lenses(label), {
      "label: 1 suspicion, fresh",
      "is_free: 1 suspicion, fresh",
    })
  end)
end)

step("a lens shows all that is known of the module", function()
  shown.go_to("label(name: str)")
  vim.lsp.codelens.run()
  eventually("the report", function()
    return buffer_lines(0)[1] == "# `shop/label.py`"
  end)
  local report = vim.api.nvim_buf_get_name(0)
  assert(vim.startswith(report, vim.env.XDG_CACHE_HOME), report)
  steps.holds(table.concat(buffer_lines(0), "\n"), "shown as warning · fresh")
  vim.cmd.bdelete()
  vim.cmd.buffer(label)
  vim.lsp.inlay_hint.enable(false, { bufnr = label })
end)

step("the menu offers a fix, to ignore it, and to show why", function()
  local titles
  local select = vim.ui.select
  vim.ui.select = function(items, options, choose)
    titles = vim.tbl_map(options.format_item, items)
    choose(nil)
  end
  shown.go_to("text is")
  vim.lsp.buf.code_action()
  eventually("a menu", function()
    return titles
  end)
  vim.ui.select = select
  local ours = vim.tbl_filter(function(title)
    return title:find("[sleeplsp]", 1, true)
  end, titles)
  equal(ours, {
    "Compare with == [sleeplsp]",
    "Ignore literal-identity here [sleeplsp]",
    "Show why: literal-identity [sleeplsp]",
    "Dismiss this literal-identity [sleeplsp]",
  })
end)

step("a fix is applied and saved, and the mark goes", function()
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title == "Compare with =="
    end,
  })
  local mended = '    return "größte 😀 Mühe" + text == "gratis"'
  eventually("the edit", function()
    return vim.tbl_contains(buffer_lines(label), mended)
  end)
  vim.cmd("silent write")
  equal(vim.fn.readfile("shop/label.py"), buffer_lines(label))
  eventually("one mark less", function()
    return vim.deep_equal(marks(), { ["none-dereference"] = "price(name)" })
  end)
end)

step("another client of the same project counts columns in utf-16 units, and sees the same", function()
  local config = vim.deepcopy(vim.lsp.config[OURS])
  config.name = UTF16
  config.root_dir = project
  config.capabilities = { general = { positionEncodings = { "utf-16" } } }
  local code
  config.on_exit = function(exit_code)
    code = exit_code
  end
  vim.lsp.start(config, { bufnr = label })
  eventually("its mark", function()
    return vim.deep_equal(shown.marks(UTF16, label), { ["none-dereference"] = "price(name)" })
  end)
  local client = shown.client(UTF16)
  equal(client.offset_encoding, "utf-16")
  equal(shown.related(UTF16, label, "none-dereference"), shown.related(OURS, label, "none-dereference"))
  client:stop()
  eventually("its end", function()
    return code
  end)
  equal(code, 0)
end)

step("an edit of the callee alone takes the caller's mark away, before anything is thought again", function()
  local caller = buffer_lines(label)
  vim.cmd.buffer(prices)
  shown.go_to("0 € 😀")
  vim.cmd([[silent substitute/None$/"9 €"/]])
  eventually("no mark", function()
    return vim.tbl_isempty(marks())
  end)
  equal(buffer_lines(label), caller)
  shown.go_to("price(name: str)")
  eventually_hovers("Rethinking")
end)

step("a setting that changes holds at once: when typing pauses, all is as the code says now", function()
  local client = shown.client(OURS)
  client.settings.sleeplsp.idle_s = 0.01
  client:notify("workspace/didChangeConfiguration", { settings = client.settings })
  vim.cmd("silent undo")
  eventually("the mark", function()
    return vim.deep_equal(marks(), { ["none-dereference"] = "price(name)" })
  end)
end)

step("a callee that was mended and saved makes a new promise", function()
  vim.cmd("silent redo | silent write")
  eventually("no mark", function()
    return vim.tbl_isempty(marks())
  end)
  shown.go_to("price(name: str)")
  eventually_hovers("*deduced · fresh*")
end)

step("the health check finds nothing to complain of", function()
  vim.cmd("silent checkhealth vim.lsp")
  local health = table.concat(buffer_lines(0), "\n")
  steps.holds(health, "- sleeplsp (id: ")
  steps.lacks(health, "WARNING")
  steps.lacks(health, "ERROR")
end)

steps.tell_processes()
vim.cmd("qall!")
