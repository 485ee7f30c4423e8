"""The gate: messages that come when they must not, say what they cannot mean, or are none."""

from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import Editor, Json, Refused, at, editing, started

pytestmark = pytest.mark.anyio

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
NOT_INITIALIZED = -32002
CANCELLED = -32800

URI = "file:///a.py"
CODE = "def run(key):\n    value = None\n    return value.upper()\n"
HOVER = at(URI, 0, 0)
BARE: Json = {"processId": None, "rootUri": None, "capabilities": {}}


async def initialized(editor: Editor) -> None:
    await editor.request("initialize", BARE)
    await editor.notify("initialized")


async def refusal(editor: Editor, method: str, params: Any = None) -> int:
    with pytest.raises(Refused) as refused:
        await editor.request(method, params)
    return refused.value.code


async def test_nothing_is_answered_before_initialize(cache: Path) -> None:
    async with started(cache) as editor:
        assert await refusal(editor, "textDocument/hover", HOVER) == NOT_INITIALIZED
        assert await refusal(editor, "shutdown") == NOT_INITIALIZED
        assert await refusal(editor, "$/nothing") == NOT_INITIALIZED
        assert await refusal(editor, "textDocument/hover", {"position": 1}) == NOT_INITIALIZED
        await editor.open(URI, CODE)
        await editor.notify("textDocument/didOpen", {"textDocument": 1})
        await editor.notify("initialized")
        await initialized(editor)
        symbols = {"textDocument": {"uri": URI}}
        assert await editor.request("textDocument/documentSymbol", symbols) is None, "it was not opened"
        await editor.goodbye()


async def test_an_initialize_that_fails_may_be_tried_again(cache: Path) -> None:
    async with started(cache) as editor:
        assert await refusal(editor, "initialize", {"processId": None}) == INVALID_PARAMS
        assert await refusal(editor, "initialize", {**BARE, "workspaceFolders": 5}) == INVALID_PARAMS
        assert await refusal(editor, "textDocument/hover", HOVER) == NOT_INITIALIZED
        await initialized(editor)
        assert await refusal(editor, "initialize", BARE) == INVALID_REQUEST
        assert await editor.request("textDocument/hover", HOVER) is None
        await editor.complaint("'initialize' makes no sense")
        await editor.complaint("'initialize' makes no sense")
        await editor.goodbye()


async def test_nothing_but_exit_is_heard_after_shutdown(cache: Path) -> None:
    async with started(cache) as editor:
        await initialized(editor)
        await editor.request("shutdown")
        assert await refusal(editor, "textDocument/hover", HOVER) == INVALID_REQUEST
        assert await refusal(editor, "shutdown") == INVALID_REQUEST
        assert await refusal(editor, "initialize", BARE) == INVALID_REQUEST
        await editor.open(URI, CODE)
        await editor.notify("textDocument/didOpen", {"textDocument": 1})
        await editor.notify("exit")
        assert await editor.ended() == 0


@pytest.mark.parametrize("begun", [False, True])
async def test_an_exit_without_a_goodbye_is_an_error(cache: Path, begun: bool) -> None:  # noqa: FBT001
    async with started(cache) as editor:
        if begun:
            await initialized(editor)
        await editor.notify("exit")
        assert await editor.ended() == 1


SENSELESS: list[tuple[str, Any]] = [
    ("textDocument/hover", {"position": 1}),
    ("textDocument/hover", None),
    ("textDocument/hover", []),
    ("textDocument/hover", "a"),
    ("textDocument/hover", {**HOVER, "position": {"line": -1, "character": 0}}),
    ("textDocument/hover", {**HOVER, "position": {"line": 1 << 31, "character": 0}}),
    ("textDocument/hover", {**HOVER, "position": {"line": 0}}),
    ("textDocument/codeAction", {"textDocument": {"uri": URI}, "range": {}, "context": {}}),
    ("workspace/executeCommand", {"command": "sleeplsp.showWhy", "arguments": 2}),
]
COMMANDS: list[Json] = [{"command": "rm"}, {"command": "sleeplsp.showWhy", "arguments": [1]}]
"""They have the form of a command, and are none that there is."""


