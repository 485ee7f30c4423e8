"""Scenarios of the plugin, each taken by one Neovim. What is done and expected stands there, in Lua."""

import functools
import json
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
    Case("fixes.lua", project="Rates", script="fixes.toml"),
]

Played = tuple[Outcome, Mapping[str, object]]


@contextmanager
def _endpoint(script: Path) -> Iterator[tuple[str, Callable[[], Mapping[str, object]]]]:
    """Serve a script; yield its URL, and what ends it and tells what it has counted."""
    command = [sys.executable, "-m", "sleeplsp.llm.scripted", str(script)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    counted: dict[str, object] = {}

    def end() -> Mapping[str, object]:
        if not counted:
            process.terminate()
            counted.update(json.loads(process.communicate(timeout=30)[0]))
        return counted

    try:
        yield process.stdout.readline().strip(), end
    finally:
        end()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Played]:
    if (why := missing()) is not None:
        pytest.skip(f"NOT RUN: {why}")

    @functools.cache
    def once(name: str) -> Played:
        (case,) = (each for each in CASES if each.name == name)
        folder = tmp_path_factory.mktemp(name)
        if not case.script:
            return play(case.scenario, folder, case.project, case.said or {}), {}
        with _endpoint(SCENARIOS / case.script) as (url, end):
            outcome = play(case.scenario, folder, case.project, {**(case.said or {}), "ENDPOINT": url})
            return outcome, end()

    return lambda case: once(case.name)


STEPS = [
    pytest.param(case, step, id=f"{case.name}: {step}")
    for case in CASES
    for step in steps_of(SCENARIOS / case.scenario)
]


@pytest.mark.parametrize(("case", "step"), STEPS)
def test_step(played: Callable[[Case], Played], case: Case, step: str) -> None:
    outcome, _ = played(case)
    if step not in outcome.steps and any(outcome.steps.values()):
        pytest.skip("an earlier step has failed")
    assert step in outcome.steps, outcome.printed
    assert outcome.steps[step] is None, f"{outcome.steps[step]}\n{outcome.log}"


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
def test_it_ends_in_peace(played: Callable[[Case], Played], case: Case) -> None:
    outcome, _ = played(case)
    assert outcome.exit_code == 0, outcome.printed
    assert "Error" not in outcome.printed
    assert [line for line in outcome.log.splitlines() if "sleeplsp" in line] == []


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of a stranger")
@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
def test_no_process_is_left(played: Callable[[Case], Played], case: Case) -> None:
    outcome, _ = played(case)
    assert left_over(outcome) == []


def test_an_answer_that_is_given_up_is_made_no_further(played: Callable[[Case], Played]) -> None:
    (case,) = (each for each in CASES if each.scenario == "asking.lua")
    _, counted = played(case)
    assert counted["aborted"] == 1
