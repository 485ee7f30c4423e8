"""`sleeplsp why`: a traceback in, the cause out."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

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