async def test_a_request_that_makes_no_sense_is_refused_by_its_number(cache: Path) -> None:
    async with editing(cache) as editor:
        for method, params in [*SENSELESS, *(("workspace/executeCommand", each) for each in COMMANDS)]:
            assert await refusal(editor, method, params) == INVALID_PARAMS, params
            if (
                method != "workspace/executeCommand"
                or not isinstance(params, dict)
                or params.get("arguments") == 2
            ):
                assert "Traceback" not in await editor.complaint(f"{method!r} makes no sense")
        assert await editor.request("textDocument/hover", HOVER) is None
        assert editor.complaints == b""


async def test_a_notification_that_makes_no_sense_is_told_in_one_line(cache: Path) -> None:
    async with editing(cache) as editor:
        await editor.open("untitled:a.py", CODE)
        assert len(await editor.diagnostics("untitled:a.py")) == 1
        for method, params in (
            ("textDocument/didOpen", {"textDocument": 1}),
            ("textDocument/didClose", {}),
            ("workspace/didChangeWatchedFiles", {"changes": 1}),
        ):
            await editor.notify(method, params)
            assert "Traceback" not in await editor.complaint(f"{method!r} makes no sense")
        # Of what changed nobody knows how, nothing is said any more, until it is opened again.
        version: Json = {
            "textDocument": {"uri": "untitled:a.py", "version": None},
            "contentChanges": [{"text": ""}],
        }
        await editor.notify("textDocument/didChange", version)
        assert await editor.diagnostics("untitled:a.py") == []
        await editor.complaint("'textDocument/didChange' makes no sense")
        assert await editor.hover("untitled:a.py", 2, 11) is None
        await editor.open("untitled:a.py", CODE)
        assert len(await editor.diagnostics("untitled:a.py")) == 1
        await editor.close("untitled:a.py")
        assert await editor.diagnostics("untitled:a.py") == []


NO_MESSAGES: list[tuple[bytes, object, int]] = [
    (b"", None, PARSE_ERROR),
    (b"hello", None, PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "id": 1, "method"', None, PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "id": NaN, "method": "shutdown"}', None, PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "method": "\xff"}', None, PARSE_ERROR),
    (b"[" * 100_000, None, PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "id": ' + b"9" * 10_000 + b"}", None, PARSE_ERROR),
    (b"[]", None, INVALID_REQUEST),
    (b'[{"jsonrpc": "2.0", "id": 77, "method": "shutdown"}]', None, INVALID_REQUEST),
    (b"null", None, INVALID_REQUEST),
    (b'"shutdown"', None, INVALID_REQUEST),
    (b"{}", None, INVALID_REQUEST),
    (b'{"id": 77, "method": "shutdown"}', 77, INVALID_REQUEST),
    (b'{"jsonrpc": "1.0", "id": "x", "method": "shutdown"}', "x", INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "id": 77}', 77, INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "id": 77, "method": 5}', 77, INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "id": 77, "method": null}', 77, INVALID_REQUEST),
]


async def test_what_is_no_message_is_answered_once_and_told_in_one_line(cache: Path) -> None:
    async with editing(cache) as editor:
        for body, number, code in NO_MESSAGES:
            await editor.send_raw(body)
            answer = await editor.answer_to_nothing()
            assert (answer["id"], answer["error"]["code"]) == (number, code), body[:60]
            assert "Traceback" not in await editor.complaint("a message makes no sense")
        for number in (None, True, 1.5, [1], {}):
            await editor.send({"id": number, "method": "textDocument/hover", "params": HOVER})
            answer = await editor.answer_to_nothing()
            assert (answer["id"], answer["error"]["code"]) == (None, INVALID_REQUEST)
            await editor.complaint("'textDocument/hover' makes no sense")
        assert await editor.request("textDocument/hover", HOVER) is None
        assert editor.complaints == b""


async def test_requests_are_answered_by_whatever_number_they_have(cache: Path) -> None:
    async with editing(cache) as editor:
        for number in (0, -1, 2**53 + 1, 10**30, "", "1", "💤", "a" * 1000):
            await editor.send({"id": number, "method": "textDocument/hover", "params": HOVER})
            assert await editor.answer(number) is None


