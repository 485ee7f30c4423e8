"""A server whose user has named a model: what it has thought is shown at once, and nothing waits for it."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import anyio
import pytest
from lsprotocol import types

from sleeplsp.engine.again import LOOK_S_MIN
from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint, in_a_thread
from sleeplsp.llm.scripted.script import read_script
from tests.lsp.client import WAIT_S, Json, editing
from tests.lsp.test_actions import VSCODE
from tests.lsp.test_server import STORE, USE
from tests.lsp.test_status import status, status_comes

pytestmark = pytest.mark.anyio

MEAN = """\
def mean(values):
    total = sum(values)
    return total / len(values)


def spread(values):
    return max(values) - min(values)
"""

SCRIPT = """
[[step]]
when = "def mean"
times = 0
[step.value]
summary = "It computes means. Nothing is checked."
retracted = []

[[step.value.invariants]]
symbol = "mean"
kind = "returns"
sentence = "The mean lies between the least and the largest of `values`."
check = "min(values) <= result <= max(values)"

[[step.value.questions]]
symbol = "mean"
question = "What happens if `values` is empty?"
answer = "The division fails, since `len(values)` is 0."

[[step.value.suspicions]]
symbol = "mean"
quote = "total / len(values)"
message = "With an empty list `len(values)` is 0, and the division fails."
category = "wrong-boundary"
severity = "warning"
fix = "total / max(len(values), 1)"

