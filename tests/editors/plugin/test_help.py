"""The help: all that the plugin has, has its place there, and every link leads somewhere."""

import json
import os
import re
import shutil
import subprocess

import pytest

from tests.editors.neovim import PLUGIN, environment, executable, missing
from tests.editors.plugin.playing import NOT_ASKED, SWITCH

pytestmark = pytest.mark.skipif(SWITCH not in os.environ, reason=NOT_ASKED)

COLUMNS_MAX = 79
PAGE = (PLUGIN / "doc" / "sleeplsp.txt").read_text(encoding="utf-8")
TAGS = set(re.findall(r"\*([^*\s]+)\*", PAGE))

ASKED = """
vim.opt.rtp:prepend(vim.env.COPY)
local function names(of)
  local found = vim.tbl_keys(of)
  table.sort(found)
  return found
end
local functions = vim.tbl_filter(function(name)
  return type(require("sleeplsp")[name]) == "function"
end, names(require("sleeplsp")))
vim.cmd.helptags(vim.env.COPY .. "/doc")
local lost = {}
for link in table.concat(vim.fn.readfile(vim.env.COPY .. "/doc/sleeplsp.txt"), "\\n"):gmatch("|([^|%s]+)|") do
  if not pcall(vim.cmd.help, link) then
    table.insert(lost, link)
  end
end
io.stdout:write(vim.json.encode({
  commands = names(require("sleeplsp.command").subcommands),
  functions = functions,
  options = names(require("sleeplsp.options").now),
  keys = require("sleeplsp.keymaps").proposed,
  lost = lost,
}))
"""

Json = dict[str, object]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """Return what the plugin says of itself."""
    if (why := missing()) is not None:
        pytest.skip(f"NOT RUN: {why}")
    folder = tmp_path_factory.mktemp("help")
    shutil.copytree(PLUGIN, folder / "nvim")
    script = folder / "asked.lua"
    script.write_text(ASKED, encoding="utf-8")
    command = [executable(), "--clean", "-l", str(script)]
    said = {**environment(folder), "COPY": str(folder / "nvim")}
    done = subprocess.run(command, env=said, capture_output=True, text=True, check=True, timeout=60)
    found: Json = json.loads(done.stdout)
    return found


def _missing(names: object, form: str) -> list[str]:
    assert isinstance(names, list)
    assert names
    return [each for each in names if form.format(each) not in TAGS]


def test_every_command_has_a_tag(told: Json) -> None:
    assert _missing(told["commands"], ":Sleeplsp-{}") == []


def test_every_function_has_a_tag(told: Json) -> None:
    assert _missing(told["functions"], "sleeplsp.{}()") == []


def test_every_highlight_has_a_tag() -> None:
    names = re.findall(
        r"^  (Sleeplsp\w+) = ", (PLUGIN / "plugin" / "sleeplsp.lua").read_text("utf-8"), re.MULTILINE
    )
    assert _missing(names, "hl-{}") == []


def test_every_option_is_told(told: Json) -> None:
    options = told["options"]
    assert isinstance(options, list)
    assert [each for each in options if f"\n      {each} = " not in PAGE or f"\n{each:<16}" not in PAGE] == []
    readme = (PLUGIN / "README.md").read_text(encoding="utf-8")
    assert [each for each in options if f"\n  {each} = " not in readme] == []


def test_every_key_is_told_as_it_is(told: Json) -> None:
    keys = told["keys"]
    assert isinstance(keys, dict)
    for action, key in keys.items():
        assert re.search(rf"^ +{action} +{key['key']} +\|:Sleeplsp-{key['command']}\|", PAGE, re.MULTILINE), (
            action
        )


def test_every_link_leads_somewhere(told: Json) -> None:
    assert told["lost"] in ([], {})


def test_no_line_is_too_long() -> None:
    assert [line for line in PAGE.splitlines() if len(line) > COLUMNS_MAX] == []
