"""sleeplsp in real Neovim, beside a second server: one Neovim takes all steps of the scenario.

What is done and expected stands in `nvim/beside_ty.lua`; the project in `fixtures/editors/neovim.md`.
"""

import os
import re
import shutil
import subprocess

import pytest

from sleeplsp.core.languages import languages
from tests.editors.neovim import HERE, SERVER_FILE, Outcome, left_over, missing, run, steps_of
from tests.fixture_files import FIXTURES, read_cases

SCENARIO = HERE / "beside_ty.lua"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    if (why := missing()) is not None:
        pytest.skip(f"NOT RUN: {why}")
    project = tmp_path_factory.mktemp("project")
    (case,) = read_cases(FIXTURES / "editors" / "neovim.md")
    for path, text in case.files.items():
        (project / path).parent.mkdir(exist_ok=True)
        (project / path).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    home = tmp_path_factory.mktemp("home")
    config = home / "config" / "nvim"
    shutil.copytree(HERE / "config", config)
    shutil.copy(SERVER_FILE, config / "lsp")  # alone, as by hand: there is no plugin around it
    return run(SCENARIO, project, home, config)


@pytest.mark.parametrize("step", steps_of(SCENARIO))
def test_step(outcome: Outcome, step: str) -> None:
    if step not in outcome.steps and any(outcome.steps.values()):
        pytest.skip("an earlier step has failed")
    assert step in outcome.steps, outcome.printed
    assert outcome.steps[step] is None, f"{outcome.steps[step]}\n{outcome.log}"


def test_it_ends_in_peace(outcome: Outcome) -> None:
    assert outcome.exit_code == 0
    assert "Error" not in outcome.printed
    complaints = [line for line in outcome.log.splitlines() if "sleeplsp" in line]
    assert complaints == []


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of a stranger")
def test_no_process_is_left(outcome: Outcome) -> None:
    assert len(outcome.processes) >= 3, "the two servers and the deducer ran"
    assert left_over(outcome) == []


def test_all_languages_are_served() -> None:
    told = re.search(r"filetypes = \{(.*?)\}", SERVER_FILE.read_text(encoding="utf-8"), re.DOTALL)
    assert told is not None
    known = [name for each in languages().values() for name in (each.name, *each.editor_ids)]
    assert re.findall(r'"(\w+)"', told[1]) == ["python", *sorted(set(known) - {"python"})]
