-- What a configuration may call. It must not do anything that nobody has asked for.

local M = {}

-- The oldest version of the server that has all that the plugin uses.
M.oldest_server = "0.1.0"

-- Takes options, and starts the server for the files it knows unless told otherwise. It need not be called.
---@param given? sleeplsp.Options
function M.setup(given)
  local options = require("sleeplsp.options")
  local why = options.take(given)
  if why then
    require("sleeplsp.say").failed(why)
    return
  end
  local now = options.now
  -- Some managers of plugins read no `plugin/` of a folder that is added late.
  vim.cmd.runtime("plugin/sleeplsp.lua")
  local settings = vim.tbl_extend("keep", now.settings, {
    lenses = now.lenses or nil,
    hints = now.hints or nil,
  })
  if next(settings) then
    vim.lsp.config("sleeplsp", { settings = { sleeplsp = settings } })
  end
  require("sleeplsp.attaching").mind()
  if now.enable then
    vim.lsp.enable("sleeplsp")
  end
end

-- What the server of a buffer does, for a status line; "" where none has told.
---@param buffer? integer the buffer whose status line is drawn, by default
---@return string
function M.status(buffer)
  return require("sleeplsp.statuses").text(buffer)
end

return M
