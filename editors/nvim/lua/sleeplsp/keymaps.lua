-- Keys, in buffers that the server has come to, for those who ask for them.

local M = {}

---@type table<string, { key: string, command: string, modes: string[] }>
M.proposed = {
  ask = { key = "<Leader>za", command = "ask", modes = { "n" } },
  bugs = { key = "<Leader>zb", command = "bugs", modes = { "n" } },
  deeper = { key = "<Leader>zd", command = "deeper", modes = { "n" } },
  report = { key = "<Leader>zr", command = "report", modes = { "n" } },
  status = { key = "<Leader>zs", command = "status", modes = { "n" } },
  think = { key = "<Leader>zt", command = "think", modes = { "n" } },
  why = { key = "<Leader>zw", command = "why", modes = { "n", "x" } },
}

---@param wanted true|table<string, string|false>
---@return table<string, string|false>
local function keys(wanted)
  if wanted ~= true then
    return wanted
  end
  return vim.tbl_map(function(each)
    return each.key
  end, M.proposed)
end

-- With `true` those that are proposed; with a table those that it names, and no others.
---@param buffer integer
---@param wanted true|table<string, string|false>
function M.set(buffer, wanted)
  for action, key in pairs(keys(wanted)) do
    local known = M.proposed[action]
    if key then
      -- A colon takes the range of a selection along.
      vim.keymap.set(known.modes, key, ":Sleeplsp " .. known.command .. "<CR>", {
        buffer = buffer,
        silent = true,
        desc = "sleeplsp: " .. action,
      })
    end
  end
end

return M
