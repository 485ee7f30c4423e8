"""`ask`: what surely answers a question without a model, what one is asked otherwise, and how it is told."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sleeplsp.cli import app, modelled
from sleeplsp.engine.model import Call, CapError, DeniedError, Model, Phase
from sleeplsp.llm.replay import ReplayModel
from sleeplsp.llm.scripted.model import Scripted, ScriptedModel
from tests.cli.conftest import STORE, Command, write
from tests.cli.test_formats import validate
from tests.insights import insight_of

if TYPE_CHECKING:
    from sleeplsp.core.insight import Insight

INSIGHT = """
summary = "A table of things."
[[questions]]
symbol = "load"
question = "What happens when the key is missing?"
answer = "`None` comes back: nothing is raised."
votes = "2/3"
"""


def test_what_was_deduced_answers_without_a_model(command: Command) -> None:
    told = command("ask", "can load return None?")
    assert told.out == "Can `load` return `None`?\n\nYes. May return `None` when `key not in table`.\n"
    assert told.err == "sleeplsp: deduced, of store.py::load; no tokens\n"
    assert told.code == 0


def test_it_is_what_stands_at_a_place(command: Command) -> None:
    call = command("ask", "can it return None?", "--at", "main.py:5:13", "--json").json
    validate(call, "ask")
    assert call["answer"]["symbol"] == "store.py::load"
    line = command("ask", "who calls it?", "--at", "store.py:1", "--json").json
    assert line["answer"]["answer"].endswith("- `main.py::shout`")
    assert command("ask", "who calls it?", "--json").json["answer"] is None


def test_without_a_model_what_comes_near_is_told(command: Command) -> None:
    told = command("ask", "is the key in load compared exactly?")
    assert told.out == ""
    assert "nothing known surely answers it, and there is no model to ask" in told.err
    assert "near: store.py::load: May return `None` when `key not in table`. (deduced)" in told.err
    assert told.code == 0
    assert "no symbol is named that is known" in command("ask", "how fast is it?").err
    found = command("ask", "is the key in load compared exactly?", "--json").json
    validate(found, "ask")
    assert found["answer"] is None
    assert found["nearest"][0]["kind"] == "claim"


@pytest.mark.parametrize(
    "arguments",
    [(" ",), ("why?", "--at", "store.py"), ("why?", "--at", "store.py:99"), ("why?", "--at", ".:1")],
)
def test_what_cannot_be_asked_is_refused(command: Command, arguments: tuple[str, ...]) -> None:
    assert command("ask", *arguments).code == 2


Run = Callable[..., tuple[int, str, str]]


@asynccontextmanager
async def _opened(model: Model) -> AsyncIterator[Model]:
    try:
        yield model
    finally:
        await model.close()


@pytest.fixture
def run(
    environment: dict[str, str],
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:
    """Return a function that runs `sleeplsp ask` in this process, with a model and what it claims."""
    monkeypatch.chdir(workspace)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def asked(model: Model | None, *arguments: str, insight: str = "") -> tuple[int, str, str]:
        insights: dict[str, Insight] = {}
        if insight:
            insights["store.py"] = insight_of("store.py", STORE, insight)
        opened = partial(_opened, model) if model is not None else None
        monkeypatch.setattr(modelled, "model_of", lambda _: opened)
        monkeypatch.setattr(modelled, "insights", lambda _: insights)
        code = app.run(["ask", *arguments])
        return code, *capfd.readouterr()

    return asked


def test_a_question_that_was_anticipated_costs_nothing(run: Run) -> None:
    model = ScriptedModel([])
    asked = "what does load do if the key isn't there?"
    code, out, err = run(model, asked, insight=INSIGHT)
    assert out == "What happens when the key is missing?\n\n`None` comes back: nothing is raised.\n"
    assert err == "sleeplsp: agreed 2/3, of store.py::load; no tokens\n"
    assert code == 0
    found = json.loads(run(model, asked, "--json", insight=INSIGHT)[1])
    validate(found, "ask")
    assert (found["answer"]["source"], found["spent"]["tokens"]) == ("anticipated", 0)
    assert not model.calls


def test_else_a_model_is_asked_with_what_is_known(run: Run) -> None:
    model = ScriptedModel(["Keys are compared exactly,\nas [`dict`](https://a.b) does. \x1b[31m", "No."])
    code, out, err = run(model, "is the key in load compared exactly?", insight=INSIGHT)
    assert out == "Keys are compared exactly,\nas `dict` (https: //a.b) does. \\x1b[31m\n"
    assert "sleeplsp: scripted:" in err
    assert "tokens" in err
    assert "it was told of store.py::load, store.py, main.py::shout" in err
    assert code == 0
    (call,) = model.calls
    assert (call.phase, call.path) == (Phase.TEST, "store.py")
    assert "is the key in load compared exactly?" in call.prompt.user
    assert "May return `None` when `key not in table`." in call.prompt.user
    assert "`None` comes back: nothing is raised." in call.prompt.user
    assert "return table[key]" in call.prompt.user
    assert model.closed
    found: Any = json.loads(run(model, "is load compared exactly?", "--json")[1])
    validate(found, "ask")
    assert found["answer"]["source"] == "model"
    assert not found["spent"]["replayed"]
    assert found["spent"]["tokens"] == found["spent"]["prompt"] + found["spent"]["completion"] > 0


def test_a_recording_is_told_as_one(run: Run, tmp_path: Path) -> None:
    asked, model = "is load compared exactly?", ScriptedModel(["Yes."])
    _, out, err = run(ReplayModel(model, tmp_path / "tape"), asked)
    assert "recording" not in err
    again = run(ReplayModel(None, tmp_path / "tape"), asked)
    assert again[1] == out
    assert "sleeplsp: scripted: of a recording, no tokens now; then " in again[2]
    found = json.loads(run(ReplayModel(None, tmp_path / "tape"), asked, "--json")[1])
    validate(found, "ask")
    assert found["spent"]["replayed"]
    assert found["spent"]["tokens"] > 0


def test_where_nothing_can_be_told_no_model_is_asked(run: Run) -> None:
    model = ScriptedModel([])
    code, out, err = run(model, "how fast is it?")
    assert (code, out) == (0, "")
    assert "no symbol is named that is known, and there is nothing to tell a model" in err
    assert not model.calls


def test_verbosity_says_how_long_an_answer_may_be(run: Run) -> None:
    model = ScriptedModel(["a", "b"])
    run(model, "is load compared exactly?", "--verbosity", "0")
    run(model, "is load compared exactly?", "--verbosity", "4")
    short, long = model.calls
    assert short.reply_tokens_max < long.reply_tokens_max
    assert short.prompt.parts[:-1] == long.prompt.parts[:-1]
    assert short.prompt.system == long.prompt.system


@pytest.mark.parametrize(
    ("error", "code"), [(CapError("no tokens left"), 3), (DeniedError("no such key"), 2)]
)
def test_a_call_that_fails_is_told_in_one_line(run: Run, error: Scripted, code: int) -> None:
    model = ScriptedModel([error])
    assert run(model, "is load compared exactly?") == (code, "", f"sleeplsp: error: {error}\n")
    assert model.closed


def test_who_interrupts_ends_the_call(run: Run) -> None:
    def interrupted(_call: Call) -> str:
        raise KeyboardInterrupt

    assert run(ScriptedModel(interrupted), "is load compared exactly?")[0] == 130


def test_secrets_are_not_sent(run: Run, workspace: Path) -> None:
    planted = "AKIA" + "J4K7QX2MZP5R8TVW"
    write(workspace, {"store.py": STORE + f'\n\ndef sign(x):\n    key = "{planted}"\n    return x + key\n'})
    model = ScriptedModel(["a"])
    run(model, f"how long is the key {planted} in sign?")
    (call,) = model.calls
    assert "return x + key" in call.prompt.user
    assert planted not in call.prompt.user
