-- What is suspected, in all files that are known, as a quickfix list.

local M = {}

M.TITLE = "sleeplsp: bugs"

local TYPES = { error = "E", warning = "W", note = "N" }
local AGAIN_MS = 300

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
---@return boolean
local function is_complete(roots)
  return vim.iter(roots):all(function(root)
    return root.isComplete
  end)
end

---@param roots table<string, any>[]
---@param count integer
---@return string
local function summary(roots, count)
  local is_cut = vim.iter(roots):any(function(root)
    return root.suspicionsTotal > #root.suspicions
  end)
  local what = count == 0 and "nothing is suspected" or ("%d suspected"):format(count)
  local more = is_cut and ", not all are listed" or ""
  return what .. more .. (is_complete(roots) and "" or "; not all is known yet, the list goes on")
end

-- What is suspected in all folders of clients.
---@param clients vim.lsp.Client[]
---@param is_all boolean
---@param answered fun(why: string|nil, found: vim.quickfix.entry[], roots: table<string, any>[])
local function gather(clients, is_all, answered)
  require("sleeplsp.server").call_each(clients, "sleeplsp.overview", {}, function(why, results)
    local found, roots = {}, {}
    for _, each in ipairs(results) do
      for _, root in ipairs(each.result.roots) do
        vim.list_extend(found, entries(root, each.client.offset_encoding, is_all))
        table.insert(roots, root)
      end
    end
    answered(why, found, roots)
  end)
end

local is_waiting = false -- for the moment to look again
local shows_all = false -- what was wanted last
local is_open = false -- whether it was last told that the list goes on

-- Brings the list up to date, as long as it is the current one.
local function look_again()
  if is_waiting or not require("sleeplsp.places").is_current(M.TITLE) then
    return
  end
  is_waiting = true
  vim.defer_fn(function()
    is_waiting = false
    gather(require("sleeplsp.server").all(), shows_all, function(why, found, roots)
      local places = require("sleeplsp.places")
      if why or not places.is_current(M.TITLE) then
        return
      end
      places.list(M.TITLE, found)
      if is_open and is_complete(roots) then
        is_open = false
        require("sleeplsp.say").told(summary(roots, #found))
      end
    end)
  end, AGAIN_MS)
end

-- Looks again whenever a server or its marks say that something has changed.
local function follow()
  local group = vim.api.nvim_create_augroup("sleeplsp.bugs", { clear = true })
  vim.api.nvim_create_autocmd("User", { group = group, pattern = "SleeplspStatus", callback = look_again })
  vim.api.nvim_create_autocmd("DiagnosticChanged", { group = group, callback = look_again })
end

-- Lists what is suspected in all folders of clients; the list then follows what the servers find.
---@param clients vim.lsp.Client[]
---@param is_all boolean with what is told on hover only
function M.list(clients, is_all)
  local places, say = require("sleeplsp.places"), require("sleeplsp.say")
  shows_all = is_all
  follow()
  gather(clients, is_all, function(why, found, roots)
    if why then
      say.failed(why)
      return
    end
    places.list(M.TITLE, found)
    if #found > 0 or not is_complete(roots) then
      places.show(false)
    end
    is_open = not is_complete(roots)
    say.told(summary(roots, #found))
    if is_open then
      look_again() -- the end of thinking may have been told before it was over
    end
  end)
end

return M
