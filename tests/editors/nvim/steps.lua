-- A scenario is a list of steps that build on each other; after one that fails none is taken.
-- What became of each is written as a line of JSON to the file that SCENARIO_REPORT names.

local M = {}

local WAIT_MS = 60000 -- until something that must come is taken not to come: for machines that are busy
local LOOK_MS = 20

local failed = false

local function report(line)
  local file = assert(io.open(vim.env.SCENARIO_REPORT, "a"))
  file:write(vim.json.encode(line), "\n")
  file:close()
end

function M.step(name, body)
  if failed then
    return
  end
  local held, why = xpcall(body, debug.traceback)
  failed = not held
  report({ step = name, why = not held and tostring(why) or nil })
end

function M.equal(found, expected)
  if not vim.deep_equal(found, expected) then
    error(("found %s\nexpected %s"):format(vim.inspect(found), vim.inspect(expected)), 2)
  end
end

function M.holds(text, part)
  if not text:find(part, 1, true) then
    error(("not there: %s\nin: %s"):format(part, text), 2)
  end
end

function M.lacks(text, part)
  if text:find(part, 1, true) then
    error(("there: %s\nin: %s"):format(part, text), 2)
  end
end

-- Waits until `look` returns something true, and returns that.
function M.eventually(what, look)
  local found
  vim.wait(WAIT_MS, function()
    found = look()
    return found
  end, LOOK_MS)
  return found or error("never: " .. what, 2)
end

-- The processes that were started from this one, and from those.
function M.tell_processes()
  local processes = {}
  local function add(parent)
    for _, each in ipairs(vim.api.nvim_get_proc_children(parent)) do
      table.insert(processes, each)
      add(each)
    end
  end
  add(vim.fn.getpid())
  report({ processes = processes })
end

return M
