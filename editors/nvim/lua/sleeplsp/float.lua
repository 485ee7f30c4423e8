-- A float in the middle of the editor, for text that is read and closed; it may come in pieces. It never grows out of
-- the editor: longer lines wrap, further ones scroll. It must not know what it shows.

local M = {}

---@class sleeplsp.FloatWish
---@field title string
---@field footer? string
---@field on_close? fun()

---@class sleeplsp.Float
---@field buffer integer
---@field window integer
---@field wish sleeplsp.FloatWish
---@field gone boolean
---@field pieces string what was heard so far
local Float = {}
Float.__index = Float

local EDGE = 2 -- cells of the border, in each direction

---@param wanted number
---@param whole integer
---@return integer
local function cells(wanted, whole)
  local all = math.max(whole - EDGE, 1)
  return math.max(math.min(math.floor(wanted < 1 and wanted * whole or wanted), all), 1)
end

-- Rows that lines take up, wrapped at a width.
---@param lines string[]
---@param width integer
---@return integer
local function rows(lines, width)
  local sum = 0
  for _, line in ipairs(lines) do
    sum = sum + math.max(math.ceil(vim.fn.strdisplaywidth(line) / width), 1)
  end
  return sum
end

---@param title string
---@param width integer
---@return string
local function cut(title, width)
  local text = " " .. title:gsub("%s+", " ") .. " "
  while vim.fn.strdisplaywidth(text) > width do
    text = vim.fn.strcharpart(text, 0, vim.fn.strchars(text) - 2) .. "…"
  end
  return text
end

---@param lines string[]
---@param title string
---@param footer? string
---@return vim.api.keyset.win_config
local function layout(lines, title, footer)
  local wanted = assert(require("sleeplsp.options").now.float)
  local height_all = vim.o.lines - vim.o.cmdheight
  local width = cells(wanted.width, vim.o.columns)
  local height = math.min(cells(wanted.height, height_all), rows(lines, width))
  local is_framed = wanted.border ~= "none" and wanted.border ~= ""
  return {
    relative = "editor",
    style = "minimal",
    border = wanted.border,
    width = width,
    height = math.max(height, 1),
    row = math.max(math.floor((height_all - height - EDGE) / 2), 0),
    col = math.max(math.floor((vim.o.columns - width - EDGE) / 2), 0),
    title = is_framed and { { cut(title, width), "SleeplspTitle" } } or nil,
    title_pos = is_framed and "left" or nil,
    footer = is_framed and footer and { { cut(footer, width), "SleeplspFooter" } } or nil,
    footer_pos = is_framed and footer and "right" or nil,
  }
end

---@param window integer
local function dress(window)
  local set = vim.wo[window][0]
  set.wrap, set.linebreak, set.breakindent = true, true, true
  set.conceallevel, set.concealcursor, set.foldenable = 2, "nc", false
  set.winhighlight = "NormalFloat:SleeplspFloat,FloatBorder:SleeplspBorder"
end

-- Opens a float and goes there. `q` and Escape close it, and so does leaving its window for good.
---@param wish sleeplsp.FloatWish
---@return sleeplsp.Float
function M.open(wish)
  local self = setmetatable({ gone = false, pieces = "", wish = wish }, Float)
  self.buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[self.buffer].bufhidden = "wipe"
  vim.bo[self.buffer].modifiable = false
  self.window = vim.api.nvim_open_win(self.buffer, true, layout({ "" }, wish.title, wish.footer))
  dress(self.window)
  for _, key in ipairs({ "q", "<Esc>" }) do
    vim.keymap.set("n", key, function()
      self:close()
    end, { buffer = self.buffer, nowait = true, desc = "close" })
  end
  local resized = vim.api.nvim_create_autocmd("VimResized", {
    callback = function()
      self:fit()
    end,
  })
  vim.api.nvim_create_autocmd("BufWipeout", {
    buffer = self.buffer,
    once = true,
    callback = function()
      self.gone = true
      vim.api.nvim_del_autocmd(resized)
      if wish.on_close then
        wish.on_close()
      end
    end,
  })
  return self
end

---@return boolean
function Float:is_open()
  return not self.gone and vim.api.nvim_win_is_valid(self.window)
end

function Float:close()
  if self:is_open() then
    vim.api.nvim_win_close(self.window, true)
  end
end

-- Gives it the size of what it shows, within the editor.
function Float:fit()
  if self:is_open() then
    local lines = vim.api.nvim_buf_get_lines(self.buffer, 0, -1, false)
    vim.api.nvim_win_set_config(self.window, layout(lines, self.wish.title, self.wish.footer))
  end
end

---@param lines string[]
function Float:put(lines)
  vim.bo[self.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(self.buffer, 0, -1, false, lines)
  vim.bo[self.buffer].modifiable = false
  self:fit()
end

-- Adds a piece of a text that is not finished: shown as it is, not as Markdown. The end stays in sight.
---@param piece string
function Float:hear(piece)
  if not self:is_open() then
    return
  end
  self.pieces = self.pieces .. piece:gsub("\r", "")
  local lines = vim.split(self.pieces, "\n", { plain = true })
  self:put(lines)
  vim.wo[self.window][0].winhighlight = "NormalFloat:SleeplspPieces,FloatBorder:SleeplspBorder"
  vim.api.nvim_win_set_cursor(self.window, { #lines, 0 })
end

---@return boolean
function Float:has_heard()
  return self.pieces ~= ""
end

-- Nothing more comes: what was heard stays, and why it is not the whole stands below.
---@param why string
---@param footer? string
function Float:lose(why, footer)
  self.wish.footer = footer or self.wish.footer
  self.pieces = vim.trim(self.pieces)
  self:hear(("\n\nThe rest of the answer is lost: %s."):format(why))
end

-- Shows a finished text, in the place of all pieces.
---@param markdown string
---@param footer? string
function Float:show(markdown, footer)
  if not self:is_open() then
    return
  end
  self.wish.footer = footer or self.wish.footer
  dress(self.window)
  self:put(vim.split(markdown, "\n", { plain = true }))
  vim.api.nvim_win_set_cursor(self.window, { 1, 0 })
  require("sleeplsp.markdown").dress(self.buffer)
end

return M
