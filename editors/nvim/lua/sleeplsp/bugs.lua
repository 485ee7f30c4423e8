-- What is suspected, in all files that are known, as a quickfix list.

local M = {}

M.TITLE = "sleeplsp: bugs"

local TYPES = { error = "E", warning = "W", note = "N" }
local ORDER = { error = 1, warning = 2, note = 3 }

---@class sleeplsp.Suspicion
---@field uri string
---@field path string
---@field range lsp.Range
---@field check string
---@field severity "error"|"warning"|"note"
---@field grade string
---@field symbol string
---@field message string
---@field shown boolean
---@field isDrift boolean

---@param told sleeplsp.Suspicion
---@return string
local function text(told)
  local where = told.symbol ~= "" and (" in %s"):format(told.symbol) or ""
  local how = told.shown and told.grade or told.grade .. ", on hover only"
  return ("%s [%s%s, %s]"):format(told.message, told.check, where, how)
end

-- The worst first, and in the order of the files.
---@param one sleeplsp.Suspicion
---@param other sleeplsp.Suspicion
---@return boolean
local function comes_before(one, other)
  if one.severity ~= other.severity then
    return (ORDER[one.severity] or 9) < (ORDER[other.severity] or 9)
  end
  if one.path ~= other.path then
    return one.path < other.path
  end
  return one.range.start.line < other.range.start.line
end

---@param root table<string, any>
---@param encoding "utf-8"|"utf-16"|"utf-32"
---@param is_all boolean
---@return vim.quickfix.entry[]
local function entries(root, encoding, is_all)
  local kept = vim.tbl_filter(function(each)
    return is_all or each.shown
  end, root.suspicions)
  table.sort(kept, comes_before)
  local places = vim.tbl_map(function(each)
    return { uri = each.uri, range = each.range, text = text(each), type = TYPES[each.severity] }
  end, kept)
  return require("sleeplsp.places").entries(places, encoding)
end

---@param roots table<string, any>[]
---@param count integer
---@return string
local function summary(roots, count)
  local waiting, cut = 0, false
  for _, root in ipairs(roots) do
    waiting = waiting + root.waitingTotal
    cut = cut or root.suspicionsTotal > #root.suspicions
  end
  local what = count == 0 and "nothing is suspected" or ("%d suspected"):format(count)
  local more = cut and ", not all are listed" or ""
  return what .. more .. (waiting > 0 and "; not all is known yet" or "")
end

-- Lists what is suspected in all folders of clients.
---@param clients vim.lsp.Client[]
---@param is_all boolean with what is told on hover only
function M.list(clients, is_all)
  require("sleeplsp.server").call_each(clients, "sleeplsp.overview", {}, function(why, results)
    local say = require("sleeplsp.say")
    if why then
      say.failed(why)
      return
    end
    local all, roots = {}, {}
    for _, each in ipairs(results) do
      for _, root in ipairs(each.result.roots) do
        vim.list_extend(all, entries(root, each.client.offset_encoding, is_all))
        table.insert(roots, root)
      end
    end
    local places = require("sleeplsp.places")
    places.list(M.TITLE, all)
    if #all > 0 then
      places.show(false)
    end
    say.told(summary(roots, #all))
  end)
end

return M
