-- What a user of the plugin does and sees: commands, messages, floats, lists.

local here = vim.fs.dirname(debug.getinfo(1, "S").source:sub(2))
local steps = dofile(here .. "/../nvim/steps.lua")
local shown = dofile(here .. "/../nvim/shown.lua")

local M = vim.tbl_extend("error", { steps = steps, shown = shown }, steps)

-- A script has no user interface, so nothing of this is on by itself.
vim.cmd("filetype plugin on")
vim.cmd.runtime("plugin/sleeplsp.lua")

-- Messages since they were last looked at; errors begin with "!".
local messages = {}

vim.notify = function(text, level)
  table.insert(messages, (level == vim.log.levels.ERROR and "!" or "") .. text)
end

function M.messages()
  local told = messages
  messages = {}
  return told
end

-- The next message, when it comes.
function M.message()
  return steps.eventually("a message", function()
    return table.remove(messages, 1)
  end)
end

-- Gives a command that is answered in one line, and returns that.
function M.says(command)
  messages = {}
  vim.cmd(command)
  local told = M.message()
  assert(not told:find("\n"), told)
  return told
end

function M.client(buffer)
  return vim.lsp.get_clients({ name = "sleeplsp", bufnr = buffer })[1]
end

-- Opens a file, and waits until it is served and thought about.
function M.open(path)
  vim.cmd.edit(path)
  local buffer = vim.api.nvim_get_current_buf()
  steps.eventually("a server for " .. path, function()
    local client = M.client(buffer)
    return client and client.initialized
  end)
  M.asleep(buffer)
  return buffer
end

-- Waits until all is known.
function M.asleep(buffer)
  steps.eventually("sleep", function()
    local status = require("sleeplsp.statuses").of(buffer)
    return status and status.state == "asleep" and status.lastSuccess ~= vim.NIL
  end)
end

function M.lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false)
end

function M.text(buffer)
  return table.concat(M.lines(buffer), "\n")
end

-- The text of the float, once there is one that says something.
function M.float(part)
  return steps.eventually("a float with " .. (part or "something"), function()
    local window = shown.float()
    local text = window and M.text(vim.api.nvim_win_get_buf(window)) or ""
    return text ~= "" and (not part or text:find(part, 1, true)) and text
  end)
end

function M.press(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), "x", false)
end

-- Closes the float as its footer says, and sees that it is gone.
function M.quit(key)
  M.press(key or "q")
  steps.equal(shown.float(), nil)
end

-- The quickfix list, each entry as "file: the text it stands under: what it says".
function M.list()
  return vim.tbl_map(function(entry)
    local path = vim.api.nvim_buf_get_name(entry.bufnr)
    local line = vim.fn.bufloaded(entry.bufnr) == 1 and M.lines(entry.bufnr)[entry.lnum]
      or vim.fn.readfile(path)[entry.lnum]
    return ("%s: %s: %s"):format(vim.fs.basename(path), line:sub(entry.col, entry.end_col - 1), entry.text)
  end, vim.fn.getqflist())
end

function M.list_title()
  return vim.fn.getqflist({ title = 0 }).title
end

-- Whether a window with the quickfix list is there.
function M.has_list_window()
  return vim.fn.getqflist({ winid = 0 }).winid ~= 0
end

-- All is over: the processes are told, and Neovim ends.
function M.leave()
  steps.tell_processes()
  vim.cmd("qall!")
end

return M
