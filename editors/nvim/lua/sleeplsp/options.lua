-- What `setup` takes, and what holds without it. It must not know what the options bring about.

local M = {}

---@class sleeplsp.FloatOptions
---@field width? number columns at most, or a part of the editor's if it is below 1
---@field height? number lines at most, or a part of the editor's if it is below 1
---@field border? string|string[] as 'winborder' takes it

---@class sleeplsp.Options
---@field enable? boolean start the server for the files it knows
---@field settings? table<string, any> settings of the server
---@field lenses? boolean show lenses, and keep them as the server says
---@field hints? boolean show inlay hints
---@field confirm_fixes? boolean ask before a fix is applied that a model has thought of
---@field keymaps? boolean|table<string, string|false> none, the proposed ones, or keys by action
---@field float? sleeplsp.FloatOptions

---@type sleeplsp.Options
local defaults = {
  enable = true,
  settings = {},
  lenses = false,
  hints = false,
  confirm_fixes = true,
  keymaps = false,
  float = { width = 80, height = 0.6, border = "rounded" },
}

local types = {
  enable = "boolean",
  settings = "table",
  lenses = "boolean",
  hints = "boolean",
  confirm_fixes = "boolean",
  keymaps = { "boolean", "table" },
  float = "table",
}

---@type sleeplsp.Options
M.now = vim.deepcopy(defaults)

-- Why options make no sense; nil if they do.
---@param given table
---@return string|nil
local function misfit(given)
  for name, value in pairs(given) do
    local wanted = types[name]
    if not wanted then
      return ("`%s` is no option of setup: `:help sleeplsp-setup` lists them"):format(tostring(name))
    end
    local kinds = type(wanted) == "table" and wanted or { wanted }
    if not vim.list_contains(kinds, type(value)) then
      return ("`%s` takes a %s, not %s"):format(name, table.concat(kinds, " or a "), vim.inspect(value))
    end
  end
end

-- Takes options; what is not named is as by default. Returns why they make no sense, and then takes none.
---@param given? sleeplsp.Options
---@return string|nil
function M.take(given)
  local why = misfit(given or {})
  if not why then
    M.now = vim.tbl_deep_extend("force", vim.deepcopy(defaults), given or {})
  end
  return why
end

return M
