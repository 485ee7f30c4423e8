"""Scenarios of the plugin, each taken by one Neovim. What is done and expected stands there, in Lua."""

import functools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.editors.neovim import ROOT, Outcome, left_over, missing, steps_of
from tests.editors.plugin.playing import NOT_ASKED, SCENARIOS, SWITCH, play

pytestmark = [
    pytest.mark.skipif(SWITCH not in os.environ, reason=NOT_ASKED),
    pytest.mark.timeout(180),
]


@dataclass(frozen=True)
class Case:
    """A scenario, and in which circumstances it is played."""

    scenario: str
    project: str = "Shop"
    said: Mapping[str, str] | None = None
    script: str = ""
    """The script of the endpoint that it has, if any."""

    @property
    def name(self) -> str:
        return "-".join((Path(self.scenario).stem, *(self.said or {}).values()))


CASES = [
    Case("commands.lua"),
    Case("lists.lua", said={"ENCODING": "utf-8"}),
    Case("lists.lua", said={"ENCODING": "utf-16"}),
    Case("why.lua"),
    Case("lenses.lua"),
    Case("health.lua"),
    Case("asking.lua", script="asking.toml"),
    Case("verifying.lua", project="Sums", script="verifying.toml"),
    Case("fixes.lua", project="Rates", script="fixes.toml"),
]


@contextmanager
def _endpoint(script: Path, counts: Path) -> Iterator[str]:
    """Serve a script; yield its URL. What it has counted so far stands in a file."""
    command = [sys.executable, "-m", "tests.editors.plugin.counting", str(script), str(counts)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Outcome]:
    if (why := missing()) is not None:
        pytest.skip(f"NOT RUN: {why}")

    @functools.cache
    def once(name: str) -> Outcome:
        (case,) = (each for each in CASES if each.name == name)
        folder = tmp_path_factory.mktemp(name)
        if not case.script:
            return play(case.scenario, folder, case.project, case.said or {})
        counts = folder / "counts.json"
        with _endpoint(SCENARIOS / case.script, counts) as url:
            said = {**(case.said or {}), "ENDPOINT": url, "COUNTS": str(counts)}
            return play(case.scenario, folder, case.project, said)

    return lambda case: once(case.name)


STEPS = [
    pytest.param(case, step, id=f"{case.name}: {step}")
    for case in CASES
    for step in steps_of(SCENARIOS / case.scenario)
]


@pytest.mark.parametrize(("case", "step"), STEPS)
def test_step(played: Callable[[Case], Outcome], case: Case, step: str) -> None:
    outcome = played(case)
    if step not in outcome.steps and any(outcome.steps.values()):
        pytest.skip("an earlier step has failed")
    assert step in outcome.steps, outcome.printed
    assert outcome.steps[step] is None, f"{outcome.steps[step]}\n{outcome.log}"


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
def test_it_ends_in_peace(played: Callable[[Case], Outcome], case: Case) -> None:
    outcome = played(case)
    assert outcome.exit_code == 0, outcome.printed
    assert "Error" not in outcome.printed
    assert [line for line in outcome.log.splitlines() if "sleeplsp" in line] == []


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of a stranger")
@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
def test_no_process_is_left(played: Callable[[Case], Outcome], case: Case) -> None:
    outcome = played(case)
    assert left_over(outcome) == []
