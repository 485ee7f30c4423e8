"""`query`, `status` and `cache`: what they answer, and that they are quick to start."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import STORE, Command, committed, write
from tests.cli.test_formats import validate

USE = "main.py:5:12"


def test_hover_tells_what_an_editor_would(command: Command) -> None:
    told = command("query", "hover", USE, "--json")
    validate(told.json, "query-hover")
    hover = told.json["hover"]
    assert "`None`" in hover["markdown"]
    assert hover["span"]["path"] == "main.py"
    assert hover["span"]["line"] == 5
    text = command("query", "hover", USE)
    assert "<sub>" not in text.out
    assert "None" in text.out
    assert text.code == 0
    # The definition; without a column the first name of the line that is known is meant.
    defined = command("query", "hover", "store.py:1", "--json").json["hover"]
    assert (defined["span"]["column"], defined["span"]["end_column"]) == (5, 9)


def test_where_nothing_is_known_there_is_no_answer(command: Command) -> None:
    told = command("query", "hover", "main.py:2")
    assert told.out == ""
    assert "nothing is known at main.py:2" in told.err
    assert told.code == 0
    assert command("query", "hover", "main.py:2", "--json").json["hover"] is None


def test_bugs(command: Command, workspace: Path) -> None:
    told = command("query", "bugs", "--json")
    validate(told.json, "query-bugs")
    assert [each["path"] for each in told.json["suspicions"]] == ["main.py"]
    assert command("query", "bugs", "main.py").out.startswith(f"{USE}: warning: ")
    silent = command("query", "bugs", "store.py")
    assert silent.out == ""
    assert "nothing is suspected" in silent.err
    hidden = "def use(names):\n    for name in names:\n        pass\n    return name\n"
    write(workspace, {"store.py": hidden})
    assert "1 hidden (--all)" in command("query", "bugs", "store.py").err
    assert command("query", "bugs", "store.py", "--all").out.startswith("store.py:4:12: note: ")


NAMES = {
    "load": True,
    "store.load": True,
    "store.py::load": True,
    "store": True,
    "main.load": False,
    "oad": False,
    "main.py::load": False,
}


@pytest.mark.parametrize(("name", "is_known"), NAMES.items())
def test_invariants_of_a_symbol(command: Command, name: str, *, is_known: bool) -> None:
    told = command("query", "invariants", name, "--json")
    if is_known:
        validate(told.json, "query-invariants")
        assert {each["symbol"] for each in told.json["claims"]} == {"load"}
        assert told.code == 0
    else:
        assert f"there is no symbol {name}" in told.err
        assert told.code == 2


def test_a_wrong_name_is_answered_with_a_near_one(command: Command) -> None:
    assert "did you mean shout?" in command("query", "invariants", "shuot").err


def test_a_sample_has_the_first_of_each_kind(command: Command, workspace: Path) -> None:
    write(workspace, {"store.py": STORE + STORE.replace("load", "again")})
    claims = command("query", "invariants", "--json").json["claims"]
    sample = command("query", "invariants", "--json", "--sample", "1").json["claims"]
    kinds = list(dict.fromkeys(each["kind"] for each in claims))
    assert [each["kind"] for each in sample] == kinds
    assert len(claims) > len(sample)


def test_symbols(command: Command) -> None:
    assert command("query", "symbols").out == "main.py:4:5: function shout\nstore.py:1:5: function load\n"
    told = command("query", "symbols", "store.py", "--json")
    validate(told.json, "query-symbols")
    assert [each["id"] for each in told.json["symbols"]] == ["load"]


def test_status_tells_the_last_run_and_what_changed_since(
    command: Command, workspace: Path, tmp_path: Path
) -> None:
    write(workspace, {".env": "KEY=1\n", "notes.txt": ""})
    own = ("--cache-dir", str(tmp_path / "own"))
    before = command("status", "--json", *own).json
    validate(before, "status")
    assert (before["last_run"], before["modules_known"], before["modules_changed"]) == (None, 0, 2)
    command("precompute", *own)
    after = command("status", "--json", *own).json
    assert after["last_run"] is not None
    assert (after["modules_known"], after["functions"], after["modules_changed"]) == (2, 4, 0)
    assert after["skipped"] == [{"path": ".env", "reason": "denied: may hold secrets"}]
    assert after["other_files"] == 1
    assert after["store"]["rows"] > 0
    write(workspace, {"main.py": "x = 1\n"})
    text = command("status", "--skipped", *own).out
    assert "1 module to think about" in text
    assert "    .env: denied: may hold secrets" in text
    assert f'  * cache_dir = "{tmp_path / "own"}"' in text


def test_a_setting_that_is_not_known_is_named_in_a_warning(command: Command, workspace: Path) -> None:
    write(workspace, {"pyproject.toml": '[tool.sleeplsp]\njob = 1\ncache_dir = "x"\n'})
    told = command("status", "--json")
    unknown = "pyproject.toml: job: there is no such setting; did you mean jobs?"
    assert f"sleeplsp: warning: {unknown}" in told.err
    assert told.json["warnings"] == [
        unknown,
        "pyproject.toml: cache_dir: ignored, only the user may set it",
    ]


def test_the_store_can_be_looked_at_emptied_and_tidied(command: Command, tmp_path: Path) -> None:
    own = ("--cache-dir", str(tmp_path / "own"))
    command("precompute", *own)
    stats = command("cache", "stats", "--json", *own).json
    validate(stats, "cache-stats")
    cleared = command("cache", "clear", "--json", *own).json
    validate(cleared, "cache-clear")
    assert cleared["rows"] == stats["store"]["rows"] > 0
    assert command("cache", "stats", "--json", *own).json["store"]["rows"] == 0
    validate(command("cache", "gc", "--json", *own).json, "cache-gc")


HEAVY = {
    "pygls",
    "lsprotocol",
    "openai",
    "httpx",
    "rich",
    "diskcache",
    "asyncio",
    "typeshed_client",
}
IMPORTED = """
import sys
from sleeplsp.cli.app import run
code = run(sys.argv[2:])
open(sys.argv[1], "w").write("\\n".join(sys.modules))
sys.exit(code)
"""
QUICK = [
    ("--help",),
    ("--version",),
    ("serve", "--help"),
    ("status",),
    ("query", "bugs"),
    ("query", "hover", USE),
    ("query", "invariants", "load"),
    ("precompute",),
]


@pytest.mark.parametrize("arguments", QUICK, ids=" ".join)
def test_what_does_not_serve_imports_no_server(
    command: Command,
    environment: Mapping[str, str],
    workspace: Path,
    tmp_path: Path,
    arguments: tuple[str, ...],
) -> None:
    for file in workspace.iterdir():  # what has just been written is read again, and kept again
        os.utime(file, (1, 1))
    command("precompute")
    told = tmp_path / "modules"
    subprocess.run(
        [sys.executable, "-c", IMPORTED, told, *arguments],
        cwd=workspace,
        env=environment,
        check=True,
        capture_output=True,
    )
    imported = set(told.read_text().split("\n"))
    assert "sleeplsp.cli.app" in imported
    # A whole sleep has an event loop, as the server's.
    assert not HEAVY.difference({"asyncio"} if arguments == ("precompute",) else ()) & imported
    if "--" in arguments[-1]:
        assert not {"msgspec", "tree_sitter", "sleeplsp.deduce"} & imported


def test_a_query_says_that_there_is_much_to_think_about_first(command: Command, workspace: Path) -> None:
    files = {f"module{number}.py": f"x = {number}\n" for number in range(30)}
    write(workspace, files)
    told = command("query", "symbols", "--json")
    assert "sleeplsp: thinking about 3" in told.err
    assert len(json.loads(told.out)["symbols"]) == 32


def test_drift(command: Command, workspace: Path) -> None:
    before = STORE.replace("return None", "return ''").replace("return table[key]", "return 'a'")
    write(workspace, {"store.py": before})
    committed(workspace)
    told = command("query", "drift")
    assert (told.code, told.out) == (0, "")
    assert "nothing has drifted since HEAD" in told.err
    write(workspace, {"store.py": before.replace("return ''", "return None")})
    told = command("query", "drift", "HEAD", "--json")
    validate(told.json, "query-drift")
    (drift,) = told.json["drifts"]
    assert (drift["path"], drift["line"], drift["column"], drift["kind"]) == ("store.py", 3, 16, "none")
    assert drift["severity"] == "warning"
    assert drift["message"].endswith("its only caller relies on a value")
    (caller,) = drift["callers"]
    assert (caller["span"]["path"], caller["span"]["line"], caller["needs"]) == ("main.py", 5, True)
    assert told.json["revision"] == "HEAD"
    assert len(told.json["commit"]) == 40
    lines = command("query", "drift").out.splitlines()
    assert lines[0].startswith("store.py:3:16: warning: `load()` may return `None` now when ")
    assert lines[-1].split() == [
        "main.py:5",
        "load(key,",
        "table)",
        "`shout`",
        "relies",
        "on",
        "a",
        "value",
        "here",
    ]
    # What is asked for is what is stored of the workspace as it is: nothing has to be thought about again.
    assert command("precompute", "--format", "json").json["run"]["functions_deduced"] == 0


def test_drift_as_the_settings_have_it(command: Command, workspace: Path) -> None:
    before = STORE.replace("return None", "return ''").replace("return table[key]", "return 'a'")
    write(workspace, {"store.py": before})
    committed(workspace)
    after = before.replace("return ''", "return None")
    for level, severity in (("error", ["error"]), ("off", [])):
        write(
            workspace, {"store.py": after, "pyproject.toml": f'[tool.sleeplsp.checks]\ndrift = "{level}"\n'}
        )
        told = command("query", "drift", "--json")
        assert [each["severity"] for each in told.json["drifts"]] == severity
        assert told.err == ""
    ignored = after.replace("return None", "return None  # sleeplsp: ignore[drift]")
    write(workspace, {"store.py": ignored, "pyproject.toml": ""})
    (drift,) = command("query", "drift", "--json").json["drifts"]
    assert drift["ignored"]
    assert not drift["shown_as_diagnostic"]


def test_drift_needs_a_revision(command: Command, workspace: Path) -> None:
    told = command("query", "drift")
    assert (told.code, told.out) == (2, "")
    assert told.err.splitlines()[-1].startswith(
        "sleeplsp: error: drift against 'HEAD' cannot be told: not a git"
    )
    committed(workspace)
    told = command("query", "drift", "nope")
    assert told.code == 2
    assert told.err.splitlines() == [
        "sleeplsp: error: drift against 'nope' cannot be told: there is no such revision"
    ]
