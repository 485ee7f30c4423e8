"""Playing a scenario: its project as the fixture has it, its Neovim, and what it needs besides."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.editors.neovim import Outcome, run
from tests.fixture_files import FIXTURES, read_cases

HERE = Path(__file__).parent
SCENARIOS = HERE / "scenarios"
CONFIG = HERE / "config"

SWITCH = "TEST_NVIM_PLUGIN"
NOT_ASKED = f"NOT RUN: editors/nvim/test runs it, and sets {SWITCH}"

_COMMIT = (
    "-c",
    "user.name=test",
    "-c",
    "user.email=test@example.invalid",
    "commit",
    "--quiet",
    "-m",
    "begin",
)


def make_project(folder: Path, name: str) -> Path:
    """Write a project of the fixture and commit it."""
    (case,) = (each for each in read_cases(FIXTURES / "editors" / "plugin.md") if each.name == name)
    for path, text in case.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for command in (("init", "--quiet"), ("add", "--all"), _COMMIT):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def play(scenario: str, folder: Path, project: str, said: Mapping[str, str]) -> Outcome:
    """Run a scenario in a project of its own."""
    work = make_project(folder / "project", project)
    other = make_project(folder / "other", "Other")
    home = folder / "home"
    home.mkdir()
    return run(
        SCENARIOS / scenario,
        work,
        home,
        CONFIG,
        {"OTHER_PROJECT": str(other), "TEST_PYTHON": sys.executable, **said},
    )
