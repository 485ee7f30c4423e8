-- What Neovim shows: marks by the text they stand under, related places, floats.

local M = {}

local function clients(name)
  return vim.lsp.get_clients({ name = name })
end

function M.client(name)
  return clients(name)[1]
end

-- The text that each of a server's marks stands under, by the check's name.
function M.marks(name, buffer)
  local marks = {}
  local client = M.client(name)
  local namespace = client and vim.lsp.diagnostic.get_namespace(client.id)
  for _, each in ipairs(namespace and vim.diagnostic.get(buffer, { namespace = namespace }) or {}) do
    local lines = vim.api.nvim_buf_get_text(buffer, each.lnum, each.col, each.end_lnum, each.end_col, {})
    marks[each.code] = table.concat(lines, "\n")
  end
  return marks
end

-- The places that lead to a mark, each as "file: text: what is said of it".
function M.related(name, buffer, code)
  local client = M.client(name)
  local namespace = vim.lsp.diagnostic.get_namespace(client.id)
  local places = {}
  for _, each in ipairs(vim.diagnostic.get(buffer, { namespace = namespace })) do
    for _, told in ipairs(each.code == code and each.user_data.lsp.relatedInformation or {}) do
      local path = vim.uri_to_fname(told.location.uri)
      local from, to = told.location.range.start, told.location.range["end"]
      local line = vim.fn.readfile(path)[from.line + 1]
      local encoding = client.offset_encoding
      local first = vim.str_byteindex(line, encoding, from.character)
      local last = vim.str_byteindex(line, encoding, to.character)
      local place = { vim.fs.basename(path), line:sub(first + 1, last), told.message }
      table.insert(places, table.concat(place, ": "))
    end
  end
  return places
end

-- What a server answers.
function M.ask(name, buffer, method, params)
  local reply = assert(M.client(name):request_sync(method, params, 10000, buffer))
  assert(not reply.err, vim.inspect(reply.err))
  return reply.result
end

-- The places that a server answers with, each as "file: text".
function M.items(name, buffer, method, params)
  local encoding = M.client(name).offset_encoding
  local locations = vim.tbl_map(function(found)
    return found.location or found
  end, M.ask(name, buffer, method, params))
  return vim.tbl_map(function(item)
    local line = vim.fn.readfile(item.filename)[item.lnum]
    return vim.fs.basename(item.filename) .. ": " .. line:sub(item.col, item.end_col - 1)
  end, vim.lsp.util.locations_to_items(locations, encoding))
end

-- A server's hints, each with its line up to where it is shown.
function M.hints(name, buffer)
  local client, shown = M.client(name), {}
  for _, each in ipairs(vim.lsp.inlay_hint.get({ bufnr = buffer })) do
    if each.client_id == client.id then
      local at = each.inlay_hint.position
      local line = vim.api.nvim_buf_get_lines(buffer, at.line, at.line + 1, true)[1]
      local before = line:sub(1, vim.str_byteindex(line, client.offset_encoding, at.character))
      table.insert(shown, (before:gsub('^%s*return "', "")) .. "|" .. each.inlay_hint.label)
    end
  end
  return shown
end

-- What the lenses of a buffer say, each with the name it stands above.
function M.lenses(buffer)
  return vim.tbl_map(function(lens)
    local from, to = lens.range.start, lens.range["end"]
    local text = vim.api.nvim_buf_get_text(buffer, from.line, from.character, to.line, to.character, {})
    return text[1] .. ": " .. lens.command.title
  end, vim.lsp.codelens.get(buffer))
end

-- Puts the cursor on the first character of a text.
function M.go_to(text)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local at = line:find(text, 1, true)
    if at then
      vim.api.nvim_win_set_cursor(0, { number, at - 1 })
      return
    end
  end
  error("not there: " .. text, 2)
end

function M.float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return window
    end
  end
end

-- What `K` shows at the cursor: each server's part by its name. With one server alone there are no headings.
function M.hover(eventually)
  vim.lsp.buf.hover()
  local window = eventually("a hover", M.float)
  local parts, name = {}, ""
  for _, line in ipairs(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)) do
    name = line:match("^# (%w+)$") or name
    parts[name] = (parts[name] or "") .. line .. "\n"
  end
  vim.api.nvim_win_close(window, true)
  return parts
end

return M
