-- The status of folders as a text. It must not know how it is asked for.

local M = {}

---@param value any
---@return any
local function present(value)
  return value ~= vim.NIL and value or nil
end

local CAUSES_MAX = 5

---@param text string
---@return string
local function plain(text)
  return (text:gsub("[\\`*_%[%]<>#|~]", "\\%0"))
end

---@param failed { path: string, reason: string }[]
---@param lines string[]
local function add_failed(failed, lines)
  for number, each in ipairs(failed) do
    if number > CAUSES_MAX then
      table.insert(lines, ("  - and %d more"):format(#failed - CAUSES_MAX))
      return
    end
    table.insert(lines, ("  - %s: %s"):format(plain(each.path), plain(each.reason)))
  end
end

---@param status sleeplsp.Status
---@param lines string[]
local function add_runs(status, lines)
  local success, failure = present(status.lastSuccess), present(status.lastFailure)
  if success then
    local told = "- last run: %s, %d modules, %d functions deduced, %.1f s (%s)"
    table.insert(
      lines,
      told:format(success.at, success.modules, success.deduced, success.seconds, plain(success.cause))
    )
  end
  if failure then
    table.insert(lines, ("- last failure: %s, %s"):format(failure.at, plain(failure.reason or "")))
  end
  if #status.failed > 0 then
    table.insert(lines, ("- failed: %d modules"):format(#status.failed))
    add_failed(status.failed, lines)
  end
end

---@param status sleeplsp.Status
---@param lines string[]
local function add_model(status, lines)
  local model, budget = present(status.model), present(status.budget)
  if model then
    local told = "- model: %s, %d modules known, %d left, %d calls in the last run"
    table.insert(lines, told:format(plain(model.name), model.known, model.left, model.calls))
    if present(model.stopped) then
      table.insert(lines, "- model stopped: " .. plain(model.stopped))
    end
  end
  if budget then
    local spent = budget.isSpent and ", **spent**" or ""
    table.insert(lines, ("- tokens today: %d of %d%s"):format(budget.tokensToday, budget.tokensDayMax, spent))
  end
end

---@param status sleeplsp.Status
---@param lines string[]
local function add_verification(status, lines)
  local verified = require("sleeplsp.verified")
  if verified.of(status) then
    local how = verified.waits(status) and ": `:Sleeplsp verify` asks whether they may be" or ""
    table.insert(lines, ("- claims tested by running code: %s%s"):format(plain(verified.brief(status)), how))
  end
end

-- A status as Markdown lines.
---@param status sleeplsp.Status
---@return string[]
function M.lines(status)
  local lines = { "# " .. plain(status.name), "" }
  table.insert(lines, "- state: " .. plain(require("sleeplsp.statuses").brief(status, true)))
  if #(present(status.about) or {}) > 0 then
    table.insert(lines, "- about: " .. plain(table.concat(status.about, ", ")))
  end
  add_runs(status, lines)
  add_model(status, lines)
  add_verification(status, lines)
  return lines
end

-- The statuses of all folders of clients, below each other in a float.
---@param clients vim.lsp.Client[]
function M.show(clients)
  require("sleeplsp.server").call_each(clients, "sleeplsp.status", {}, function(why, results)
    if why then
      require("sleeplsp.say").failed(why)
      return
    end
    local parts = {}
    for _, each in ipairs(results) do
      for _, status in ipairs(each.result) do
        table.insert(parts, table.concat(M.lines(status), "\n"))
      end
    end
    local float = require("sleeplsp.float").open({ title = "sleeplsp: status", footer = "q closes" })
    float:show(table.concat(parts, "\n\n"))
  end)
end

return M
