"""What machines read: JSON by its schema, SARIF by the official one, workflow commands."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.conftest import MAIN, Command, committed, write

ROOT = Path(__file__).resolve().parents[2]
# Published by OASIS; this copy is the one in the npm package @microsoft/jest-sarif (MIT).
SARIF = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text("utf-8"))

# The columns of the mark are 9 to 17 in characters, one more in bytes.
FIXABLE = 'def name(x):\n    é = x is "a"\n    return é\n'


def validate(found: object, name: str) -> None:
    """Check what a command printed against its schema file."""
    schema = json.loads((ROOT / "schemas" / f"{name}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)


def test_the_json_report_is_what_its_schema_says(command: Command, workspace: Path) -> None:
    write(workspace, {"broken.py": "def (:\n", "main.go": "package main\nfunc run() {}\n"})
    report = command("precompute", "--format", "json").json
    validate(report, "precompute")
    assert report["schema_version"] == 1
    modules = {each["path"]: each for each in report["modules"]}
    assert {path: each["status"] for path, each in modules.items()} == {
        "broken.py": "thought",
        "main.go": "indexed",
        "main.py": "thought",
        "store.py": "thought",
    }
    assert modules["broken.py"]["syntax_errors"] > 0
    (symbol,) = modules["store.py"]["symbols"]
    span = [symbol[name] for name in ("line", "column", "end_line", "end_column", "last_line")]
    assert span == [1, 5, 1, 9, 4]
    claims = [(each["symbol"], each["kind"]) for each in modules["store.py"]["claims"]]
    assert ("load", "returns") in claims


def test_a_suspicion_says_where_it_stands_in_characters(command: Command, workspace: Path) -> None:
    write(workspace, {"main.py": FIXABLE})
    (found,) = command("precompute", "main.py", "--format", "json").json["suspicions"]
    fields = ("path", "line", "column", "end_line", "end_column", "symbol", "category", "severity")
    assert [found[name] for name in fields] == [
        *("main.py", 2, 9, 2, 17),
        *("name", "literal-identity", "warning"),
    ]
    assert found["grade"] == "deduced"
    assert found["shown_as_diagnostic"]
    (edit,) = found["fix"]["edits"]
    assert edit["text"] == "=="
    assert (edit["span"]["column"], edit["span"]["end_column"]) == (11, 13)
    assert all(step["span"]["path"] == "main.py" for step in found["evidence"])


def test_an_id_survives_edits_elsewhere(command: Command, workspace: Path) -> None:
    (before,) = command("precompute", "--format", "json").json["suspicions"]
    write(workspace, {"main.py": MAIN.replace("\n\n\n", "\n\n\nHERE = 1\n\n\n", 1)})
    (after,) = command("precompute", "--format", "json").json["suspicions"]
    assert after["line"] == before["line"] + 3
    assert after["id"] == before["id"]


def test_sarif_is_valid_and_names_rule_place_fingerprint_way_and_fix(
    command: Command, workspace: Path
) -> None:
    write(workspace, {"fix me%.py": FIXABLE, ".env.py": "KEY = 1\n"})
    (found,) = command("precompute", "fix me%.py", "--format", "json").json["suspicions"]
    log = command("precompute", "--format", "sarif").json
    jsonschema.Draft4Validator(SARIF).validate(log)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"][0]["executionSuccessful"]
    notices = run["invocations"][0]["toolExecutionNotifications"]
    assert [each["message"]["text"] for each in notices] == ["skipped: denied: may hold secrets"]
    result = next(each for each in run["results"] if each["ruleId"] == "literal-identity")
    rules = run["tool"]["driver"]["rules"]
    assert rules[result["ruleIndex"]]["id"] == "literal-identity"
    assert result["level"] == "warning"
    assert result["partialFingerprints"] == {"sleeplspSuspicion/v1": found["id"]}
    where: Any = result["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "fix%20me%25.py"
    region = {"startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 17}
    assert where["region"] == region
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert len(steps) == len(found["evidence"])
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"] == {"text": "=="}
    assert replacement["deletedRegion"]["startColumn"] == 11


def test_workflow_commands_cannot_be_forged(command: Command, workspace: Path) -> None:
    forged = {"a,b:100%.py": FIXABLE, "::error ::x/y.py": "", "x\n::error::y.py": FIXABLE}
    write(workspace, forged)
    told = command("precompute", "--format", "github")
    lines = told.out.splitlines()
    assert (
        "::warning file=a%2Cb%3A100%25.py,line=2,endLine=2,title=sleeplsp%3A literal-identity,"
        "col=9,endColumn=17::" in told.out
    )
    assert all(line.startswith(("::warning file=", "sleeplsp: ")) for line in lines)
    assert "%0A    main.py:5" in told.out
    assert "file=x%0A%3A\\u003aerror%3A\\u003ay.py," in told.out
    assert "5 modules thought about" in told.err
    assert sum("fired nowhere  " in line for line in lines) == 1


@pytest.mark.parametrize("form", ["github", "sarif"])
def test_services_are_told_paths_from_the_top_of_the_repository(
    command: Command, workspace: Path, form: str
) -> None:
    write(workspace, {"sub/pyproject.toml": "[tool.sleeplsp]\njobs = 1\n", "sub/main.py": FIXABLE})
    committed(workspace)
    told = command("precompute", "--format", form, at=workspace / "sub")
    assert "sub/main.py" in told.out


def test_hidden_suspicions_are_in_the_json_alone(command: Command, workspace: Path) -> None:
    weak = "def use(names):\n    for name in names:\n        pass\n    return name\n"
    write(workspace, {"main.py": weak})
    (found,) = command("precompute", "--format", "json").json["suspicions"]
    assert not found["shown_as_diagnostic"]
    for form in ("text", "github", "sarif"):
        told = command("precompute", "--format", form, "--fail-on", "note")
        assert found["message"] not in told.out.replace("`", "")
        assert "main.py:4" not in told.out
        assert told.code == 0
