"""Clients that send what nobody should: the server lives, answers as it should, and stays small."""

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from tests.lsp.client import Editor, Json, Refused, at, editing, replaced, started
from tests.lsp.connection import framed

pytestmark = pytest.mark.anyio

CODE = """\
def find(key):
    if key == "":
        return None
    return key.strip()


def run(key):
    return find(key).upper()
"""
MARK = (7, 12)
"""Line and column of what CODE is suspected of."""

MEBIBYTE = 1024 * 1024
PIECE = b"x" * MEBIBYTE

SERVER_BYTES_MAX = 110 * MEBIBYTE
"""Largest memory that a server may have had which was sent something far too large."""


async def still_answers(editor: Editor) -> None:
    """Make sure that the server thinks about a file as if nothing had happened."""
    uri = "untitled:still.py"
    await editor.open(uri, CODE)
    await editor.shows(uri, 1)
    assert await editor.hover(uri, *MARK)
    await editor.close(uri)
    await editor.shows(uri, 0)


def peak_bytes(process: int) -> int:
    """Return the largest memory that a process has had; 0 where nobody tells."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return 0
    told = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(told.split()[1]) * 1024


async def test_a_document_of_100_megabytes(cache: Path) -> None:
    async with editing(cache) as editor:
        head = b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":'
        head += b'{"uri":"untitled:large.py","languageId":"python","version":1,"text":"'
        tail = b'"}}}'
        await editor.send_bytes(
            b"Content-Length: %d\r\n\r\n" % (len(head) + 100 * MEBIBYTE + len(tail)) + head
        )
        for _ in range(100):
            await editor.send_bytes(PIECE)
        await editor.send_bytes(tail)
        told = await editor.complaint("'textDocument/didOpen' makes no sense: a message has more than")
        assert len(told) < 300
        assert await editor.hover("untitled:large.py", 0, 0) is None
        await still_answers(editor)
        assert peak_bytes(editor.process.pid) < SERVER_BYTES_MAX


async def test_a_request_of_100_megabytes_is_refused_by_its_number(cache: Path) -> None:
    async with editing(cache) as editor:
        head = b'{"jsonrpc":"2.0","id":"large","method":"textDocument/hover","params":{"x":"'
        await editor.send_bytes(b"Content-Length: %d\r\n\r\n" % (len(head) + 100 * MEBIBYTE) + head)
        for _ in range(100):
            await editor.send_bytes(PIECE)
        answer = await editor.answer_to_nothing()
        assert (answer["id"], answer["error"]["code"]) == ("large", -32600)
        await editor.complaint("'textDocument/hover' makes no sense: a message has more than")
        await still_answers(editor)


async def test_a_change_that_is_too_large_makes_its_document_unknown(cache: Path) -> None:
    uri = "untitled:a.py"
    async with editing(cache) as editor:
        await editor.open(uri, CODE)
        await editor.shows(uri, 1)
        head = b'{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"'
        head += uri.encode() + b'","version":2},"contentChanges":[{"text":"'
        await editor.send_bytes(b"Content-Length: %d\r\n\r\n" % (len(head) + 20 * MEBIBYTE) + head)
        for _ in range(20):
            await editor.send_bytes(PIECE)
        await editor.complaint("'textDocument/didChange' makes no sense")
        await editor.shows(uri, 0)
        assert await editor.hover(uri, *MARK) is None
        await still_answers(editor)


async def test_100_megabytes_of_garbage(cache: Path) -> None:
    async with editing(cache) as editor:
        for _ in range(100):
            await editor.send_bytes(PIECE)
        answer = await editor.answer_to_nothing()
        assert (answer["id"], answer["error"]["code"]) == (None, -32700)
        await editor.complaint("what is no message")
        await still_answers(editor)
        assert peak_bytes(editor.process.pid) < SERVER_BYTES_MAX


@pytest.mark.parametrize("length", [5, 1_000, 10**9, 10**17])
async def test_a_length_that_lies(cache: Path, length: int) -> None:
    async with editing(cache) as editor:
        await editor.send_bytes(b"Content-Length: %d\r\n\r\n" % length + b'{"jsonrpc": "2.0", "id": 1}')
        await still_answers(editor)
        answer = await editor.answer_to_nothing()
        assert (answer["id"], answer["error"]["code"]) in ((None, -32700), (1, -32700))
        await editor.complaint("makes no sense")


async def test_a_client_that_asks_and_does_not_read(cache: Path) -> None:
    """Neither side waits for the other: all is answered, and read by whoever reads it later."""
    count = 20_000
    async with editing(cache) as editor:
        await editor.request("textDocument/hover", at("file:///a.py", 0, 0))
        editor.hears = anyio.Event()
        numbers = [f"n{number}" for number in range(count)]
        for start in range(0, count, 1000):
            asked = [
                {"id": number, "method": "textDocument/hover", "params": at("file:///a.py", 0, 0)}
                for number in numbers[start : start + 1000]
            ]
            await editor.send_together(*asked)
        editor.hears.set()
        for number in numbers:
            assert await editor.answer(number) is None
        await still_answers(editor)
        assert peak_bytes(editor.process.pid) < SERVER_BYTES_MAX


async def test_ten_thousand_open_documents(cache: Path) -> None:
    uri = "untitled:first.py"
    async with editing(cache) as editor:
        await editor.open(uri, CODE)
        await editor.shows(uri, 1)
        for number in range(10_000):
            await editor.open(f"untitled:{number}.py", f"def f{number}(key):\n    return key\n")
        assert await editor.hover(uri, *MARK)
        symbols = await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        assert [each["name"] for each in symbols] == ["find", "run"]
        assert peak_bytes(editor.process.pid) < SERVER_BYTES_MAX + 50 * MEBIBYTE
        await editor.change(uri, replaced(2, 15, 19, '""'))
        await editor.shows(uri, 0)


async def test_positions_out_of_range(cache: Path) -> None:
    uri, last = "untitled:a.py", 2**31 - 1
    text = f'x = "😀😀"\n{CODE}'
    async with editing(cache) as editor:
        await editor.open(uri, text)
        await editor.shows(uri, 1)
        for line, character in ((0, 6), (0, 8), (0, last), (last, 0), (last, last)):
            await editor.request("textDocument/hover", at(uri, line, character))
            span = {"start": at(uri, line, character)["position"], "end": at(uri, 0, 0)["position"]}
            asked: Json = {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": []}}
            await editor.request("textDocument/codeAction", asked)
        for wrong in (-1, last + 1, 1 << 64, "a", None):
            with pytest.raises(Refused) as refused:
                await editor.request("textDocument/hover", at(uri, wrong, 0))  # type: ignore[arg-type]
            assert refused.value.code == -32602
            await editor.complaint("'textDocument/hover' makes no sense")
        # A range whose end comes first, one inside of a pair, one behind the end.
        await editor.change(uri, replaced(0, 8, 6, "a"), replaced(0, 7, 8, "b"))
        behind = {"start": {"line": last, "character": last}, "end": {"line": last, "character": last}}
        await editor.change(uri, {"range": behind, "text": "\n\ndef added():\n    return 1\n"})
        symbols = await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        assert [each["name"] for each in symbols] == ["x", "find", "run", "added"]
        await editor.close(uri)
        await editor.shows(uri, 0)


async def test_changes_of_what_is_not_open_and_versions_that_go_backwards(cache: Path) -> None:
    uri = "untitled:a.py"
    async with editing(cache) as editor:
        for method, more in (
            ("textDocument/didChange", {"contentChanges": [{"text": "x"}]}),
            ("textDocument/didSave", {}),
            ("textDocument/didClose", {}),
        ):
            await editor.notify(method, {"textDocument": {"uri": uri, "version": 2}, **more})
        await editor.open(uri, CODE)
        await editor.shows(uri, 1)
        for version, removed, text in ((-5, 5, '""'), (0, 2, "None")):
            change = replaced(2, 15, 15 + {5: 4, 2: 2}[removed], text)
            params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
            await editor.notify("textDocument/didChange", params)
            await editor.shows(uri, 1 if text == "None" else 0)
        await editor.open(uri, CODE)  # without a goodbye
        await editor.shows(uri, 1)
        await editor.close(uri)
        await editor.close(uri)
        await editor.shows(uri, 0)
        await still_answers(editor)


async def test_one_editor_at_an_address_and_no_other(cache: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        address = found.getsockname()
    command = (sys.executable, "-P", "-m", "sleeplsp", "serve", "--tcp", f"127.0.0.1:{address[1]}")
    async with started(cache, command=command) as waiting:
        stream = None
        while stream is None and waiting.process.returncode is None:
            with contextlib.suppress(OSError):
                stream = await anyio.connect_tcp(*address)
        assert stream is not None
        async with stream:
            bare = b'{"processId":null,"rootUri":null,"capabilities":{}}'
            await stream.send(framed(b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":%b}' % bare))
            assert b'"capabilities"' in await stream.receive()
            with pytest.raises(OSError):  # noqa: PT011  by whatever name the system refuses
                await anyio.connect_tcp(*address)
            await stream.send(framed(b'{"jsonrpc":"2.0","id":2,"method":"shutdown"}'))
            assert b'"result":null' in await stream.receive()
            await stream.send(framed(b'{"jsonrpc":"2.0","method":"exit"}'))
            assert await waiting.ended() == 0


def test_what_is_said_may_stand_in_a_file(cache: Path, tmp_path: Path) -> None:
    """Not every stream can tell when there is something to read."""
    bare = b'{"processId":null,"rootUri":null,"capabilities":{}}'
    said = tmp_path / "said"
    said.write_bytes(
        framed(b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":%b}' % bare)
        + framed(b'{"jsonrpc":"2.0","id":2,"method":"shutdown"}')
        + framed(b'{"jsonrpc":"2.0","method":"exit"}')
    )
    with said.open("rb") as stream, (tmp_path / "answered").open("wb") as answers:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "sleeplsp", "serve"],
            stdin=stream,
            stdout=answers,
            stderr=subprocess.PIPE,
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "SLEEPLSP_CACHE_DIR": str(cache)},
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "answered").read_bytes().count(b"Content-Length") == 2


@pytest.mark.parametrize("said", [{"whatever": 10**30}, {"excludes": ["\ud800"]}, {"\udcff": {"a": [None]}}])
async def test_settings_that_make_no_sense(cache: Path, tmp_path: Path, said: Json) -> None:
    (tmp_path / "a.py").write_text(CODE)
    async with editing(cache, tmp_path, options=said) as editor:
        if "excludes" not in said:
            assert "there is no such setting" in (await editor.expect("window/logMessage"))["message"]
        await editor.open((tmp_path / "a.py").as_uri(), CODE)
        await editor.hover_comes((tmp_path / "a.py").as_uri(), *MARK)


@pytest.fixture
def unspeakable(tmp_path: Path) -> Path:
    """Return a folder whose name is no text, with CODE in it."""
    project = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    project.mkdir()
    (project / "a.py").write_text(CODE)
    return project


async def test_a_folder_whose_name_is_no_text(cache: Path, unspeakable: Path) -> None:
    watched: Json = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    async with editing(cache, unspeakable, capabilities=watched) as editor:
        await editor.expect_request("client/registerCapability")
        await editor.open((unspeakable / "a.py").as_uri(), CODE)
        await editor.hover_comes((unspeakable / "a.py").as_uri(), *MARK)
