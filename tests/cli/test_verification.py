"""`precompute --verify`: a model's claims are tested on calls of the workspace's functions."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint, in_a_thread
from sleeplsp.llm.scripted.script import read_script
from tests.cli.conftest import Command
from tests.cli.test_formats import validate
from tests.cli.test_model_sleep import at, own, slept
from tests.verifying import SCRIPT

__all__ = ["own"]

SIZES = """\
def double(x: int) -> int:
    total = x * 2
    return total


def half(x: int) -> int:
    return x // 2
"""


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with in_a_thread(read_script(SCRIPT)) as listening:
        yield listening


@pytest.fixture
def sizes(workspace: Path) -> Path:
    place = workspace / "sizes.py"
    place.write_text(SIZES)
    return place


def test_claims_are_tested_once_and_told_as_what_they_are(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint, sizes: Path
) -> None:
    before = slept(command, **own, **at(endpoint))
    assert before.json["model"]["verified"]["state"] == "off"
    assert before.json["model"]["verified"]["waiting"] == 2
    text = command("precompute", "--verify", **own, **at(endpoint))
    assert "model claims tried on calls: 1 held, 1 refuted, 0 undecided" in text.out
    told = [
        each
        for module in slept(command, **own, **at(endpoint)).json["modules"]
        for each in module["claims"]
        if each["check"]
    ]
    (kept,) = told
    assert (kept["symbol"], kept["check"], kept["grade"]) == ("double", "result % 2 == 0", "tested")
    assert kept["runs"] >= 20
    hover = command("query", "hover", f"{sizes}:1:5", **own, **at(endpoint)).out
    assert "`result % 2 == 0`" in hover
    assert f"tested on {kept['runs']} calls" in hover
    drops = command("query", "drops", "--json", **own, **at(endpoint))
    validate(drops.json, "query-drops")
    (module,) = (each for each in drops.json["modules"] if each["path"] == "sizes.py")
    (refuted,) = module["refuted"]
    assert (refuted["check"], refuted["example"]) == ("result > 0", "double(x=0) returned 0")
    lines = command("query", "drops", **own, **at(endpoint)).out
    assert "refuted by a test: result > 0: double(x=0) returned 0" in lines


def test_where_nobody_can_test_it_is_said_and_the_exit_code_is_3(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint, sizes: Path
) -> None:
    nowhere = str(sizes.parent / "no-python")
    result = command("precompute", "--verify", SLEEPLSP_VERIFY_PYTHON=nowhere, **own, **at(endpoint))
    assert result.code == 3
    (line,) = (each for each in result.out.splitlines() if "cannot be tested" in each)
    assert nowhere in line


def test_without_a_model_there_is_nothing_to_test(
    command: Command, own: Mapping[str, str], workspace: Path
) -> None:
    result = command("precompute", "--verify", str(workspace), **own)
    assert result.code == 0
    assert "no model is named" in result.err


def test_the_repository_does_not_turn_it_on(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint, sizes: Path
) -> None:
    project = sizes.parent / "pyproject.toml"
    before = project.read_text() if project.exists() else ""
    project.write_text(f"{before}\n[tool.sleeplsp]\nverify = true\nverify_calls_max = 5\n")
    result = slept(command, **own, **at(endpoint))
    assert result.json["model"]["verified"]["state"] == "off"
    assert "verify: ignored, only the user may set it" in result.err


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "off: the setting verify"),
        ({"SLEEPLSP_VERIFY": "true"}, "on: "),
        ({"SLEEPLSP_VERIFY": "true", "SLEEPLSP_VERIFY_PYTHON": "no-python"}, "cannot be done: "),
    ],
    ids=["off", "on", "nobody"],
)
def test_the_doctor_says_whether_claims_are_tested_and_by_what(
    command: Command,
    own: Mapping[str, str],
    endpoint: ScriptedEndpoint,
    variables: Mapping[str, str],
    says: str,
) -> None:
    told = command("doctor", "--json", **own, **at(endpoint, **variables)).json["testing"]
    assert says in told
    assert ("hypothesis" in told) is (says != "off: the setting verify")
