-- How testing a model's claims stands, in words. It must not know how that is decided.

local M = {}

---@class sleeplsp.Verification
---@field state "off"|"on"|"unavailable"
---@field why? string why it is unavailable, and what to do
---@field waiting integer claims that could be tested, and have not been
---@field tested integer
---@field refuted integer
---@field open integer claims of which nothing could be said

---@param status sleeplsp.Status|nil
---@return sleeplsp.Verification|nil
function M.of(status)
  local found = status and status.verification
  return found ~= vim.NIL and found or nil
end

---@param found sleeplsp.Verification
---@return string
local function counts(found)
  local parts = {}
  for _, each in ipairs({
    { found.tested, "tested" },
    { found.refuted, "refuted" },
    { found.open, "left open" },
    { found.waiting, found.state == "off" and "could be tested" or "waiting" },
  }) do
    if each[1] > 0 then
      table.insert(parts, ("%d %s"):format(each[1], each[2]))
    end
  end
  return table.concat(parts, ", ")
end

-- In a few words: "off; 2 could be tested".
---@param status sleeplsp.Status|nil
---@return string
function M.brief(status)
  local found = M.of(status)
  if not found then
    return "no claims yet that could be tested"
  end
  local state = found.state --[[@as string]]
  if state == "unavailable" then
    local why = found.why ~= vim.NIL and found.why or "no reason is told"
    state = "not possible: " .. why
  end
  local far = counts(found)
  return far == "" and state or ("%s; %s"):format(state, far)
end

-- Whether it waits for its user's consent.
---@param status sleeplsp.Status
---@return boolean
function M.waits(status)
  local found = M.of(status)
  return found ~= nil and found.state == "off" and found.waiting > 0
end

return M
