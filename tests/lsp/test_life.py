"""Beginning and end: messages out of order, and that nothing is left when somebody dies."""

import contextlib
import json
import os
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from tests.lsp.client import WAIT_S, Editor, Json, editing, replaced, started

pytestmark = pytest.mark.anyio

CODE = """\
def run(key):
    value = None
    if key:
        value = key
    return value.upper()
"""

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")


async def initialized(editor: Editor, folder: Path) -> None:
    asked: Json = {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}}
    await editor.request("initialize", asked)
    await editor.notify("initialized")


async def test_an_exit_without_a_goodbye_is_an_error(cache: Path, tmp_path: Path) -> None:
    async with started(cache) as editor:
        await initialized(editor, tmp_path)
        await editor.notify("exit")
        assert await editor.ended() == 1


async def test_an_editor_may_leave_without_awaiting_the_last_reply(cache: Path, tmp_path: Path) -> None:
    async with started(cache) as editor:
        await initialized(editor, tmp_path)
        await editor.stop_listening()
        await editor.send({"id": "last", "method": "shutdown"})
        await editor.notify("exit")
        assert await editor.ended() == 0


@needs_proc
@pytest.mark.parametrize("death", ["hang up", "kill", "exit"])
async def test_nothing_is_left_when_the_editor_or_the_server_is_gone(
    cache: Path, tmp_path: Path, death: str
) -> None:
    code = f"{CODE}# {tmp_path}\n"  # in no store: a worker must read it
    (tmp_path / "a.py").write_text(code)
    uri = (tmp_path / "a.py").as_uri()
    async with started(cache) as editor:
        await initialized(editor, tmp_path)
        await editor.open(uri, code)
        assert len(await editor.diagnostics(uri)) == 1
        gone = [*watched(descendants(editor.process.pid))]
        assert len(gone) >= 2, "the deducer and its worker"
        if death == "hang up":
            await editor.hang_up()
        elif death == "kill":
            editor.process.kill()
        else:
            await editor.notify("exit")
        await editor.ended()
        for each in gone:
            await anyio.to_thread.run_sync(await_end, each)


STAND_IN = """
import json, os, subprocess, sys
command = sys.argv[1:3] + ["-m", "sleeplsp", "serve"]
server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for body in sys.argv[3:]:
    server.stdin.write(b"Content-Length: %d\\r\\n\\r\\n%b" % (len(body.encode()), body.encode()))
server.stdin.flush()
while b"none-dereference" not in server.stdout.read1():
    pass
print(server.pid, flush=True)
server.wait()
"""
"""An editor that can be killed: it opens a file, and waits until something is marked in it."""


@needs_proc
async def test_nothing_is_left_when_the_editor_is_killed(cache: Path, tmp_path: Path) -> None:
    code = f"{CODE}# {tmp_path}\n"
    (tmp_path / "a.py").write_text(code)
    document = {"uri": (tmp_path / "a.py").as_uri(), "languageId": "python", "version": 1, "text": code}
    messages: list[Json] = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": tmp_path.as_uri()}},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": document}},
    ]
    messages[0]["params"]["capabilities"] = {}
    bodies = [json.dumps({"jsonrpc": "2.0", **each}) for each in messages]
    variables = {**os.environ, "SLEEPLSP_CACHE_DIR": str(cache), "SLEEPLSP_LOAD_MAX": "0"}
    variables |= {"SLEEPLSP_STATE_DIR": str(cache / "state"), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", STAND_IN, sys.executable, "-P", *bodies]
    async with await anyio.open_process(command, env=variables) as editor:
        assert editor.stdout is not None
        with anyio.fail_after(WAIT_S):
            server = int(await editor.stdout.receive())
        gone = [*watched([server, *descendants(server)])]
        assert len(gone) >= 3, "the server, the deducer and its worker"
        editor.kill()
        for each in gone:
            await anyio.to_thread.run_sync(await_end, each)


@needs_proc
async def test_workers_end_with_their_deducer(cache: Path, tmp_path: Path) -> None:
    code = f"{CODE}# {tmp_path}\n"
    (tmp_path / "a.py").write_text(code)
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, code)
        assert len(await editor.diagnostics(uri)) == 1
        (deducer,) = children(editor.process.pid)
        gone = [*watched([deducer, *descendants(deducer)])]
        assert len(gone) >= 2, "the deducer and its worker"
        os.kill(deducer, signal.SIGKILL)
        for each in gone:
            await anyio.to_thread.run_sync(await_end, each)
        assert await editor.hover(uri, 4, 12), "the server lives"
        await editor.close(uri)
        assert await editor.diagnostics(uri) == []
        while editor.told:  # it may have been asked before its death was known
            assert "the deducer process died" in (await editor.expect("window/logMessage"))["message"]


