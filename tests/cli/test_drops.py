"""`query drops`: what was not believed of a model's replies, counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint, in_a_thread
from sleeplsp.llm.scripted.script import read_script
from tests.cli.conftest import Command
from tests.cli.test_formats import validate

SAID = """
[[step]]
when = "def shout"
times = 0
[step.value]
summary = ""
retracted = []
suspicions = []

[[step.value.invariants]]
symbol = "shout"
kind = "returns"
sentence = "The text has no small letters."
check = "result == unheard_of"

[[step.value.invariants]]
symbol = "whisper"
kind = "returns"
sentence = "The text has no capitals."
check = ""

[[step.value.questions]]
symbol = "whisper"
question = "What if the key is missing?"
answer = "`load` gives `None`, and it fails."
"""


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with in_a_thread(read_script(SAID)) as listening:
        yield listening


def test_what_was_dropped_is_counted_by_reason(
    command: Command, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    own = {
        "SLEEPLSP_CACHE_DIR": str(tmp_path / "c"),
        "SLEEPLSP_STATE_DIR": str(tmp_path / "s"),
        "SLEEPLSP_ENDPOINT": endpoint.url,
        "SLEEPLSP_MODEL": "scripted",
    }
    assert "no model has thought about it" in command("query", "drops", **own).err
    command("precompute", **own)
    told = command("query", "drops", "main.py", "--json", **own).json
    validate(told, "query-drops")
    (module,) = told["modules"]
    assert module["path"] == "main.py"
    times = module["generations"]
    assert times >= 1
    assert told["dropped"] == {"no such symbol": 2 * times, "the check names what does not exist": times}
    assert told["kept"]["invariants"] == 1
    text = command("query", "drops", **own)
    assert f"{2 * times:6} no such symbol\n" in text.out
    assert text.code == 0


def test_without_a_model_nothing_was_dropped(command: Command) -> None:
    told = command("query", "drops", "--json")
    validate(told.json, "query-drops")
    assert told.json["modules"] == []
