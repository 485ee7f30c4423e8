-- `:checkhealth sleeplsp`.

local M = {}

local ANSWER_MS = 5000
local OLDEST_NEOVIM, OLDEST_PYTHON = "0.11.0", "3.11"

---@param value any
---@return any
local function present(value)
  return value ~= vim.NIL and value or nil
end

local function check_neovim()
  vim.health.start("Neovim")
  local version = tostring(vim.version())
  if vim.version.lt(vim.version(), OLDEST_NEOVIM) then
    vim.health.error(
      ("Neovim %s is too old"):format(version),
      { "Install " .. OLDEST_NEOVIM .. " or newer." }
    )
  else
    vim.health.ok("Neovim " .. version)
  end
  if not vim.lsp.is_enabled or vim.lsp.is_enabled("sleeplsp") then
    vim.health.ok("the server is enabled")
  else
    vim.health.warn(
      "the server is not enabled",
      { 'Add `vim.lsp.enable("sleeplsp")` to your configuration.' }
    )
  end
end

---@param version string
---@param where string
local function check_version(version, where)
  local oldest = require("sleeplsp").oldest_server
  if vim.version.lt(version, oldest) then
    local advice = ("Install %s or newer: the plugin uses what older ones do not have."):format(oldest)
    vim.health.error(("%s is version %s, too old"):format(where, version), { advice })
  else
    vim.health.ok(("%s is version %s"):format(where, version))
  end
end

---@param executable string
local function check_python(executable)
  local python, version = require("sleeplsp.found").python(executable)
  if not python then
    vim.health.info("which Python it runs with cannot be told from " .. executable)
  elseif not version then
    vim.health.error(python .. " does not start", { "Install sleeplsp again." })
  elseif vim.version.lt(version, OLDEST_PYTHON) then
    vim.health.error(("Python %s is too old"):format(version), { OLDEST_PYTHON .. " or newer is needed." })
  else
    vim.health.ok(("Python %s (%s)"):format(version, python))
  end
end

local function check_server()
  vim.health.start("Server")
  local found = require("sleeplsp.found")
  local command = found.command()
  if not command then
    vim.health.info("`cmd` is a function: what it starts cannot be checked")
    return
  end
  local executable = vim.fn.exepath(command[1])
  if executable == "" then
    vim.health.error(("`%s` is not found on PATH"):format(command[1]), {
      "Install it, for instance with `pipx install`, or start Neovim from the environment it is in.",
      'Or name it: `vim.lsp.config("sleeplsp", { cmd = { "/path/to/sleeplsp", "serve" } })`.',
    })
    return
  end
  vim.health.ok("found: " .. executable)
  check_python(executable)
  local version = found.version(vim.list_extend({ executable }, vim.list_slice(command, 2)))
  if version then
    check_version(version, "sleeplsp")
  else
    vim.health.error(
      "`--version` says nothing that is known",
      { "Is this sleeplsp? It may be broken, or too old." }
    )
  end
end

---@param client vim.lsp.Client
local function check_commands(client)
  local server = require("sleeplsp.server")
  local missing = vim.tbl_filter(function(command)
    return not server.knows(client, command)
  end, { "sleeplsp.ask", "sleeplsp.insight", "sleeplsp.overview", "sleeplsp.status", "sleeplsp.why" })
  if #missing > 0 then
    local what = ("the server that runs has no %s"):format(table.concat(missing, ", "))
    vim.health.error(what, { "It is older than the plugin: install a newer one." })
  end
end

---@param status sleeplsp.Status
local function check_model(status)
  local model, budget = present(status.model), present(status.budget)
  if not model and not budget then
    vim.health.info(("%s: no model is asked, and none is needed"):format(status.name))
    return
  end
  local stopped = model and present(model.stopped)
  if stopped then
    vim.health.warn(("%s: the model stopped: %s"):format(status.name, stopped))
  elseif model then
    local told = "%s: model %s, %d modules known, %d left"
    vim.health.ok(told:format(status.name, model.name, model.known, model.left))
  end
  if budget then
    local told = "%s: %d of %d tokens of today are spent"
    local line = told:format(status.name, budget.tokensToday, budget.tokensDayMax)
    if budget.isSpent then
      vim.health.warn(line .. ": no model is asked any more today")
    else
      vim.health.info(line)
    end
  end
end

