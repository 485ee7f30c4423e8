"""`precompute` with a language model behind a scripted endpoint, as processes of their own."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint, in_a_thread
from sleeplsp.llm.scripted.script import read_script
from tests.cli.conftest import Command, Result, committed
from tests.cli.test_formats import validate

KEY = "sk-planted-0123456789abcdef"

SUSPECTED = """
[endpoint]
key = "sk-planted-0123456789abcdef"

[[step]]
when = "def shout"
times = 0
[step.value]
summary = "It shouts. It needs a table."
retracted = []
suspicions = []

[[step.value.invariants]]
symbol = "shout"
kind = "returns"
sentence = "The text has no small letters."
check = "result == result.upper()"

[[step.value.questions]]
symbol = "shout"
question = "What if the key is missing?"
answer = "`load` gives `None`, and it fails."
ways = ["When does it fail for a key that is not there?", "When does `shout` fail?"]
"""


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    """Return what sets a store and a journal of the test's own."""
    return {"SLEEPLSP_CACHE_DIR": str(tmp_path / "c"), "SLEEPLSP_STATE_DIR": str(tmp_path / "s")}


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with in_a_thread(read_script(SUSPECTED)) as listening:
        yield listening


def at(endpoint: ScriptedEndpoint, **more: str) -> dict[str, str]:
    return {
        "SLEEPLSP_ENDPOINT": endpoint.url,
        "SLEEPLSP_MODEL": "scripted",
        "SLEEPLSP_API_KEY": KEY,
        **more,
    }


def slept(command: Command, *arguments: str, **variables: str) -> Result:
    result = command("precompute", "--format", "json", *arguments, **variables)
    validate(result.json, "precompute")
    return result


def test_a_second_run_makes_no_call(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint, workspace: Path
) -> None:
    store = workspace / "store.py"
    store.write_text(store.read_text() + "\n\ndef count(table):\n    return len(table)\n")
    first = slept(command, **own, **at(endpoint))
    assert first.code == 0
    model = first.json["model"]
    assert (model["modules"], model["known"], model["left"], model["failed"]) == (2, 2, 0, {})
    assert model["claims"]["questions"] >= 1
    told = [each for module in first.json["modules"] for each in module["claims"]]
    assert "The text has no small letters." in [each["sentence"] for each in told]
    second = slept(command, **own, **at(endpoint)).json["model"]
    assert (second["calls"], second["known"]) == (0, 2)
    store.write_text(store.read_text().replace("return table[key]", "return table[key] or None"))
    third = slept(command, **own, **at(endpoint)).json["model"]
    assert (third["modules"], third["known"]) == (1, 2)


def test_the_ledger_says_what_the_endpoint_counted(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint
) -> None:
    slept(command, **own, **at(endpoint))
    status = command("status", "--ledger", "--json", **own, **at(endpoint)).json
    reported = endpoint.counts.reported
    sums = status["ledger"]["ever"]
    assert sum(each["prompt_tokens"] for each in sums) == reported.prompt
    assert sum(each["cached_tokens"] for each in sums) == reported.cached
    assert sum(each["completion_tokens"] for each in sums) == reported.completion


def test_a_limit_ends_it_with_3_and_what_is_done(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint
) -> None:
    capped = slept(command, **own, **at(endpoint, SLEEPLSP_TOKENS_DAY_MAX="5"))
    assert capped.code == 3
    assert "tokens_day_max is 5 tokens" in capped.json["model"]["stopped"]
    assert capped.json["coverage"]["thought"] == 2  # what needs no model is done
    assert capped.json["model"]["calls"] == 0
    status = command("status", **own, **at(endpoint))
    assert "the model was stopped with 1 module left: tokens_day_max is 5 tokens" in status.out
    assert slept(command, **own, **at(endpoint)).code == 0


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        ({"SLEEPLSP_TOKENS_DAY_MAX": "10k"}, "no model is asked until this is mended"),
        ({"SLEEPLSP_COST_DAY_MAX": "0.2"}, "there is a limit of money and no price of scripted"),
    ],
    ids=["nonsense", "no price"],
)
def test_a_limit_that_cannot_hold_lets_nothing_through(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint, limit: dict[str, str], says: str
) -> None:
    result = command("precompute", **own, **at(endpoint, **limit))
    assert result.code in (2, 3)
    assert says in result.out + result.err
    assert endpoint.counts.requests == []


def test_limits_hold_for_eight_commands_at_once(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    limit = 6_000
    folders = [tmp_path / f"w{number}" for number in range(8)]
    for number, folder in enumerate(folders):
        folder.mkdir()
        body = "    total = 0\n    for value in values:\n        total += value\n"
        (folder / "m.py").write_text(f"def f{number}(values):\n{body}    return total\n")

    def run(folder: Path) -> Result:
        return slept(command, at=folder, **own, **at(endpoint, SLEEPLSP_TOKENS_DAY_MAX=str(limit)))  # type: ignore[arg-type]

    with ThreadPoolExecutor(8) as threads:
        codes = [each.code for each in threads.map(run, folders)]
    reported = endpoint.counts.reported
    assert reported.prompt + reported.completion <= limit
    assert set(codes) == {0, 3}, "some are done, and some had nothing left"


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("[[step]]\ntimes = 0\nstatus = 401\n", "401"),
        ("[[step]]\ntimes = 0\nbody = 'no JSON'\n", "not"),
        (
            "[[step]]\ntimes = 0\nfinish = 'length'\ntext = '{'\n",
            "cut its reply off at the limit of 3,000 tokens: raise reply_tokens_max",
        ),
        ("[[step]]\ntimes = 0\nrefusal = 'no'\n", "refus"),
    ],
    ids=["denied", "garbage", "truncated", "refused"],
)
def test_what_a_model_could_not_think_about_makes_it_incomplete(
    command: Command, own: Mapping[str, str], script: str, says: str
) -> None:
    with in_a_thread(read_script(script)) as listening:
        result = slept(command, **own, **at(listening))
    assert result.code == 3
    model = result.json["model"]
    assert says in " ".join((model["stopped"], *model["failed"].values()))
    assert (model["known"], model["modules"]) == (0, 0)


