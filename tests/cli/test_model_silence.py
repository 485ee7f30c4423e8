"""Commands, as processes, at an endpoint that takes too long: they end when their time is over."""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from sleeplsp.llm.scripted.endpoint import in_a_thread
from sleeplsp.llm.scripted.script import read_script
from tests.cli.conftest import Command
from tests.cli.test_why import TRACEBACK
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.journal.conftest import execute

CASES = read_cases(FIXTURES / "llm" / "silence.md")

SETTINGS = {
    "SLEEPLSP_MODEL": "scripted",
    "SLEEPLSP_CALL_S_MAX": "1",
    "SLEEPLSP_ANSWER_S_MAX": "1",
    "SLEEPLSP_GENERATIONS_MAX": "1",
}


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    exit: int
    says: str
    booked: frozenset[str]


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
def test_a_command_ends_in_time(case: Case, command: Command, tmp_path: Path) -> None:
    (script,), (text,) = case.texts("toml-script"), case.texts("toml-expect")
    expected = msgspec.convert(tomllib.loads(text), dict[str, Expected])
    log = tmp_path / "log.txt"
    log.write_text(TRACEBACK)
    arguments = {
        "ask": ("is load compared exactly?",),
        "why": ("--model", str(log)),
        "precompute": (),
    }

    def run(name: str) -> None:
        places = {
            "SLEEPLSP_CACHE_DIR": str(tmp_path / name),
            "SLEEPLSP_STATE_DIR": str(tmp_path / f"of-{name}"),
        }
        with in_a_thread(read_script(script)) as endpoint:
            told = command(name, *arguments[name], **SETTINGS, **places, SLEEPLSP_ENDPOINT=endpoint.url)
        wanted = expected[name]
        assert told.code == wanted.exit, told.err
        assert wanted.says in told.out + told.err
        calls = execute(tmp_path / f"of-{name}", "SELECT phase, outcome FROM calls ORDER BY at")
        assert {outcome for phase, outcome in calls if phase != "probe"} <= wanted.booked
        assert all(outcome is not None for _, outcome in calls), "nothing stays booked"

    with ThreadPoolExecutor(len(expected)) as threads:
        list(threads.map(run, expected))
