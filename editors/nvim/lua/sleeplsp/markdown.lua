-- Markdown as it is meant to look: marks are hidden, and so are the backslashes that keep other text from being one.

local M = {}

local namespace = vim.api.nvim_create_namespace("sleeplsp.markdown")

---@param buffer integer
local function hide_escapes(buffer)
  local parser = assert(vim.treesitter.get_parser(buffer, "markdown"))
  parser:parse(true)
  local query = vim.treesitter.query.parse("markdown_inline", "(backslash_escape) @escape")
  parser:for_each_tree(function(tree, language)
    if language:lang() ~= "markdown_inline" then
      return
    end
    for _, node in query:iter_captures(tree:root(), buffer) do
      local row, column = node:range()
      vim.api.nvim_buf_set_extmark(buffer, namespace, row, column, { end_col = column + 1, conceal = "" })
    end
  end)
end

-- Shows a buffer's text as Markdown; as plain text where there is no parser for it.
---@param buffer integer
function M.dress(buffer)
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  vim.bo[buffer].syntax = ""
  if pcall(vim.treesitter.start, buffer, "markdown") then
    hide_escapes(buffer)
  end
end

return M
