"""Commands at an endpoint that does everything wrong: right exit codes and books, and no failure stored.

Each runs in this process, with all that is real but the time that is waited for between two tries.
"""

import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
import pytest

from sleeplsp.cli import app, models
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.scripted.counts import Tokens
from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint, in_a_thread
from sleeplsp.llm.scripted.script import Script, read_script
from tests.cli.conftest import MAIN, STORE, write
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.journal.conftest import execute
from tests.llm.books import PLANTED, HurriedClock

CASES = read_cases(FIXTURES / "llm" / "faults.md")

TRACEBACK = """\
Traceback (most recent call last):
  File "/elsewhere/main.py", line 8, in shout
    return load(key, table).upper()
           ^^^^^^^^^^^^^^^^^^^^^^
AttributeError: 'NoneType' object has no attribute 'upper'
"""
SETTINGS = {
    "SLEEPLSP_MODEL": "scripted",
    "SLEEPLSP_API_KEY": PLANTED,
    "SLEEPLSP_GENERATIONS_MAX": "1",
}
PRECOMPUTE = ("precompute", "--format", "json")
LOOSER = {"SLEEPLSP_REPLY_TOKENS_MAX": "2999"}
"""Within other limits what a model failed at is tried again."""


class Exits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ask: int
    why: int
    precompute: int


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    exit: Exits
    says: str = ""
    stops: bool = False
    lasts: bool = False
    booked: tuple[str, ...] | None = None


class Booked(msgspec.Struct, frozen=True, array_like=True):
    """A call in the journal, by the names of its columns."""

    phase: str
    outcome: str
    estimated: int
    prompt: int
    cached: int
    completion: int
    reasoning: int


class Ended(NamedTuple):
    """What a command came to, and what was booked of it."""

    code: int
    out: str
    err: str
    booked: tuple[str, ...]
    """Outcomes of calls that are no trials, in turn."""
    told: Tokens
    """What is booked as the endpoint told it."""

    @property
    def model(self) -> Any:
        return json.loads(self.out)["model"]


@pytest.fixture(scope="module")
def well() -> Iterator[ScriptedEndpoint]:
    with in_a_thread() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str]) -> Path:
    """Return a folder with a workspace, and a store that knows all that is known without a model."""
    folder = tmp_path_factory.mktemp("known")
    module = STORE + "\n\n" + MAIN.partition("\n\n\n")[2]
    write(folder / "workspace", {"main.py": module})
    (folder / "log.txt").write_text(TRACEBACK)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**environment, "SLEEPLSP_CACHE_DIR": str(folder / "cache")}.items():
            patch.setenv(name, value)
        assert app.run(["precompute", "--root", str(folder / "workspace")]) == 0
    return folder


class Stage:
    """A store and a journal of their own, for one command after the other."""

    def __init__(self, folder: Path, known: Path, captured: pytest.CaptureFixture[str]) -> None:
        self._cache, self._state = folder / "cache", folder / "state"
        self._captured = captured
        self.log = str(known / "log.txt")
        shutil.copytree(known / "cache", self._cache)

    def run(self, endpoint: ScriptedEndpoint, *arguments: str, **more: str) -> Ended:
        """Run a command with an empty journal."""
        shutil.rmtree(self._state, ignore_errors=True)
        places = {"SLEEPLSP_CACHE_DIR": str(self._cache), "SLEEPLSP_STATE_DIR": str(self._state)}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {**SETTINGS, **places, "SLEEPLSP_ENDPOINT": endpoint.url, **more}.items():
                patch.setenv(name, value)
            code = app.run(arguments)
        ended = Ended(code, *self._captured.readouterr(), *self._books())
        assert PLANTED not in ended.out + ended.err
        return ended

    def _books(self) -> tuple[tuple[str, ...], Tokens]:
        found = execute(self._state, f"SELECT {', '.join(Booked.__struct_fields__)} FROM calls ORDER BY at")
        rows = msgspec.convert(found, tuple[Booked, ...])  # each has an outcome: nothing is left reserved
        told = [each for each in rows if not each.estimated]
        return tuple(each.outcome for each in rows if each.phase != "probe"), Tokens(
            sum(each.prompt for each in told),
            sum(each.cached for each in told),
            sum(each.completion for each in told),
            sum(each.reasoning for each in told),
        )


