-- What each server last told of itself, and that in a few words. It must not know where they are shown.

local M = {}

---@class sleeplsp.Budget
---@field tokensToday integer
---@field tokensDayMax integer
---@field tokensLeft integer
---@field costToday number
---@field costDayMax? number
---@field isSpent boolean

---@class sleeplsp.Status
---@field root? string URI of the folder
---@field name string
---@field state "asleep"|"thinking"|"paused"|"waiting"
---@field cause? string
---@field about string[]
---@field waitingFor? string
---@field stage? string
---@field done? integer
---@field total? integer
---@field failed { path: string, reason: string }[]
---@field lastSuccess? table<string, any>
---@field lastFailure? table<string, any>
---@field budget? sleeplsp.Budget
---@field model? table<string, any>
---@field verification? sleeplsp.Verification

local CAUSE_CHARACTERS = 30

-- By the client's id, then by the root.
---@type table<integer, table<string, sleeplsp.Status>>
local told = {}

-- Whether somebody shows the text: then lines are drawn again when it changes.
local is_shown = false

---@param value any
---@return any
local function present(value)
  return value ~= vim.NIL and value or nil
end

---@param text string
---@param is_whole boolean|nil
---@return string
local function short(text, is_whole)
  if is_whole or vim.fn.strchars(text) <= CAUSE_CHARACTERS then
    return text
  end
  return vim.fn.strcharpart(text, 0, CAUSE_CHARACTERS - 1) .. "…"
end

---@param status sleeplsp.Status
---@param is_whole boolean|nil
---@return string
local function thinking(status, is_whole)
  local far = present(status.total) and (" %d/%d"):format(status.done or 0, status.total) or ""
  local cause = present(status.cause)
  local does = status.stage == "verifying" and "testing" or "thinking"
  return does .. far .. (cause and ": " .. short(cause, is_whole) or "")
end

-- What a model has come to, if there is anything that its user should see.
---@param status sleeplsp.Status
---@param is_whole boolean|nil
---@return string|nil
local function trouble(status, is_whole)
  local budget, model = present(status.budget), present(status.model)
  if budget and budget.isSpent then
    return "budget spent"
  end
  local stopped = model and present(model.stopped)
  if stopped then
    return (model.isCapped and "budget spent: " or "model fails: ") .. short(stopped, is_whole)
  end
end

-- A status in a few words, or with the whole of its cause.
---@param status sleeplsp.Status
---@param is_whole boolean|nil
---@return string
function M.brief(status, is_whole)
  if status.state == "thinking" then
    return thinking(status, is_whole)
  end
  if status.state == "waiting" then
    return "waiting: " .. short(present(status.waitingFor) or "for a better time", is_whole)
  end
  return status.state == "asleep" and trouble(status, is_whole) or status.state
end

-- The one status there is; nil where there are none or several.
---@return sleeplsp.Status|nil
local function only()
  local found = {} ---@type sleeplsp.Status[]
  for _, of_client in pairs(told) do
    vim.list_extend(found, vim.tbl_values(of_client))
  end
  return #found == 1 and found[1] or nil
end

-- The status of the folder that a buffer lies in, as it was told last. In floats and lists, which lie nowhere, that of
-- the only folder.
---@param buffer? integer
---@return sleeplsp.Status|nil
function M.of(buffer)
  local client = require("sleeplsp.server").of(buffer)
  if not client then
    return vim.bo[buffer or 0].buftype ~= "" and only() or nil
  end
  local found, uri = nil, vim.uri_from_bufnr(buffer or 0)
  for root, status in pairs(told[client.id] or {}) do
    local is_longer = not found or #root > #(found.root or "")
    if is_longer and (root == "" or vim.startswith(uri, root)) then
      found = status
    end
  end
  return found
end

---@param buffer? integer
---@return string
function M.text(buffer)
  is_shown = true
  local window = vim.g.statusline_winid
  if not buffer and window and vim.api.nvim_win_is_valid(window) then
    buffer = vim.api.nvim_win_get_buf(window)
  end
  local status = M.of(buffer)
  return status and M.brief(status) or ""
end

local function redraw(status)
  vim.api.nvim_exec_autocmds("User", { pattern = "SleeplspStatus", modeline = false, data = status })
  if is_shown then
    vim.cmd.redrawstatus({ bang = true })
  end
end

-- The notification `sleeplsp/status`.
---@type lsp.Handler
function M.heard(_, status, context)
  local of_client = told[context.client_id] or {}
  told[context.client_id] = of_client
  local root = present(status.root) or ""
  local before = of_client[root]
  of_client[root] = status
  if not before or M.brief(before) ~= M.brief(status) then
    redraw(status)
  end
end

-- A client has ended.
---@param client integer
function M.forget(client)
  if told[client] then
    told[client] = nil
    redraw(nil)
  end
end

return M
