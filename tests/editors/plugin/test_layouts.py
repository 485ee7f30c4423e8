"""Where the plugin may lie, as its README tells each manager of plugins: Neovim starts as a user's does.

The lines are read from that page. `vim.pack` comes with Neovim 0.12, so what it does with them is done in its
place; lazy.nvim is the real one, where LAZY_NVIM names a copy.
"""

import functools
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editors.neovim import PLUGIN, ROOT, Outcome, missing, run, steps_of
from tests.editors.plugin.playing import NOT_ASKED, SCENARIOS, SWITCH, make_project

pytestmark = [
    pytest.mark.skipif(SWITCH not in os.environ, reason=NOT_ASKED),
    pytest.mark.timeout(180),
]

SCENARIO = SCENARIOS / "layout.lua"
PAGE = (PLUGIN / "README.md").read_text(encoding="utf-8")
LAZY = os.environ.get("LAZY_NVIM", "")
NO_LAZY = "NOT RUN: lazy.nvim is on no package index; LAZY_NVIM=FOLDER names a copy"

ENABLE = 'vim.lsp.enable("sleeplsp")\n'
SETTINGS = 'vim.lsp.config("sleeplsp", { settings = { sleeplsp = { load_max = 0 } } })\n'
STAND_IN = """
vim.pack = { add = function(specs, options)
  for _, spec in ipairs(specs) do
    options.load({ spec = spec, path = vim.fn.stdpath("data") .. "/site/pack/core/opt/" .. spec.name })
  end
end }
"""
URL = "URL-OF-THIS-REPOSITORY"
CLONE = "~/src/sleeplsp"


def _lines(heading: str, number: int = 0) -> str:
    """Return the Lua below a heading in bold."""
    found = re.findall(rf"^\*\*{re.escape(heading)}\*\*.*?```lua\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)
    return str(found[number])


def _lazily(spec: str) -> str:
    """Return a configuration that has lazy.nvim take up one plugin, with no network."""
    options = (
        "install = { missing = false }, rocks = { enabled = false }, change_detection = { enabled = false }"
    )
    return f'vim.opt.rtp:prepend("{LAZY}")\nrequire("lazy").setup({{ spec = {{ {spec} }}, {options} }})\n'


def _configuration(layout: str, repository: Path, data: Path) -> str:
    """Lay the plugin out below the folder of data, and return what `init.lua` says."""
    site = data / "nvim" / "site" / "pack"
    if layout == "by hand":
        return _lines("By hand").replace(CLONE, str(repository))
    if layout == "package":
        (site / "sleeplsp" / "start").mkdir(parents=True)
        (site / "sleeplsp" / "start" / "sleeplsp").symlink_to(repository / "editors" / "nvim")
        return ENABLE
    if layout == "vim.pack":
        (site / "core" / "opt").mkdir(parents=True)
        (site / "core" / "opt" / "sleeplsp").symlink_to(repository)
        return STAND_IN + _lines("vim.pack")
    if layout == "lazy.nvim of a clone":
        return _lazily(_lines("lazy.nvim", 0).replace(CLONE, str(repository)))
    return _lazily(_lines("lazy.nvim", 1).replace(f'url = "{URL}"', f'dir = "{repository}"'))


LAYOUTS = ["by hand", "package", "vim.pack", "lazy.nvim of a clone", "lazy.nvim that clones"]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcome]:
    if (why := missing()) is not None:
        pytest.skip(f"NOT RUN: {why}")

    @functools.cache
    def once(layout: str) -> Outcome:
        folder = tmp_path_factory.mktemp(layout.replace(" ", "-"))
        repository = folder / "repository"
        shutil.copytree(PLUGIN, repository / "editors" / "nvim")
        home = folder / "home"
        config = home / "config" / "nvim"
        config.mkdir(parents=True)
        init = SETTINGS + _configuration(layout, repository, home / "data")
        (config / "init.lua").write_text(init, encoding="utf-8")
        said = {"PYTHONPATH": str(ROOT), "HELPTAGS": str(repository / "editors" / "nvim" / "doc")}
        if "setup" in init:
            said["CALLS_SETUP"] = "yes"
        project = make_project(folder / "project", "Shop")
        tags = ("-c", "execute 'helptags' $HELPTAGS", "-S")
        return run(SCENARIO, project, home, config, said, begin=("--headless", *tags))

    return once


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("step", steps_of(SCENARIO))
def test_step(started: Callable[[str], Outcome], layout: str, step: str) -> None:
    if layout.startswith("lazy") and not LAZY:
        pytest.skip(NO_LAZY)
    outcome = started(layout)
    if step not in outcome.steps and any(outcome.steps.values()):
        pytest.skip("an earlier step has failed")
    assert step in outcome.steps, outcome.printed
    assert outcome.steps[step] is None, f"{outcome.steps[step]}\n{outcome.log}"
