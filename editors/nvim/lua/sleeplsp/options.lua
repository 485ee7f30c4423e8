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

local BORDERS = { "none", "single", "double", "rounded", "solid", "shadow", "bold" }

---@param piece any
---@return boolean
local function is_piece(piece)
  local text = type(piece) == "table" and piece[1] or piece
  return type(text) == "string" and vim.fn.strdisplaywidth(text) <= 1
end

-- Whether a float can have it: a name, or 1, 2, 4 or 8 pieces that go round.
---@param border any
---@return boolean
local function is_border(border)
  if type(border) ~= "table" then
    return border == "" or vim.list_contains(BORDERS, border)
  end
  return vim.islist(border) and vim.list_contains({ 1, 2, 4, 8 }, #border) and vim.iter(border):all(is_piece)
end

---@param size any
---@return boolean
local function is_size(size)
  return type(size) == "number" and size > 0
end

---@param key any
---@return boolean
local function is_key(key)
  return key == false or type(key) == "string" and key ~= ""
end

---@type table<string, { fits: (fun(value: any): boolean), takes: string }>
local of_float = {
  width = { fits = is_size, takes = "a number above 0" },
  height = { fits = is_size, takes = "a number above 0" },
  border = { fits = is_border, takes = table.concat(BORDERS, ", ") .. ", or 1, 2, 4 or 8 characters" },
}

---@param name string
---@return string
local function unknown(name)
  return ("`%s` is no option of setup: `:help sleeplsp-setup` lists them"):format(name)
end

---@param within string
---@param given table
---@param known table<string, { fits: (fun(value: any): boolean), takes: string }>
---@return string|nil
local function misfit_within(within, given, known)
  for name, value in pairs(given) do
    local wanted, full = known[name], ("%s.%s"):format(within, tostring(name))
    if not wanted then
      return unknown(full)
    elseif not wanted.fits(value) then
      return ("`%s` takes %s, not %s"):format(full, wanted.takes, vim.inspect(value))
    end
  end
end

-- Why options make no sense; nil if they do.
---@param given table
---@return string|nil
local function misfit(given)
  for name, value in pairs(given) do
    local wanted = types[name]
    if not wanted then
      return unknown(tostring(name))
    end
    local kinds = type(wanted) == "table" and wanted or { wanted }
    if not vim.list_contains(kinds, type(value)) then
      return ("`%s` takes a %s, not %s"):format(name, table.concat(kinds, " or a "), vim.inspect(value))
    end
  end
  local keys = type(given.keymaps) == "table" and given.keymaps or {}
  local of_keymaps = vim.tbl_map(function()
    return { fits = is_key, takes = "a key or false" }
  end, require("sleeplsp.keymaps").proposed)
  return misfit_within("float", given.float or {}, of_float) or misfit_within("keymaps", keys, of_keymaps)
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
