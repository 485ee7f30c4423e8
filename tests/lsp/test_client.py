"""The tests' editor lets nothing pass: whatever a server says unexpectedly fails the test."""

import sys
from pathlib import Path

import pytest

from tests.lsp.client import editing, started
from tests.lsp.unruly import WRONGS

pytestmark = pytest.mark.anyio


def command(wrong: str, when: str = "before") -> tuple[str, ...]:
    return (sys.executable, "-m", "tests.lsp.unruly", wrong, when)


async def test_a_server_that_does_nothing_wrong_passes(tmp_path: Path) -> None:
    async with editing(tmp_path, command=command("nothing")) as editor:
        await editor.request("textDocument/hover")


@pytest.mark.parametrize("wrong", [*WRONGS, "a complaint"])
async def test_what_nobody_expects_fails(tmp_path: Path, wrong: str) -> None:
    with pytest.RaisesGroup(AssertionError, flatten_subgroups=True):
        async with editing(tmp_path, command=command(wrong, "before")):
            pass


@pytest.mark.parametrize("wrong", [*WRONGS, "a message cut short", "a complaint"])
async def test_what_nobody_expects_fails_when_it_comes_last(tmp_path: Path, wrong: str) -> None:
    with pytest.RaisesGroup(AssertionError, flatten_subgroups=True):
        async with editing(tmp_path, command=command(wrong, "after")):
            pass


async def test_a_request_that_is_never_answered_fails(tmp_path: Path) -> None:
    with pytest.RaisesGroup(pytest.RaisesExc(AssertionError, match="no answer to textDocument/hover")):
        async with editing(tmp_path, command=command("no answer")) as editor:
            await editor.ask("textDocument/hover")


async def test_an_answer_that_nobody_reads_fails(tmp_path: Path) -> None:
    with pytest.RaisesGroup(pytest.RaisesExc(AssertionError, match="an answer that nobody has read")):
        async with editing(tmp_path, command=command("nothing")) as editor:
            await editor.ask("textDocument/hover")


async def test_two_answers_to_one_request_fail(tmp_path: Path) -> None:
    with pytest.RaisesGroup(pytest.RaisesExc(AssertionError, match="an answer to nothing")):
        async with editing(tmp_path, command=command("two answers")) as editor:
            await editor.request("textDocument/hover")


async def test_a_server_that_is_left_running_fails(tmp_path: Path) -> None:
    with pytest.RaisesGroup(pytest.RaisesExc(AssertionError, match="the server still runs")):
        async with started(tmp_path, command=command("nothing")):
            pass


async def test_what_was_expected_passes(tmp_path: Path) -> None:
    async with editing(tmp_path, command=command("a notification")) as editor:
        await editor.request("shutdown")
        assert (await editor.expect("window/showMessage"))["message"] == "hello"
        await editor.notify("exit")
        assert await editor.ended() == 0
    async with editing(tmp_path, command=command("a complaint")) as editor:
        await editor.request("shutdown")
        assert await editor.complaint("complaint") == "a complaint"
        await editor.notify("exit")
        assert await editor.ended() == 0
    async with editing(tmp_path, command=command("an answer without a number")) as editor:
        await editor.request("shutdown")
        assert (await editor.answer_to_nothing())["error"]["code"] == -32700
        await editor.notify("exit")
        assert await editor.ended() == 0
