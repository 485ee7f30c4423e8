-- Texts in which a traceback may stand: lines of a buffer, a register, a quickfix list. It must not know what a
-- traceback is; only the server does.

local M = {}

---@class sleeplsp.Pasted
---@field text string
---@field from string what it was taken from, in words

---@param name string
---@return sleeplsp.Pasted|nil
function M.register(name)
  local text = vim.fn.getreg(name)
  if vim.trim(text) ~= "" then
    return { text = text, from = ("register %s"):format(name) }
  end
end

-- Registers that can be read, those of other programs first: without a clipboard Neovim would complain of them.
---@param others string[]
---@return string[]
function M.registers(others)
  return vim.fn.has("clipboard") == 1 and vim.list_extend({ "+", "*" }, others) or others
end

-- What was copied last, first from other programs.
---@return sleeplsp.Pasted[]
function M.copied()
  local found, seen = {}, {}
  for _, name in ipairs(M.registers({ '"' })) do
    local held, pasted = pcall(M.register, name)
    if held and pasted and not seen[pasted.text] then
      seen[pasted.text] = true
      table.insert(found, pasted)
    end
  end
  return found
end

---@param buffer integer
---@param first integer from 1
---@param last integer
---@return sleeplsp.Pasted
function M.lines(buffer, first, last)
  local lines = vim.api.nvim_buf_get_lines(buffer, first - 1, last, false)
  return { text = table.concat(lines, "\n"), from = "these lines" }
end

-- An entry as the line that it was read from: an 'errorformat' has taken the place out of it.
---@param entry vim.quickfix.entry
---@return string
local function line(entry)
  local text = vim.trim(entry.text or "")
  if entry.valid ~= 1 or not entry.bufnr or entry.bufnr == 0 then
    return entry.text or ""
  end
  local name = vim.fn.bufname(entry.bufnr)
  if text:match("^[%a_][%w_.]*: ") or text:match("^[%a_][%w_.]*$") then
    local place = 'Traceback (most recent call last):\n  File "%s", line %d\n%s'
    return place:format(name, entry.lnum, text)
  end
  return ("%s:%d: %s"):format(name, entry.lnum, text)
end

-- The text of the current quickfix list, such as `:make` has left it of a test run that failed.
---@return sleeplsp.Pasted|nil
function M.quickfix()
  local entries = vim.fn.getqflist()
  if #entries > 0 then
    return { text = table.concat(vim.tbl_map(line, entries), "\n"), from = "the quickfix list" }
  end
end

return M