[[step.value.suspicions.evidence]]
symbol = "mean"
quote = "total = sum(values)"
sentence = "Of an empty list the total is 0, and nothing stops it here."
"""
CRITIC = """
[[step]]
when = "With an empty list"
times = 0
value = { reason = "Nothing rules out an empty list.", verdict = "stands" }
"""


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with in_a_thread(read_script(CRITIC + SCRIPT)) as listening:
        yield listening


def options(endpoint: ScriptedEndpoint, **more: object) -> Json:
    return {"endpoint": endpoint.url, "model": "scripted", "idle_s": 0.05, **more}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "mean.py").write_text(MEAN)
    return tmp_path


async def test_what_a_model_thinks_is_a_diagnostic_a_hover_and_a_fix(
    cache: Path, project: Path, endpoint: ScriptedEndpoint
) -> None:
    uri = (project / "mean.py").as_uri()
    async with editing(cache, project, capabilities=VSCODE, options=options(endpoint)) as editor:
        await editor.open(uri, MEAN)
        told = await editor.diagnostics(uri)
        while not told:  # what was deduced comes first
            told = await editor.diagnostics(uri)
        (mark,) = told
        assert mark["code"] == "wrong-boundary"
        status = await status_comes(editor, lambda said: said["state"] == "asleep" and said["model"])
        assert status["model"]["known"] == 1
        at = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5}}
        hover = await editor.request("textDocument/hover", at)
        assert "between the least and the largest" in hover["contents"]["value"]
        assert "agreed 2/2" in hover["contents"]["value"]
        calls = len(endpoint.counts.requests)
        asked = {**at, "range": mark["range"], "context": {"diagnostics": [mark]}}
        del asked["position"]
        actions = await editor.request("textDocument/codeAction", asked)
        (fix,) = (each for each in actions if types.CodeActionTag.LlmGenerated in each.get("tags", ()))
        assert "isPreferred" not in fix
        assert "max(len(values), 1)" in repr(await editor.request("codeAction/resolve", fix))
        assert len(endpoint.counts.requests) == calls, "to show costs nothing"


OVERLOADED = """
[[step]]
when = "def mean"
status = 429
headers = { Retry-After = "0.01" }
times = 0
"""
ANSWERED = """
[[step]]
when = "exact at all"
text = "It is."
"""


async def test_a_question_that_is_answered_has_a_model_that_was_stopped_go_on(
    tmp_path_factory: pytest.TempPathFactory, project: Path
) -> None:
    cache = tmp_path_factory.mktemp("cache")  # nothing is known in it
    uri = (project / "mean.py").as_uri()
    ask = {"command": "sleeplsp.ask", "arguments": [uri, [0, 5], "Is mean exact at all?"]}
    async with AsyncExitStack() as stack:
        bad = ScriptedEndpoint(read_script(OVERLOADED))
        gone = await stack.enter_async_context(AsyncExitStack())
        await gone.enter_async_context(bad.listening())
        editor = await stack.enter_async_context(editing(cache, project, options=options(bad)))
        await editor.open(uri, MEAN)
        assert "too much to do" in (await editor.expect("window/logMessage"))["message"]
        await gone.aclose()
        good, port = ScriptedEndpoint(read_script(ANSWERED + CRITIC + SCRIPT)), bad.url.split(":")[-1]
        await stack.enter_async_context(good.listening(int(port.partition("/")[0])))
        with anyio.fail_after(0.9 * LOOK_S_MIN):  # before anybody looks by himself
            assert (await editor.request("workspace/executeCommand", ask))["answer"] == "It is."
            await editor.shows(uri, 1)
        went_on = await status_comes(editor, lambda said: said["state"] == "asleep")
        assert (went_on["model"]["known"], went_on["model"]["stopped"]) == (1, None)


async def test_what_was_anticipated_of_other_code_is_no_answer(
    cache: Path, project: Path, endpoint: ScriptedEndpoint
) -> None:
    uri, question = (project / "mean.py").as_uri(), "What happens if values is empty?"
    ask = {"command": "sleeplsp.ask", "arguments": [uri, [0, 5], question]}
    async with editing(cache, project, options=options(endpoint)) as editor:
        await editor.open(uri, MEAN)
        await status_comes(editor, lambda said: said["state"] == "asleep" and said["model"])
        assert (await editor.request("workspace/executeCommand", ask))["source"] == "anticipated"
        await editor.request("workspace/executeCommand", {"command": "sleeplsp.pause"})
        guarded = MEAN.replace("    total", "    if not values:\n        return 0\n    total", 1)
        await editor.change(uri, {"text": guarded})
        calls = len(endpoint.counts.calls)
        assert (await editor.request("workspace/executeCommand", ask))["source"] == "model"
        (sent,) = endpoint.counts.calls[calls:]
        assert "if not values" in repr(sent)
        editor.told.clear()


async def test_an_endpoint_that_never_answers_delays_nothing_else(cache: Path, project: Path) -> None:
    uri = (project / "mean.py").as_uri()
    other = MEAN.replace("total", "whole")  # what is stored of the same code would be found
    (project / "mean.py").write_text(other)
    (project / "pkg").mkdir()
    (project / "pkg" / "__init__.py").touch()
    (project / "pkg" / "store.py").write_text(STORE)
    with in_a_thread(read_script("[[step]]\ntimes = 0\nends = 'never'\n")) as silent:
        async with editing(cache, project, options=options(silent)) as editor:
            await editor.open(uri, other)
            await status_comes(editor, lambda said: said["stage"] == "reflecting")
            use = (project / "pkg" / "use.py").as_uri()
            await editor.open(use, USE)
            assert [each["code"] for each in await editor.diagnostics(use)] == ["none-dereference"]


async def test_a_pause_ends_the_calls_that_are_under_way(cache: Path, project: Path) -> None:
    uri = (project / "mean.py").as_uri()
    other = MEAN.replace("total", "amount")
    (project / "mean.py").write_text(other)
    with in_a_thread(read_script("[[step]]\ntimes = 0\nwhen = 'def mean'\nhold = true\n")) as held:
        async with editing(cache, project, options=options(held)) as editor:
            await editor.open(uri, other)
            with anyio.fail_after(WAIT_S):
                while not held.counts.held:
                    await status(editor)
            await editor.request("workspace/executeCommand", {"command": "sleeplsp.pause"})
            with anyio.fail_after(WAIT_S):
                while not held.counts.aborted:
                    await status(editor)
            await editor.request("workspace/executeCommand", {"command": "sleeplsp.resume"})
            with anyio.fail_after(WAIT_S):
                while held.counts.held < 2:
                    await status(editor)


async def test_an_edit_takes_a_models_mark_away_at_once(
    cache: Path, project: Path, endpoint: ScriptedEndpoint
) -> None:
    uri = (project / "mean.py").as_uri()
    async with editing(cache, project, options=options(endpoint)) as editor:
        await editor.open(uri, MEAN)
        while not await editor.diagnostics(uri):
            pass
        calls = len(endpoint.counts.requests)
        start = {"line": 2, "character": 11}
        await editor.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": 2},
                "contentChanges": [{"range": {"start": start, "end": start}, "text": "1 + "}],
            },
        )
        assert await editor.diagnostics(uri) == []
        assert len(endpoint.counts.requests) == calls, "half a thought of somebody is not sent"
