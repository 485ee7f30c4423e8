-- One line to the user. It must not know what it is about.

local M = {}

local CHARACTERS_MAX = 300

-- The first line of a text, and no more of that than a message holds.
---@param text any
---@return string
local function line(text)
  local first = vim.split(vim.trim(tostring(text)), "\n", { plain = true })[1]
  if vim.fn.strchars(first) > CHARACTERS_MAX then
    first = vim.fn.strcharpart(first, 0, CHARACTERS_MAX - 1) .. "…"
  end
  return "sleeplsp: " .. first
end

---@param text string
function M.told(text)
  vim.notify(line(text), vim.log.levels.INFO)
end

---@param text string
function M.failed(text)
  vim.notify(line(text), vim.log.levels.ERROR)
end

return M
