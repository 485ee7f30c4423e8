-- Whether a model's claims may be tested by running the code of a root: what was decided, by root, in a file of the
-- user's own, and how the server is told. It must not know how claims are tested.

local M = {}

local QUESTION = [[
Call functions of %s with made-up arguments, to test what a model claims of them?
That runs the code in %s, in a process with limits, in which Python refuses to write files and to connect anywhere.
Now: %s.]]

---@return string
local function file()
  return vim.fs.joinpath(vim.fn.stdpath("state") --[[@as string]], "sleeplsp", "verification.json")
end

-- Decisions by root; none where they cannot be read.
---@return table<string, boolean>
local function kept()
  local is_read, lines = pcall(vim.fn.readfile, file())
  local is_json, found = pcall(vim.json.decode, is_read and table.concat(lines, "\n") or "{}")
  return is_json and type(found) == "table" and found or {}
end

---@param decisions table<string, boolean>
local function keep(decisions)
  local place = file()
  vim.fn.mkdir(vim.fs.dirname(place), "p", 448) -- for this user alone
  local part = ("%s.%d"):format(place, vim.fn.getpid())
  vim.fn.writefile({ vim.json.encode(decisions) }, part)
  assert(vim.uv.fs_rename(part, place))
end

-- The folder itself: a link that leads elsewhere one day does not take the decision along.
---@param root string
---@return string
local function real(root)
  return vim.uv.fs_realpath(root) or vim.fs.normalize(root)
end

-- What was decided for a root: to test, or not to, whatever the settings say; nil if nothing was.
---@param root string|nil
---@return boolean|nil
function M.decided(root)
  local decision = root and kept()[real(root)]
  if type(decision) == "boolean" then
    return decision
  end
end

-- Settings with what was decided for their root.
---@param settings table
---@param decision boolean
---@return table
local function with(settings, decision)
  return vim.tbl_extend("force", settings.sleeplsp or {}, { verify = decision })
end

-- Before a server starts: it is told from the first on. Its configuration is its own.
---@param config vim.lsp.ClientConfig
function M.before_start(config)
  local decision = M.decided(config.root_dir)
  if decision ~= nil then
    config.settings = config.settings or {}
    config.settings.sleeplsp = with(config.settings, decision)
  end
end

-- Tells a server that runs, unless it has been told.
---@param client vim.lsp.Client
function M.tell(client)
  local decision = M.decided(client.root_dir)
  local told = vim.tbl_get(client.settings, "sleeplsp", "verify")
  if decision ~= nil and told ~= decision then
    client.settings.sleeplsp = with(client.settings, decision)
    client:notify("workspace/didChangeConfiguration", { settings = client.settings })
  end
end

---@param root string
---@param decision boolean
local function decide(root, decision)
  local say = require("sleeplsp.say")
  local is_kept, why = pcall(function()
    local decisions = kept()
    decisions[real(root)] = decision
    keep(decisions)
  end)
  if not is_kept then
    say.failed(("nothing is changed: %s cannot be written: %s"):format(file(), why))
    return
  end
  for _, client in ipairs(require("sleeplsp.server").all()) do
    M.tell(client)
  end
  local name = vim.fs.basename(root)
  say.told(decision and "claims are tested in " .. name or "no code of " .. name .. " is run to test claims")
end

-- Asks whether functions of the current buffer's root may be called, or (`off`) has none called any more.
---@param argument string
function M.ask(argument)
  local server, say = require("sleeplsp.server"), require("sleeplsp.say")
  local client = server.of(0)
  if argument ~= "" and argument ~= "off" then
    say.failed(('`verify` takes "off" or nothing, not `%s`'):format(argument))
  elseif not client then
    say.failed(server.why_none())
  elseif not client.root_dir then
    say.failed("this file lies in no folder of its own: claims are tested in those")
  elseif argument == "off" then
    decide(client.root_dir, false)
  else
    local root = client.root_dir
    local told = require("sleeplsp.statuses").of(0)
    local now = require("sleeplsp.verified").brief(told)
    local question = QUESTION:format(vim.fs.basename(root), vim.fn.fnamemodify(root, ":~"), now)
    if vim.fn.confirm(question, "&Test them\n&Leave them", 2) == 1 then
      decide(root, true)
    end
  end
end

return M
