"""`sleeplsp why`: a traceback in, the cause out."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sleeplsp.cli import app, modelled
from sleeplsp.engine.model import CapError, Model
from sleeplsp.llm.replay import ReplayModel
from sleeplsp.llm.scripted.model import ScriptedModel
from tests.cli.conftest import Command, write
from tests.cli.test_formats import validate
from tests.cli.test_query import HEAVY, IMPORTED

TRACEBACK = """\
Traceback (most recent call last):
  File "/elsewhere/use.py", line 3, in <module>
    main.shout("a", {})
  File "/elsewhere/main.py", line 5, in shout
    return load(key, table).upper()
           ^^^^^^^^^^^^^^^^^^^^^^
AttributeError: 'NoneType' object has no attribute 'upper'
"""
CAUSE = [
    "main.py:5: cause: `load()` may return `None`",
    "store.py:2: when `key not in table`",
]


def test_the_cause_is_named_first(command: Command, tmp_path: Path) -> None:
    text = tmp_path / "log.txt"
    text.write_text(TRACEBACK)
    told = command("why", str(text))
    assert told.code == 0
    assert told.out.splitlines()[:2] == CAUSE
    found = command("why", str(text), "--json").json
    validate(found, "why")
    assert found["certainty"] == "certain"
    assert [(each["path"], each["line"]) for each in found["steps"]] == [
        *(("main.py", 5), ("store.py", 2), ("store.py", 3)),
    ]
    assert found["crash"]["symbol"] == "shout"
    assert found["text"][:2] == CAUSE


def test_the_text_comes_from_standard_input_too(environment: Mapping[str, str], workspace: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sleeplsp", "why"],
        cwd=workspace,
        env=environment,
        input=TRACEBACK.encode() + b"\xff\n",
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode().splitlines()[:2] == CAUSE
    assert done.returncode == 0


def test_exit_codes_tell_what_came_of_it(command: Command, workspace: Path, tmp_path: Path) -> None:
    text = tmp_path / "log.txt"
    text.write_text("all is well\n")
    none = command("why", str(text))
    assert (none.code, none.out) == (2, "")
    assert "there is no Python traceback in the text" in none.err
    assert command("why", str(tmp_path / "gone.txt")).code == 2
    text.write_text(TRACEBACK.replace("main.py", "other.py").replace("load(", "loads("))
    elsewhere = command("why", str(text))
    assert elsewhere.code == 3
    assert elsewhere.out.startswith("no code of this workspace is in the traceback")
    write(
        workspace,
        {"main.py": "import json\n\n\ndef shout(key, table):\n    return table.read(key, table)\n"},
    )
    said = "return table.read(key, table)"
    library = '  File "/usr/lib/python3.11/json/decoder.py", line 353, in decode\nTypeError: no'
    text.write_text(TRACEBACK.replace("return load(key, table).upper()", said).partition("Attr")[0] + library)
    unknown = command("why", str(text))
    assert unknown.code == 3
    assert "nothing known explains it" in unknown.out


def test_it_is_quick_to_start(environment: Mapping[str, str], workspace: Path, tmp_path: Path) -> None:
    text, told = tmp_path / "log.txt", tmp_path / "modules"
    text.write_text(TRACEBACK)
    for _ in range(2):  # the second time nothing is thought about
        for file in workspace.iterdir():
            os.utime(file, (1, 1))
        done = subprocess.run(
            [sys.executable, "-c", IMPORTED, told, "why", text], cwd=workspace, env=environment, check=False
        )
        assert done.returncode == 0
    imported = set(told.read_text().split("\n"))
    assert "sleeplsp.answers.why.cause" in imported
    assert not HEAVY & imported


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    environment: dict[str, str],
    workspace: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:
    """Return a function that runs `sleeplsp why` on the traceback in this process, with a model."""
    monkeypatch.chdir(workspace)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    text = tmp_path / "log.txt"

    def asked(model: Model | None, *arguments: str, log: str = TRACEBACK) -> tuple[int, str, str]:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Model]:
            assert model is not None
            yield model

        text.write_text(log)
        monkeypatch.setattr(modelled, "model_of", lambda _: opened if model is not None else None)
        code = app.run(["why", str(text), *arguments])
        return code, *capfd.readouterr()

    return asked


def test_a_model_is_asked_only_when_the_user_says_so(run: Run) -> None:
    model = ScriptedModel(["The [key](https://a.b) is\nmissing.\x1b[31m", "Again."])
    assert run(model)[1].splitlines()[:2] == CAUSE
    assert not model.calls
    code, out, err = run(model, "--model")
    assert out.splitlines()[:2] == CAUSE
    assert out.splitlines()[-2:] == ["The key (https: //a.b) is", "missing.\\x1b[31m"]
    assert "sleeplsp: scripted:" in err
    assert "a model may be wrong" in err
    assert code == 0
    (call,) = model.calls
    assert "return table[key]" in call.prompt.user
    assert CAUSE[0] in call.prompt.user
    assert "'NoneType' object has no attribute 'upper'" in call.prompt.user
    assert "NoneType" not in call.prompt.system
    found = json.loads(run(model, "--model", "--json")[1])
    validate(found, "why")
    assert (found["model"]["text"], found["model"]["replayed"]) == ("Again.", False)


def test_a_recording_is_told_as_one(run: Run, tmp_path: Path) -> None:
    _, out, err = run(ReplayModel(ScriptedModel(["Missing."]), tmp_path / "tape"), "--model")
    assert "recording" not in err
    again = run(ReplayModel(None, tmp_path / "tape"), "--model")
    assert again[1] == out
    assert "sleeplsp: scripted: of a recording, no tokens now; then " in again[2]
    found = json.loads(run(ReplayModel(None, tmp_path / "tape"), "--model", "--json")[1])
    validate(found, "why")
    assert found["model"]["replayed"]


def test_what_is_known_is_told_whatever_becomes_of_the_call(run: Run) -> None:
    code, out, err = run(ScriptedModel([CapError("no tokens left")]), "--model")
    assert (code, out.splitlines()[:2]) == (3, CAUSE)
    assert "no tokens left" in err
    code, out, _ = run(ScriptedModel([CapError("no tokens left")]), "--model", "--json")
    assert (code, json.loads(out)["model"]) == (3, None)
    code, out, err = run(None, "--model")
    assert (code, out.splitlines()[:2]) == (2, CAUSE)
    assert "there is no model to ask" in err


def test_secrets_of_the_text_and_the_code_are_not_sent(run: Run, workspace: Path) -> None:
    planted = "AKIA" + "J4K7QX2MZP5R8TVW"
    code = f'def shout(key, table):\n    secret = "{planted}"\n    return load(key, table).upper() + secret\n'
    write(workspace, {"main.py": f"from store import load\n\n\n{code}"})
    model = ScriptedModel(["a"])
    log = TRACEBACK.replace(".upper()", ".upper() + secret").replace("line 5", "line 6")
    run(model, "--model", log=log.replace("attribute 'upper'", f"attribute 'upper' {planted}"))
    (call,) = model.calls
    assert "secret = " in call.prompt.user
    assert planted not in call.prompt.user