async def test_what_nobody_knows(cache: Path) -> None:
    async with editing(cache) as editor:
        assert await refusal(editor, "textDocument/nothing", {}) == METHOD_NOT_FOUND
        assert await refusal(editor, "$/nothing", {}) == METHOD_NOT_FOUND
        assert await refusal(editor, "", {}) == METHOD_NOT_FOUND
        assert await refusal(editor, "textDocument/didOpen", {}) != METHOD_NOT_FOUND
        await editor.complaint("'textDocument/didOpen' makes no sense")
        await editor.notify("$/nothing", {})
        await editor.notify("textDocument/nothing", {})
        # Answers to nothing we have asked, the number of a request of their own among them.
        await editor.send({"id": 4321, "result": None})
        await editor.send({"id": 4321, "error": {"code": 1, "message": "no"}})
        await editor.send({"id": None, "error": {"code": -32700, "message": "what?"}})
        await editor.send({"id": "x", "result": None, "error": 5})
        await editor.notify("$/cancelRequest", {"id": 4321})
        await editor.notify("$/cancelRequest", {"id": None})
        await editor.notify("$/cancelRequest", {})
        await editor.notify("$/progress", {"token": 1, "value": {}})
        assert await editor.request("textDocument/hover", HOVER) is None
        assert editor.complaints == b"", "none of it is worth a line"


async def test_an_object_within_a_message_is_no_message(cache: Path) -> None:
    async with started(cache) as editor:
        inner: Json = {"jsonrpc": "2.0", "id": 7, "method": "exit"}
        await editor.request("initialize", {**BARE, "initializationOptions": {"inner": inner}})
        await editor.notify("initialized", {"inner": inner})
        assert await editor.request("textDocument/hover", {**HOVER, "inner": inner}) is None
        await editor.goodbye()


async def test_what_is_cancelled_while_it_waits_is_never_begun(cache: Path) -> None:
    async with editing(cache) as editor:
        asked = [
            {"id": number, "method": "textDocument/hover", "params": HOVER} for number in ("a", "b", "c", "d")
        ]
        cancelled = [{"method": "$/cancelRequest", "params": {"id": number}} for number in ("b", "d", "b")]
        await editor.send_together(*asked, *cancelled)
        for number in ("a", "c"):
            assert await editor.answer(number) is None
        for number in ("b", "d"):
            with pytest.raises(Refused) as refused:
                await editor.answer(number)
            assert refused.value.code == CANCELLED


async def test_what_is_cancelled_while_it_is_answered_is_answered_once(cache: Path, tmp_path: Path) -> None:
    text = "".join(f"def f{number}(key):\n    return key.strip()\n\n\n" for number in range(10_000))
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache) as editor:
        await editor.open(uri, text)
        number = await editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        await editor.send({"id": number, "result": None})  # an answer is no cancellation
        await editor.request("textDocument/hover", HOVER)
        await editor.notify("$/cancelRequest", {"id": number})
        with pytest.raises(Refused) as refused:
            await editor.answer(number)
        assert refused.value.code == CANCELLED
        await editor.notify("$/cancelRequest", {"id": number})
        assert await editor.request("textDocument/hover", HOVER) is None


async def test_shutdown_gives_up_what_is_being_answered(cache: Path, tmp_path: Path) -> None:
    text = "".join(f"def f{number}(key):\n    return key.strip()\n\n\n" for number in range(10_000))
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache) as editor:
        await editor.open(uri, text)
        number = await editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        await editor.request("shutdown")
        with pytest.raises(Refused) as refused:
            await editor.answer(number)
        assert refused.value.code == CANCELLED
        await editor.notify("exit")
        assert await editor.ended() == 0


async def test_requests_are_traced_where_that_is_asked_for(cache: Path) -> None:
    async with started(cache) as editor:
        await editor.request("initialize", {**BARE, "trace": "messages"})
        assert "initialize (1) answered in" in (await editor.expect("$/logTrace"))["message"]
        await editor.notify("initialized")
        await editor.request("textDocument/hover", HOVER)
        told = await editor.expect("$/logTrace")
        assert told["message"].startswith("textDocument/hover (2) answered in")
        assert "verbose" not in told
        await editor.notify("$/setTrace", {"value": "verbose"})
        await editor.request("textDocument/hover", HOVER)
        assert URI in (await editor.expect("$/logTrace"))["verbose"]
        await editor.notify("$/setTrace", {"value": "off"})
        await editor.request("textDocument/hover", HOVER)
        await editor.goodbye()
