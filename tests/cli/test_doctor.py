"""`doctor`: what it says of an endpoint that answers, fails, is not there or is not set."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint, in_a_thread
from sleeplsp.llm.scripted.script import read_script
from tests.cli.conftest import Command, Result, write
from tests.cli.test_formats import validate

KEY = "planted~key~of~doctor"


@pytest.fixture
def own(command: Command, tmp_path: Path) -> Command:
    """Run commands with a store and a journal of their own."""

    def run(*arguments: str | bytes, **variables: str) -> Result:
        state, cache = str(tmp_path / "state"), str(tmp_path / "cache")
        return command(*arguments, "--state-dir", state, "--cache-dir", cache, **variables)

    return run


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    script = f'[endpoint]\nkey = "{KEY}"\nmodels = ["big", "small"]\nlogprobs = "refused"\nstream = "ignored"'
    with in_a_thread(read_script(script)) as listening:
        yield listening


def _variables(endpoint: ScriptedEndpoint) -> dict[str, str]:
    return {"SLEEPLSP_ENDPOINT": endpoint.url, "SLEEPLSP_MODEL": "big", "SLEEPLSP_API_KEY": KEY}


def _abilities(model: Mapping[str, object]) -> dict[str, bool]:
    entries = model["abilities"]
    assert isinstance(entries, list)
    return {each["name"]: each["found"] for each in entries}


def test_without_an_endpoint_it_says_how_to_set_one(own: Command) -> None:
    told = own("doctor")
    assert "no endpoint is set" in told.out
    assert "SLEEPLSP_ENDPOINT" in told.out
    assert told.code == 0
    found = own("doctor", "--json")
    validate(found.json, "doctor")
    assert (found.json["endpoint"], found.json["models"], found.code) == (None, [], 0)


def test_it_tells_what_a_model_can_do_and_remembers_it(own: Command, endpoint: ScriptedEndpoint) -> None:
    variables = _variables(endpoint)
    told = own("doctor", "--json", **variables)
    validate(told.json, "doctor")
    assert told.code == 0
    assert told.json["key"] == {"found": True, "where": "environment variable SLEEPLSP_API_KEY"}
    assert told.json["offered"] == ["big", "small"]
    sources = {each["name"]: each["source"] for each in told.json["settings"]}
    assert sources["model"] == "environment SLEEPLSP_MODEL"
    (model,) = told.json["models"]
    assert (model["use"], model["problem"], model["tried_now"]) == ("sleep and answers", "", True)
    can = _abilities(model)
    assert can["structured replies"]
    assert not can["weighing questions"]
    assert not can["streaming"]
    asked = len(endpoint.counts.requests)

    again = own("doctor", **variables)
    assert "remembered; --again tries anew" in again.out
    assert "no   streaming           replies come in one piece" in again.out
    assert len(endpoint.counts.requests) == asked + 2  # the list of models, and one word
    assert own("doctor", "--again", "--json", **variables).json["models"][0]["tried_now"]
    # What was spent is the same wherever it is told, and the key nowhere.
    counted = endpoint.counts.reported
    ledger = own("status", "--ledger", "--json", **variables).json["ledger"]["ever"]
    assert sum(each["prompt_tokens"] for each in ledger) == counted.prompt
    assert sum(each["completion_tokens"] for each in ledger) == counted.completion
    assert {each["phase"] for each in ledger} == {"probe"}
    assert all(KEY not in each.out + each.err for each in (told, again))


def test_nothing_of_the_workspace_is_sent(own: Command, endpoint: ScriptedEndpoint) -> None:
    own("doctor", **_variables(endpoint))
    sent = " ".join(each.system + each.user for each in endpoint.counts.requests)
    assert sent
    assert "load" not in sent
    assert "main.py" not in sent


def test_two_models_are_examined_each(own: Command, endpoint: ScriptedEndpoint) -> None:
    variables = _variables(endpoint) | {"SLEEPLSP_ANSWER_MODEL": "gone"}
    told = own("doctor", "--json", **variables)
    sleep, answers = told.json["models"]
    assert (sleep["name"], sleep["use"], sleep["problem"]) == ("big", "sleep", "")
    assert (answers["name"], answers["use"]) == ("gone", "answers")
    assert "nor the model 'gone'" in answers["problem"]
    assert any("gone is not among the models" in each for each in told.json["advice"])
    assert told.code == 2


PROBLEMS = {
    "another key": ({"SLEEPLSP_API_KEY": "another"}, 2, "does not accept the key"),
    "no key": ({"SLEEPLSP_API_KEY": ""}, 2, "wants a key, and none was found"),
    "no model": ({"SLEEPLSP_MODEL": ""}, 2, "no model is set"),
    "no URL": ({"SLEEPLSP_ENDPOINT": "localhost:8080"}, 2, "no URL such as"),
    "nobody there": ({"SLEEPLSP_ENDPOINT": "http://127.0.0.1:1/v1"}, 3, "cannot be reached"),
    "no budget": ({"SLEEPLSP_TOKENS_DAY_MAX": "10"}, 3, "tokens_day_max"),
}


@pytest.mark.parametrize(("change", "code", "says"), PROBLEMS.values(), ids=PROBLEMS)
def test_what_is_wrong_is_told_in_a_line(
    own: Command, endpoint: ScriptedEndpoint, change: Mapping[str, str], code: int, says: str
) -> None:
    told = own("doctor", **{**_variables(endpoint), **change})
    (line,) = [each for each in told.out.splitlines() if each.startswith(("PROBLEM", "model "))]
    assert says in line
    assert told.code == code
    assert KEY not in told.out + told.err


def test_a_repository_names_no_endpoint(own: Command, endpoint: ScriptedEndpoint, workspace: Path) -> None:
    table = f'[tool.sleeplsp]\nendpoint = "{endpoint.url}"\nmodel = "big"\n'
    write(workspace, {"pyproject.toml": table})
    told = own("doctor", SLEEPLSP_API_KEY=KEY)
    assert "no endpoint is set" in told.out
    assert "only the user may set it" in told.err
    assert not endpoint.counts.requests


def test_a_precompute_is_priced_before_it_is_run(own: Command, endpoint: ScriptedEndpoint) -> None:
    prices = '{"big": {"prompt": 2.0, "cached": 0.5, "completion": 8.0}}'
    told = own("doctor", "--json", **_variables(endpoint), SLEEPLSP_PRICES=prices)
    found = told.json["precompute"]
    assert found["modules"] == 2
    assert 0 < found["likely"]["cost"] < found["most"]["cost"]
    limits = {"SLEEPLSP_TOKENS_RUN_MAX": "1000", "SLEEPLSP_COST_DAY_MAX": "1"}
    advice = own("doctor", "--json", **_variables(endpoint), **limits).json["advice"]
    assert any("tokens_run_max is 1,000" in each for each in advice)
    assert any("no price for big" in each for each in advice)


def test_a_limit_that_is_too_small_for_any_prompt_is_told_and_costs_nothing(
    own: Command, endpoint: ScriptedEndpoint
) -> None:
    small = _variables(endpoint) | {"SLEEPLSP_PROMPT_TOKENS_MAX": "1500"}
    told = own("doctor", "--json", **small)
    validate(told.json, "doctor")
    assert (told.code, told.json["precompute"]) == (2, None)
    assert any("prompt_tokens_max = 1,500 is too small" in each for each in told.json["advice"])
    run = own("precompute", **small)
    assert run.code == 3
    assert "1 module left: prompt_tokens_max = 1,500 is too small for any prompt" in run.out
    assert not endpoint.counts.calls
    assert own("precompute", **_variables(endpoint)).code == 0
    assert endpoint.counts.calls


def test_what_is_known_is_not_priced_again(own: Command, endpoint: ScriptedEndpoint, workspace: Path) -> None:
    variables = _variables(endpoint)
    before = own("doctor", "--json", **variables).json["precompute"]
    assert (before["known"], before["likely"]) == (0, before["anew"]["likely"])
    assert own("precompute", **variables).code == 0
    asked = len(endpoint.counts.calls)
    told = own("doctor", "--json", **variables)
    validate(told.json, "doctor")
    after = told.json["precompute"]
    assert (after["known"], after["failed"]) == (1, 0)  # the other module is too short to be asked about
    assert after["anew"]["modules"] == before["modules"] == 2
    assert (after["modules"], after["likely"]["calls"], after["most"]["calls"]) == (0, 0, 0)
    assert after["anew"]["likely"]["calls"] == before["likely"]["calls"]
    lines = own("doctor", **variables).out
    assert "precompute 0 modules to be asked about; 1 known as they are now cost nothing" in lines
    assert "if all 2 modules were thought about anew" in lines
    text = (workspace / "store.py").read_text()
    write(workspace, {"store.py": text + "\n\ndef more(rows):\n    return [*rows, *rows]\n"})
    edited = own("doctor", "--json", **variables).json["precompute"]
    assert (edited["modules"], edited["known"]) == (1, 1)
    assert 0 < edited["likely"]["calls"] < edited["anew"]["likely"]["calls"]
    assert len(endpoint.counts.calls) == asked


SECRET_URLS = (
    "http://user:PLANTED@127.0.0.1:1/v1?key=PLANTED",
    "user:PLANTED@127.0.0.1/v1",
    "http://[user:PLANTED",
    "http://user:PLANTED\udcff@127.0.0.1/v1",
)
SHOWING = (
    ("status",),
    ("status", "--json"),
    ("doctor",),
    ("doctor", "--json"),
    ("query", "prompt", "main.py", "--json"),
    ("ask", "what does load return?"),
    ("precompute",),
)


@pytest.mark.parametrize("url", SECRET_URLS, ids=ascii)
@pytest.mark.parametrize("arguments", SHOWING, ids=" ".join)
def test_a_secret_in_the_url_of_the_endpoint_is_shown_nowhere(
    own: Command, arguments: tuple[str, ...], url: str
) -> None:
    told = own(*arguments, SLEEPLSP_ENDPOINT=url, SLEEPLSP_MODEL="big")
    assert "PLANTED" not in told.out + told.err
    assert told.code != 4
    if told.out.startswith("{"):
        assert "internal error" not in told.err


def test_a_secret_in_a_value_that_is_not_used_is_shown_nowhere(own: Command, tmp_path: Path) -> None:
    write(tmp_path, {"config/sleeplsp/config.toml": 'endpoint = ["http://user:PLANTED@127.0.0.1/v1"]\n'})
    told = own("status", XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert "endpoint: expected" in told.err
    assert "PLANTED" not in told.out + told.err