@needs_proc
async def test_a_deducer_that_dies_while_nobody_asks_is_started_again(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE)
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, CODE)
        assert len(await editor.diagnostics(uri)) == 1
        (deducer,) = children(editor.process.pid)
        (gone,) = watched([deducer])
        os.kill(deducer, signal.SIGKILL)
        await anyio.to_thread.run_sync(await_end, gone)
        assert await editor.hover(uri, 4, 12), "what was known is known"
        await editor.change(uri, replaced(3, 8, 13, "other"))
        assert await editor.diagnostics(uri) == []
        assert len(await editor.diagnostics(uri)) == 1, "thought about by another"
        await editor.close(uri)
        await editor.diagnostics(uri)
        while editor.told:  # it may have been asked before its death was known
            assert "the deducer process died" in (await editor.expect("window/logMessage"))["message"]


@needs_proc
async def test_a_deducer_that_dies_while_it_thinks_is_told_and_started_again_once(
    cache: Path, tmp_path: Path
) -> None:
    for number in range(100):  # enough to be found at it
        (tmp_path / f"b{number}.py").write_text(f"{CODE}# {tmp_path} {number}\n")
    (tmp_path / "a.py").write_text(CODE)
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, CODE)
        with anyio.fail_after(WAIT_S):
            while not (found := children(editor.process.pid)):
                await editor.hover(uri, 4, 12)
        os.kill(found[0], signal.SIGKILL)
        told = await editor.expect("window/logMessage")
        assert "the deducer process died; it is started again now" in told["message"]
        assert len(await editor.diagnostics(uri)) == 1, "though nothing has changed"
        await editor.close(uri)
        await editor.diagnostics(uri)


async def test_the_workspaces_modules_do_not_pass_for_ours(cache: Path, tmp_path: Path) -> None:
    """The editor starts the server in the workspace: nothing in there is imported, or run."""
    for name in ("json", "sleeplsp", "msgspec", "sitecustomize", "tokenize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n{CODE}")
    uri = (tmp_path / "json.py").as_uri()
    async with editing(cache, tmp_path, cwd=tmp_path) as editor:
        await editor.open(uri, (tmp_path / "json.py").read_text())
        assert len(await editor.diagnostics(uri)) == 1
        await editor.close(uri)
        assert await editor.diagnostics(uri) == []
    assert not (tmp_path / "ran").exists()


async def test_a_parent_that_is_gone_ends_the_server_though_its_pipes_are_open(cache: Path) -> None:
    """Something else may hold them: the editor's process is looked for."""
    async with await anyio.open_process([sys.executable, "-c", ""]) as dead:
        await dead.wait()
    async with started(cache) as editor:
        # The number of a process that runs when the server is told, and ends afterwards.
        async with await anyio.open_process(["sleep", "100"]) as parent:
            asked: Json = {"processId": parent.pid, "rootUri": None, "capabilities": {}}
            await editor.request("initialize", asked)
            await editor.notify("initialized")
            await editor.request(
                "workspace/executeCommand", {"command": "sleeplsp.showWhy", "arguments": ["", ""]}
            )
            parent.kill()
            await parent.wait()
        assert await editor.ended() == 1
        await editor.complaint("the editor is gone")


def children(process: int) -> list[int]:
    """Return the processes that a process has started."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(each) for task in tasks for each in (task / "children").read_text().split()]


def descendants(process: int) -> list[int]:
    below = children(process)
    return below + [each for child in below for each in descendants(child)]


def watched(processes: list[int]) -> Iterator[int]:
    """Yield a file descriptor for each process that still runs."""
    for each in processes:
        with contextlib.suppress(ProcessLookupError):  # git, asked for its files a moment ago
            yield os.pidfd_open(each)


def await_end(process: int) -> None:
    """Wait until a process is gone; what it was is known by a file descriptor."""
    try:
        ready, _, _ = select.select([process], [], [], WAIT_S)
        assert ready, "it still runs"
    finally:
        os.close(process)
