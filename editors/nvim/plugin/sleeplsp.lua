-- The command and the highlights. All else is read when it is used.

if vim.g.loaded_sleeplsp then
  return
end
vim.g.loaded_sleeplsp = true

vim.api.nvim_create_user_command("Sleeplsp", function(call)
  require("sleeplsp.command").run(call)
end, {
  nargs = "*",
  bang = true,
  range = true,
  desc = "sleeplsp: what it does, knows and is asked",
  complete = function(lead, line, column)
    return require("sleeplsp.command").complete(lead, line, column)
  end,
})

for name, link in pairs({
  SleeplspFloat = "NormalFloat",
  SleeplspBorder = "FloatBorder",
  SleeplspTitle = "FloatTitle",
  SleeplspFooter = "FloatFooter",
  SleeplspPieces = "Comment",
}) do
  vim.api.nvim_set_hl(0, name, { link = link, default = true })
end
