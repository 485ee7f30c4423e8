-- Lenses and hints: on request, and as the server says after edits elsewhere, though Neovim takes no such request.

local user = dofile(vim.fs.dirname(debug.getinfo(1, "S").source:sub(2)) .. "/../user.lua")
local step, equal, eventually = user.step, user.equal, user.eventually

local label

local function eventually_lenses(expected)
  local found
  local is_so = vim.wait(60000, function()
    found = user.shown.lenses(label)
    return vim.deep_equal(found, expected)
  end, 20)
  assert(is_so, vim.inspect(found))
end

step("without a wish there are neither lenses nor hints", function()
  label = user.open("shop/label.py")
  equal(user.shown.lenses(label), {})
  assert(not vim.lsp.inlay_hint.is_enabled({ bufnr = label }))
end)

step("with one they are shown in files that are open and in those that follow", function()
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop()
  end
  eventually("an end", function()
    return #vim.lsp.get_clients() == 0
  end)
  equal(require("sleeplsp").status(), "")
  require("sleeplsp").setup({ lenses = true, hints = true })
  vim.cmd.edit()
  eventually("a server", function()
    return user.client(label)
  end)
  eventually_lenses({ "label: 1 suspicion, fresh", "is_free: 1 suspicion, fresh" })
  eventually("a hint", function()
    return vim.deep_equal(
      user.shown.hints("sleeplsp", label),
      { 'für 😀 nur " + price(name)|may be None' }
    )
  end)
end)

step("an edit elsewhere changes the lenses here, and nobody has asked for them", function()
  vim.cmd.edit("shop/prices.py")
  user.shown.go_to("0 € 😀")
  vim.cmd([[silent substitute/None$/"9 €"/]])
  eventually_lenses({ "is_free: 1 suspicion, fresh" })
  vim.cmd("silent undo")
  eventually_lenses({ "label: 1 suspicion, fresh", "is_free: 1 suspicion, fresh" })
end)

step("an edit here changes them, too", function()
  vim.cmd.buffer(label)
  user.shown.go_to("text is")
  vim.cmd("silent substitute/text is/text ==/")
  vim.api.nvim_exec_autocmds("TextChanged", { buffer = label })
  eventually_lenses({ "label: 1 suspicion, fresh" })
end)

step("a click shows the report", function()
  user.shown.go_to("label(name: str)")
  vim.lsp.codelens.run()
  eventually("the report", function()
    return user.lines()[1] == "# `shop/label.py`"
  end)
end)

user.leave()
