-- Places of the protocol as entries of a quickfix list, and lists that are shown. It must not know what is listed.

local M = {}

---@class sleeplsp.Place
---@field uri string
---@field range lsp.Range
---@field text string
---@field type string

-- The line of a file that may not be open, by number from 0.
---@param uri string
---@param number integer
---@param files table<string, string[]>
---@return string
local function line(uri, number, files)
  local lines = files[uri]
  if not lines then
    local path = vim.uri_to_fname(uri)
    local buffer = vim.fn.bufnr(path)
    local is_loaded = buffer > 0 and vim.api.nvim_buf_is_loaded(buffer)
    local read, found = pcall(vim.fn.readfile, path)
    lines = is_loaded and vim.api.nvim_buf_get_lines(buffer, 0, -1, false) or (read and found or {})
    files[uri] = lines
  end
  return lines[number + 1] or ""
end

-- Entries for `setqflist`, in the same order. Columns are bytes there, whatever the server counts in.
---@param places sleeplsp.Place[]
---@param encoding "utf-8"|"utf-16"|"utf-32"
---@return vim.quickfix.entry[]
function M.entries(places, encoding)
  local files = {} ---@type table<string, string[]>
  ---@param uri string
  ---@param position lsp.Position
  local function column(uri, position)
    return vim.str_byteindex(line(uri, position.line, files), encoding, position.character, false) + 1
  end
  return vim.tbl_map(function(place)
    local from, to = place.range.start, place.range["end"]
    return {
      filename = vim.uri_to_fname(place.uri),
      lnum = from.line + 1,
      col = column(place.uri, from),
      end_lnum = to.line + 1,
      end_col = column(place.uri, to),
      text = place.text,
      type = place.type,
      valid = 1,
    }
  end, places)
end

---@param title string
---@return boolean
function M.is_current(title)
  return vim.fn.getqflist({ title = 0 }).title == title
end

-- Makes a quickfix list the current one, in the place of the one that is if that has the same title; else that
-- stays below it (`:colder`).
---@param title string
---@param entries vim.quickfix.entry[]
function M.list(title, entries)
  if not M.is_current(title) then
    vim.fn.setqflist({}, " ", { title = title, items = entries })
    return
  end
  local at = vim.fn.getqflist({ idx = 0 }).idx
  vim.fn.setqflist({}, "r", { title = title, items = entries })
  if #entries > 0 then
    vim.fn.setqflist({}, "a", { idx = math.min(at, #entries) })
  end
end

-- Opens the window of the quickfix list; `stay` leaves the cursor where it is.
---@param stay boolean
function M.show(stay)
  local window = vim.api.nvim_get_current_win()
  vim.cmd("botright copen")
  if stay and vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_set_current_win(window)
  end
end

return M
