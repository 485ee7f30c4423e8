-- `:Sleeplsp`: what is typed, and what completes it. It must not know how any of it is done.

local M = {}

---@class sleeplsp.Call
---@field rest string what follows the subcommand
---@field bang boolean
---@field range integer how many line numbers were given
---@field line1 integer
---@field line2 integer

---@class sleeplsp.Subcommand
---@field run fun(call: sleeplsp.Call)
---@field takes string? what may follow it, in words
---@field bang boolean?
---@field range boolean?
---@field complete (fun(): string[])?

---@param is_all boolean
---@param run fun(clients: vim.lsp.Client[])
local function with_clients(is_all, run)
  local server = require("sleeplsp.server")
  local here = server.of(0)
  local clients = (is_all or not here) and server.all() or { here }
  if #clients == 0 then
    require("sleeplsp.say").failed(server.why_none())
  else
    run(clients)
  end
end

-- Gives a command about the folder of the current buffer, or about all folders.
---@param call sleeplsp.Call
---@param command string
---@param command_all string?
---@param done string
local function give(call, command, command_all, done)
  local server, say = require("sleeplsp.server"), require("sleeplsp.say")
  local here = server.of(0)
  if not call.bang and not here then
    say.failed(server.why_none())
    return
  end
  local clients = call.bang and server.all() or { here }
  if #clients == 0 then
    say.failed(server.why_none())
    return
  end
  local arguments = call.bang and {} or { vim.uri_from_bufnr(0) }
  server.call_each(clients, call.bang and command_all or command, arguments, function(why)
    if why then
      say.failed(why)
    else
      say.told(done .. (call.bang and " in all folders" or ""))
    end
  end)
end

---@return string[]
local function registers()
  local found = { "quickfix" }
  local pasted = require("sleeplsp.pasted")
  local others = vim.split('"0123456789abcdefghijklmnopqrstuvwxyz-', "")
  for _, name in ipairs(pasted.registers(others)) do
    local is_read, held = pcall(pasted.register, name)
    if is_read and held then
      table.insert(found, name)
    end
  end
  return found
end

---@param symbols table[]
---@param prefix string
---@param into string[]
local function add_names(symbols, prefix, into)
  for _, each in ipairs(symbols) do
    table.insert(into, prefix .. each.name)
    add_names(each.children or {}, prefix .. each.name .. ".", into)
  end
end

local SYMBOLS_MS = 1000

---@return string[]
local function symbols()
  local client = require("sleeplsp.server").of(0)
  if not client then
    return {}
  end
  local params = { textDocument = vim.lsp.util.make_text_document_params(0) }
  local reply = client:request_sync("textDocument/documentSymbol", params, SYMBOLS_MS, 0)
  local names = {}
  add_names(reply and reply.result or {}, "", names)
  return names
end

---@type table<string, sleeplsp.Subcommand>
M.subcommands = {
  ask = {
    takes = "a question",
    run = function(call)
      require("sleeplsp.ask").ask(call.rest)
    end,
  },
  bugs = {
    bang = true,
    run = function(call)
      with_clients(true, function(clients)
        require("sleeplsp.bugs").list(clients, call.bang)
      end)
    end,
  },
  deeper = {
    run = function(call)
      give(call, "sleeplsp.deeper", nil, "a model goes on thinking about this file, if there is one")
    end,
  },
  pause = {
    bang = true,
    run = function(call)
      give(call, "sleeplsp.pause", "sleeplsp.pause", "paused")
    end,
  },
  report = {
    takes = "a symbol",
    complete = symbols,
    run = function(call)
      require("sleeplsp.report").show(call.rest)
    end,
  },
  resume = {
    bang = true,
    run = function(call)
      give(call, "sleeplsp.resume", "sleeplsp.resume", "goes on")
    end,
  },
  status = {
    bang = true,
    run = function(call)
      with_clients(call.bang, function(clients)
        require("sleeplsp.status").show(clients)
      end)
    end,
  },
  think = {
    bang = true,
    run = function(call)
      give(
        call,
        "sleeplsp.think",
        "sleeplsp.thinkAll",
        call.bang and "thinks again" or "thinks about this file again"
      )
    end,
  },
  verify = {
    takes = '"off"',
    complete = function()
      return { "off" }
    end,
    run = function(call)
      require("sleeplsp.verify").ask(call.rest)
    end,
  },
  why = {
    takes = 'a register or "quickfix"',
    range = true,
    complete = registers,
    run = function(call)
      if call.range > 0 then
        require("sleeplsp.why").explain_lines(call.line1, call.line2)
      else
        require("sleeplsp.why").explain(call.rest)
      end
    end,
  },
}

---@return string[]
local function names()
  local found = vim.tbl_keys(M.subcommands)
  table.sort(found)
  return found
end

-- Why a call makes no sense; nil if it does.
---@param name string
---@param call sleeplsp.Call
---@return string|nil
local function misuse(name, call)
  local known = M.subcommands[name]
  if not known then
    -- All of them are too many for one line.
    return ("`%s` is not known; `:Sleeplsp <Tab>` lists what is"):format(name)
  elseif call.bang and not known.bang then
    return ("`%s` takes no !"):format(name)
  elseif call.range > 0 and not known.range then
    return ("`%s` takes no range"):format(name)
  elseif call.rest ~= "" and not known.takes then
    return ("`%s` takes nothing, not `%s`"):format(name, call.rest)
  elseif call.rest ~= "" and call.range > 0 then
    return ("`%s` takes lines or %s, not both"):format(name, known.takes)
  end
end

-- `:Sleeplsp`; without a subcommand it is `status`.
---@param given vim.api.keyset.create_user_command.command_args
function M.run(given)
  local name, rest = given.args:match("^%s*(%S*)%s*(.-)%s*$")
  name = name == "" and "status" or name
  local call =
    { rest = rest, bang = given.bang, range = given.range, line1 = given.line1, line2 = given.line2 }
  local why = misuse(name, call)
  if why then
    require("sleeplsp.say").failed(why)
  else
    M.subcommands[name].run(call)
  end
end

-- What may stand in the place of `lead`, in the line up to a column.
---@param lead string
---@param line string
---@param column integer
---@return string[]
function M.complete(lead, line, column)
  local before = line:sub(1, column - #lead)
  local typed = before:match("Sleeplsp!?%s+(.*)$") or ""
  local name = typed:match("^(%S+)%s")
  local candidates
  if not name then
    candidates = names()
    if before:match("Sleeplsp!") then
      candidates = vim.tbl_filter(function(each)
        return M.subcommands[each].bang
      end, candidates)
    end
  else
    local known = M.subcommands[name]
    candidates = known and known.complete and typed:match("^%S+%s+$") and known.complete() or {}
  end
  return vim.tbl_filter(function(each)
    return vim.startswith(each, lead)
  end, candidates)
end

return M