def test_a_recording_stands_in_for_the_endpoint(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    tape = str(tmp_path / "tape")
    first = slept(command, "--replay", tape, **own, **at(endpoint)).json
    fresh = {**own, "SLEEPLSP_CACHE_DIR": str(tmp_path / "c2")}
    second = slept(command, "--replay", tape, SLEEPLSP_MODEL="scripted", **fresh)
    assert second.code == 0
    assert second.json["model"]["replayed"] == second.json["model"]["calls"] == first["model"]["calls"]
    assert second.json["suspicions"] == first["suspicions"]
    fresh["SLEEPLSP_CACHE_DIR"] = str(tmp_path / "c2b")
    told = command("precompute", "--replay", tape, SLEEPLSP_MODEL="scripted", **fresh).out
    calls = first["model"]["calls"]
    assert f" {calls} call ({calls} of a recording), " in told
    fresh["SLEEPLSP_CACHE_DIR"] = str(tmp_path / "c3")
    third = slept(command, "--replay", str(tmp_path / "empty"), SLEEPLSP_MODEL="scripted", **fresh)
    assert third.code == 3
    assert "is not recorded" in " ".join(third.json["model"]["failed"].values())


def test_without_a_model_nothing_is_said_of_one(command: Command, own: Mapping[str, str]) -> None:
    result = slept(command, **own)
    assert result.json["model"] is None


def test_a_repository_cannot_name_an_endpoint(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint, workspace: Path
) -> None:
    (workspace / "pyproject.toml").write_text(
        f'[tool.sleeplsp]\nendpoint = "{endpoint.url}"\nmodel = "scripted"\nreplay = "tape"\n'
        'key_variable = "HOME"\nlocal_model = "m.gguf"\ntokens_day_max = 9999999\n'
    )
    result = command("precompute", "--format", "json", **own)
    assert result.json["model"] is None
    assert endpoint.counts.requests == []
    for name in ("endpoint", "model", "replay", "key_variable", "local_model", "tokens_day_max"):
        assert f"pyproject.toml: {name}: ignored" in result.err


def test_the_key_is_nowhere(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint, workspace: Path, tmp_path: Path
) -> None:
    committed(workspace)
    tape = str(tmp_path / "tape")
    told = [
        slept(command, "--replay", tape, SLEEPLSP_DEBUG="1", **own, **at(endpoint)),
        command("status", "--ledger", **own, **at(endpoint)),
        command("doctor", **own, **at(endpoint)),
        command("query", "prompt", "main.py", **own, **at(endpoint)),
        command("precompute", **own, **{**at(endpoint), "SLEEPLSP_ENDPOINT": "http://127.0.0.1:1/v1"}),
    ]
    assert not any(KEY in each.out + each.err for each in told)
    kept = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert any("journal" in each.name for each in kept)
    assert not [each for each in kept if KEY.encode() in each.read_bytes()]


def test_a_question_is_answered_in_other_words_without_a_call(
    command: Command, own: Mapping[str, str], endpoint: ScriptedEndpoint
) -> None:
    slept(command, **own, **at(endpoint))
    asked = len(endpoint.counts.calls)
    for question in (
        "What happens for a missing key?",
        "what does shout do if the key isn't there",
        "What happens when there is no key?",
    ):
        told = command("ask", question, "--at", "main.py:4", "--json", **own, **at(endpoint)).json
        assert told["answer"]["question"] == "What if the key is missing?", question
    assert len(endpoint.counts.calls) == asked


@pytest.mark.parametrize(
    "setting",
    [{"SLEEPLSP_SLEEP": "false"}, {"SLEEPLSP_CONSULT": "false"}, {"SLEEPLSP_ENDPOINT": ""}],
    ids=["sleep", "consult", "endpoint"],
)
def test_what_is_known_is_told_where_nobody_thinks_any_more(
    command: Command,
    own: Mapping[str, str],
    endpoint: ScriptedEndpoint,
    workspace: Path,
    setting: dict[str, str],
) -> None:
    off = {**at(endpoint), **setting}
    assert slept(command, **own, **off).json["model"] is None, "nothing is known, and nobody was to think"
    slept(command, **own, **at(endpoint))
    asked = len(endpoint.counts.requests)
    answer = command("ask", "What if the key is missing in shout?", "--json", **own, **off).json
    assert answer["answer"]["answer"] == "`load` gives `None`, and it fails."
    assert answer["answer"]["source"] == "anticipated"
    assert "The text has no small letters." in command("query", "hover", "main.py:4", **own, **off).out
    drops = command("query", "drops", "--json", **own, **off).json
    assert drops["kept"]["questions"] == 1
    again = slept(command, **own, **off)
    assert again.code == 0
    assert (again.json["model"]["calls"], again.json["model"]["known"]) == (0, 1)
    store = workspace / "main.py"
    store.write_text(store.read_text().replace(".upper()", ".upper().strip()"))
    edited = slept(command, **own, **off)
    assert (edited.code, edited.json["model"]["modules"], edited.json["model"]["left"]) == (0, 0, 0)
    assert "no small letters" not in command("query", "hover", "main.py:4", **own, **off).out
    assert len(endpoint.counts.requests) == asked
    assert slept(command, **own, **at(endpoint)).json["model"]["modules"] == 1
