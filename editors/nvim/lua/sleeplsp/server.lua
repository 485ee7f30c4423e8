-- The servers that run, and the commands that they are given. It must not know what the answers are for.

local M = {}

M.NAME = "sleeplsp"

---@alias sleeplsp.Answered fun(failure: string|nil, result: any)

local ENDED = "the server has ended: `:edit` starts it again"

-- What waits for an answer, by the client's id: Neovim forgets it when the server ends.
---@type table<integer, table<sleeplsp.Answered, true>>
local waiting = {}

-- All clients: Neovim starts one for each root.
---@return vim.lsp.Client[]
function M.all()
  return vim.lsp.get_clients({ name = M.NAME })
end

-- The client of a buffer, the current one by default.
---@param buffer? integer
---@return vim.lsp.Client|nil
function M.of(buffer)
  return vim.lsp.get_clients({ name = M.NAME, bufnr = buffer or 0 })[1]
end

-- Why there is no client for a buffer, in one line.
---@param buffer? integer
---@return string
function M.why_none(buffer)
  if #M.all() == 0 then
    local command = require("sleeplsp.found").command()
    if command and vim.fn.executable(command[1]) == 0 then
      return ("`%s` is not found: see `:checkhealth sleeplsp`"):format(command[1])
    elseif vim.lsp.is_enabled and not vim.lsp.is_enabled(M.NAME) then
      return 'no server runs: `vim.lsp.enable("sleeplsp")`, or see `:checkhealth sleeplsp`'
    end
    return "no server runs: go to a file that is served, or see `:checkhealth sleeplsp`"
  end
  local name = vim.api.nvim_buf_get_name(buffer or 0)
  local what = name == "" and "this buffer has no file"
    or vim.fn.fnamemodify(name, ":~:.") .. " is not served"
  return what .. ": go to a file that is, or see `:checkhealth sleeplsp`"
end

---@param client vim.lsp.Client
---@param command string
---@return boolean
function M.knows(client, command)
  local provider = client.server_capabilities.executeCommandProvider
  return provider ~= nil and vim.list_contains(provider.commands or {}, command)
end

---@param err lsp.ResponseError
---@return string
local function told(err)
  local message = tostring(err.message or "it failed and does not say why")
  return message == "" and "it failed and does not say why" or message
end

-- Gives a command. `answered` is called with what failed in words, or with the result.
---@param client vim.lsp.Client
---@param command string
---@param arguments any[]
---@param answered sleeplsp.Answered
---@param buffer? integer what this buffer says now is sent before
---@return integer|nil request what `client:cancel_request` takes
function M.call(client, command, arguments, answered, buffer)
  if not M.knows(client, command) then
    answered(
      ("this server has no `%s`: it is older than the plugin, see `:checkhealth sleeplsp`"):format(command)
    )
    return nil
  end
  local of_client = waiting[client.id] or {}
  waiting[client.id] = of_client
  -- Called once: by the answer, or by the end of the server.
  ---@type sleeplsp.Answered
  local function once(failure, result)
    if of_client[once] then
      of_client[once] = nil
      answered(failure, result)
    end
  end
  of_client[once] = true
  local params = { command = command, arguments = arguments }
  local sent, request = client:request("workspace/executeCommand", params, function(err, result)
    if err then
      once(told(err))
    else
      once(nil, result)
    end
  end, buffer)
  if not sent then
    once(ENDED)
    return nil
  end
  return request
end

-- A client has ended: what it has not answered it never will.
---@param client integer
function M.ended(client)
  local lost = vim.tbl_keys(waiting[client] or {})
  waiting[client] = nil
  for _, once in ipairs(lost) do
    once(ENDED)
  end
end

-- Gives several clients the same command; `answered` is called once, with the results of those that answered.
---@param clients vim.lsp.Client[]
---@param command string
---@param arguments any[]
---@param answered sleeplsp.Answered
function M.call_each(clients, command, arguments, answered)
  local results, failure, waited = {}, nil, #clients
  for _, client in ipairs(clients) do
    M.call(client, command, arguments, function(why, result)
      waited = waited - 1
      failure = failure or why
      if not why then
        table.insert(results, { client = client, result = result })
      end
      if waited == 0 then
        answered(#results == 0 and failure or nil, results)
      end
    end)
  end
end

return M