-- Whether claims may be tested here, and can be.
---@param client vim.lsp.Client
---@param status sleeplsp.Status
local function check_verification(client, status)
  local verified = require("sleeplsp.verified")
  local found = verified.of(status)
  local line = ("%s: testing claims by running code: %s"):format(status.name, verified.brief(status))
  local is_allowed = vim.tbl_get(client.settings, "sleeplsp", "verify") == true
  if found and found.state == "unavailable" then
    vim.health.warn(line)
  elseif found and found.state == "on" then
    vim.health.ok(line)
  elseif found or not is_allowed then
    vim.health.info(line .. "; `:Sleeplsp verify` asks whether they may be")
  else
    vim.health.info(line .. "; it is allowed here")
  end
end

---@param client vim.lsp.Client
local function check_statuses(client)
  local params = { command = "sleeplsp.status", arguments = {} }
  local reply, why = client:request_sync("workspace/executeCommand", params, ANSWER_MS, 0)
  if not reply or reply.err then
    vim.health.warn("the server does not tell its status: " .. (why or (reply and reply.err.message) or ""))
    return
  end
  for _, status in ipairs(reply.result) do
    local brief = require("sleeplsp.statuses").brief(status, true)
    vim.health.info(("%s: %s, %d files failed"):format(status.name, brief, #status.failed))
    check_model(status)
    check_verification(client, status)
  end
end

-- Other servers of the same buffers that answer hovers.
---@param client vim.lsp.Client
local function check_others(client)
  local names = {}
  for buffer in pairs(client.attached_buffers) do
    for _, other in ipairs(vim.lsp.get_clients({ bufnr = buffer, method = "textDocument/hover" })) do
      if other.id ~= client.id then
        names[other.name] = true
      end
    end
  end
  local others = table.concat(vim.tbl_keys(names), ", ")
  if others == "" then
    vim.health.info("no other server answers hovers here: types and signatures are for a type checker's")
  else
    vim.health.ok(
      ("hovers stand beside those of %s; `navigation = false` leaves places to it"):format(others)
    )
  end
end

---@param client vim.lsp.Client
---@return string
local function settings_of(client)
  local settings = vim.tbl_get(client, "settings", "sleeplsp") or {}
  if not next(settings) then
    return "all as by default"
  end
  local plain = setmetatable(vim.deepcopy(settings), nil)
  return (vim.inspect(plain):gsub("%s+", " "))
end

---@param client vim.lsp.Client
local function check_client(client)
  vim.health.start(("Client %d"):format(client.id))
  local version = client.server_info and client.server_info.version
  if version then
    check_version(version, "the server that runs")
  end
  check_commands(client)
  vim.health.ok("root: " .. (client.root_dir or "none, each file by itself"))
  vim.health.ok(
    ("buffers: %d, columns in %s"):format(vim.tbl_count(client.attached_buffers), client.offset_encoding)
  )
  vim.health.info("settings: " .. settings_of(client))
  check_statuses(client)
  check_others(client)
end

local function check_clients()
  local server = require("sleeplsp.server")
  for _, client in ipairs(server.all()) do
    check_client(client)
  end
  if #server.all() == 0 then
    vim.health.start("Client")
    vim.health.info("no server runs now: it starts with the first file that it knows")
  end
end

-- What the server would use and this Neovim does not announce, and what becomes of it.
local function tell_what_is_not_announced()
  vim.health.start("What Neovim does not announce")
  local announced = vim.lsp.protocol.make_client_capabilities()
  local gaps = {
    {
      vim.tbl_get(announced, "workspace", "codeLens", "refreshSupport"),
      "lenses are asked for again: the plugin does so",
    },
    {
      vim.tbl_get(announced, "workspace", "workspaceEdit", "documentChanges"),
      "edits for an older text fail: the plugin announces it, Neovim can",
    },
    {
      vim.tbl_get(announced, "workspace", "workspaceEdit", "changeAnnotationSupport"),
      "what a model thought of is confirmed: the plugin asks",
    },
    {
      vim.tbl_get(announced, "workspace", "diagnostics", "refreshSupport"),
      "marks of files that are not open: `:Sleeplsp bugs` lists them",
    },
    {
      vim.tbl_get(announced, "workspace", "didChangeWatchedFiles", "dynamicRegistration"),
      "files that change on disk: the server watches them itself",
    },
  }
  for _, gap in ipairs(gaps) do
    vim.health.info(gap[2] .. (gap[1] and " (this Neovim announces it)" or ""))
  end
end

function M.check()
  check_neovim()
  check_server()
  check_clients()
  tell_what_is_not_announced()
end

return M