@pytest.fixture
def stage(
    tmp_path: Path,
    known: Path,
    environment: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Stage:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(known / "workspace")
    monkeypatch.setattr(models, "EndpointModel", _hurried)
    return Stage(tmp_path, known, capfd)


def _hurried(*arguments: Any, **more: Any) -> EndpointModel:
    return EndpointModel(*arguments, **more, clock=HurriedClock())


def _expected(case: Case) -> Expected:
    (text,) = case.texts("toml-expect-commands")
    return msgspec.convert(tomllib.loads(text), Expected)


def _call(case: Case, way: Literal["heard", "whole"]) -> dict[str, Any]:
    """Return what a call alone comes to."""
    (text,) = (way == "heard" and case.texts("toml-expect-heard")) or case.texts("toml-expect")
    return tomllib.loads(text)


def _script(case: Case) -> Script:
    (text,) = case.texts("toml-script")
    return read_script(text)


def _structured(case: Case) -> Script:
    """Return a case's script with a reply that fits the schema in the place of the one it is about."""
    script, wanted = _script(case), _call(case, "whole").get("text")
    steps = (
        msgspec.structs.replace(each, text=None) if each.text is not None and each.text == wanted else each
        for each in script.step
    )
    return msgspec.structs.replace(script, step=tuple(steps))


_by_case = pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)


@_by_case
def test_a_question(case: Case, stage: Stage) -> None:
    expected, call = _expected(case), _call(case, "heard")
    with in_a_thread(_script(case)) as endpoint:
        ended = stage.run(endpoint, "ask", "is load compared exactly?")
    assert ended.code == expected.exit.ask, ended.err
    assert list(ended.booked) == call["booked"]
    assert ended.told == endpoint.counts.reported
    if ended.code == 0:
        assert ended.out == call["text"] + "\n"
    else:
        assert_told(ended, expected)


@_by_case
def test_the_cause_of_a_crash(case: Case, stage: Stage) -> None:
    expected, call = _expected(case), _call(case, "whole")
    with in_a_thread(_script(case)) as endpoint:
        ended = stage.run(endpoint, "why", "--model", "--json", stage.log)
    assert ended.code == expected.exit.why, ended.err
    assert list(ended.booked) == call["booked"]
    assert ended.told == endpoint.counts.reported
    assert json.loads(ended.out)["text"][0] == "main.py:8: cause: `load()` may return `None`"
    if ended.code == 0:
        assert (ended.model["text"], ended.err) == (call["text"], "")
    else:
        assert ended.model is None
        assert_told(ended, expected)


def assert_told(ended: Ended, expected: Expected) -> None:
    """An error is told in one line."""
    (line,) = ended.err.splitlines()
    assert line.startswith("sleeplsp: error: ")
    assert expected.says in line


@_by_case
def test_a_precompute(case: Case, stage: Stage, well: ScriptedEndpoint) -> None:
    expected = _expected(case)
    booked = expected.booked if expected.booked is not None else tuple(_call(case, "whole")["booked"])
    with in_a_thread(_structured(case)) as endpoint:
        ended = stage.run(endpoint, *PRECOMPUTE)
    assert ended.code == expected.exit.precompute, ended.err
    assert ended.booked == booked
    assert ended.told == endpoint.counts.reported
    assert json.loads(ended.out)["coverage"]["thought"] == 1, "what needs no model is done"
    model, is_well = ended.model, ended.code == 0
    assert model["known"] == is_well
    assert bool(model["stopped"]) is (expected.stops and not is_well)
    assert bool(model["failed"]) is not (expected.stops or is_well)
    if not is_well:
        said = model["stopped"] or " ".join(model["failed"].values())
        assert expected.says in said
        assert "\n" not in said
    # A later command at an endpoint that is well comes to know what this one does not: no failure was stored.
    again = stage.run(well, *PRECOMPUTE)
    is_asked = not (is_well or expected.lasts)
    assert (again.code, again.model["calls"]) == (3 if expected.lasts else 0, is_asked)
    assert again.model["failed"] == (model["failed"] if expected.lasts else {})
    loosened = stage.run(well, *PRECOMPUTE, **LOOSER)
    assert (loosened.code, loosened.model["calls"]) == (0, expected.lasts)
