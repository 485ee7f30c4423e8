-- The server's executable as it is found on this machine: its version, and the Python it runs with.

local M = {}

local ANSWER_MS = 10000

---@param command string[]
---@return string|nil output
local function said(command)
  local is_run, process = pcall(vim.system, command, { text = true })
  if not is_run then
    return nil
  end
  local done = process:wait(ANSWER_MS)
  return done.code == 0 and vim.trim(done.stdout or "") or nil
end

-- The command that starts the server, as configured; nil where it is a function.
---@return string[]|nil
function M.command()
  local config = vim.lsp.config["sleeplsp"]
  local command = config and config.cmd
  return type(command) == "table" and command or nil
end

-- What a command says its version is; nil if it says none.
---@param command string[]
---@return string|nil
function M.version(command)
  local before = vim.deepcopy(command)
  if before[#before] == "serve" then
    table.remove(before)
  end
  local output = said(vim.list_extend(before, { "--version" }))
  return output and output:match("sleeplsp.-(%d+%.%d+%.%d+%S*)")
end

-- The Python that a script of an environment starts, and its version. Programs of another kind have none.
---@param executable string
---@return string|nil python
---@return string|nil version
function M.python(executable)
  local is_read, lines = pcall(vim.fn.readfile, executable, "", 2)
  local first = is_read and lines[1] or ""
  local python = first:match("^#!%s*(%S*python%S*)%s*$")
  if not python and executable:match("python[%d.]*$") then
    python = executable
  end
  return python, python and (said({ python, "--version" }) or ""):match("Python (%S+)")
end

return M
