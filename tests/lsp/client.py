"""An editor for tests: speaks to a real server process over its pipes, and forgets nothing it was told.

Every message of the server must have been expected by the time the editor says goodbye; what stands on
the server's standard error is unexpected as well.
"""

import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
from anyio.streams.buffered import BufferedByteReceiveStream

WAIT_S = 60
"""Seconds until something that must come is taken not to come: for machines that are busy."""

Json = dict[str, Any]


class Refused(Exception):  # noqa: N818  the answer, not a failure
    """The server has answered with an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]


class Editor:
    """One editor with one server process."""

    def __init__(self, process: anyio.abc.Process, tasks: anyio.abc.TaskGroup) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self.capabilities: Json = {}
        """What the server has said it can do."""
        self.answers: dict[str, Callable[[Json], Any]] = {}
        """How to answer the server's requests, by method."""
        self.asked: list[tuple[str, Json]] = []
        """What the server has asked."""
        self.told: list[tuple[str, Json]] = []
        """What the server has told and nobody has expected yet."""
        self.complaints = b""
        """What stands on the server's standard error."""
        self._input, self._output = process.stdin, BufferedByteReceiveStream(process.stdout)
        self._errors = process.stderr
        self._replies: dict[int, Json] = {}
        self._versions: dict[str, int] = {}
        self._next = 0
        self._news = anyio.Event()
        tasks.start_soon(self._read_output)
        tasks.start_soon(self._read_errors)

    async def request(self, method: str, params: Json | None = None) -> Any:
        """Ask, and return the answer; raises Refused when that is an error."""
        self._next += 1
        number = self._next
        await self.send({"id": number, "method": method, "params": params})
        await self._wait(lambda: number in self._replies, f"an answer to {method}")
        reply = self._replies.pop(number)
        if "error" in reply:
            raise Refused(reply["error"])
        return reply["result"]

    async def notify(self, method: str, params: Json | None = None) -> None:
        """Tell."""
        await self.send({"method": method, "params": params if params is not None else {}})

    async def expect(self, method: str, where: Callable[[Json], bool] = lambda _: True) -> Json:
        """Wait for a notification, and return what it says. It is expected from then on."""

        def found() -> int | None:
            told = enumerate(self.told)
            return next((i for i, (name, said) in told if name == method and where(said)), None)

        await self._wait(lambda: found() is not None, f"{method} (told so far: {self.told})")
        return self.told.pop(found() or 0)[1]

    async def diagnostics(self, uri: str) -> list[Json]:
        """Wait for the next diagnostics of a document."""
        published = await self.expect("textDocument/publishDiagnostics", lambda said: said["uri"] == uri)
        found: list[Json] = published["diagnostics"]
        return found

    async def expect_request(self, method: str) -> Json:
        """Wait until the server asks something, and return what."""

        def found() -> int | None:
            return next((i for i, (name, _) in enumerate(self.asked) if name == method), None)

        await self._wait(lambda: found() is not None, f"a request {method}")
        return self.asked.pop(found() or 0)[1]

    async def open(self, uri: str, text: str, language: str = "python") -> None:
        """Open a document."""
        self._versions[uri] = 1
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        await self.notify("textDocument/didOpen", {"textDocument": document})

    async def change(self, uri: str, *changes: Json) -> int:
        """Change a document; return its version."""
        self._versions[uri] += 1
        document = {"uri": uri, "version": self._versions[uri]}
        params = {"textDocument": document, "contentChanges": list(changes)}
        await self.notify("textDocument/didChange", params)
        return self._versions[uri]

    async def close(self, uri: str) -> None:
        """Close a document."""
        await self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    async def hover(self, uri: str, line: int, character: int) -> str | None:
        """Return the Markdown of a hover."""
        found = await self.request("textDocument/hover", at(uri, line, character))
        return found["contents"]["value"] if found is not None else None

    async def hover_comes(self, uri: str, line: int, character: int) -> str:
        """Ask until there is a hover: each answer gives the server a moment to learn more."""
        with anyio.fail_after(WAIT_S):
            found = None
            while found is None:
                found = await self.hover(uri, line, character)
        return found

    async def send(self, message: Json) -> None:
        """Send a message as it is."""
        await self.send_raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    async def send_raw(self, body: bytes) -> None:
        """Send a body as it is."""
        await self._input.send(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def hang_up(self) -> None:
        """Close the server's standard input, as an editor's death does."""
        await self._input.aclose()

    async def stop_listening(self) -> None:
        """Close the server's standard output: what it says from now on is for nobody."""
        await self._output.aclose()

    async def goodbye(self) -> None:
        """Shut the server down; all it has said must have been expected."""
        await self.request("shutdown")
        await self.notify("exit")
        assert await self.ended() == 0
        assert self.told == [], "messages nobody expected"
        assert self.asked == [], "requests nobody expected"
        assert self.complaints.decode() == ""

    async def ended(self) -> int:
        """Wait until the process has ended, and return its exit code."""
        with anyio.fail_after(WAIT_S):
            return await self.process.wait()

    async def _wait(self, holds: Callable[[], bool], what: str) -> None:
        with anyio.move_on_after(WAIT_S) as scope:
            while not holds():
                self._news = anyio.Event()
                if self.process.returncode is not None:
                    raise AssertionError(f"the server has ended before {what}: {self.complaints!r}")
                await self._news.wait()
        if scope.cancelled_caught:
            raise AssertionError(f"never came: {what}; {self.complaints!r}")

    async def _read_output(self) -> None:
        try:
            while True:
                header = await self._output.receive_until(b"\r\n\r\n", 1000)
                lengths = [line for line in header.split(b"\r\n") if line.startswith(b"Content-Length")]
                body = await self._output.receive_exactly(int(lengths[0].partition(b":")[2]))
                await self._take(json.loads(body))
                self._news.set()
        except (anyio.EndOfStream, anyio.IncompleteRead, anyio.ClosedResourceError):
            self._news.set()

    async def _take(self, message: Json) -> None:
        if "method" not in message:
            self._replies[message["id"]] = message
        elif "id" not in message:
            self.told.append((message["method"], message["params"]))
        elif message["method"] in self.answers:
            result = self.answers[message["method"]](message["params"])
            await self.send({"id": message["id"], "result": result})
        else:
            self.asked.append((message["method"], message["params"]))
            await self.send({"id": message["id"], "result": None})

    async def _read_errors(self) -> None:
        try:
            while True:
                self.complaints += await self._errors.receive()
        except (anyio.EndOfStream, anyio.ClosedResourceError):
            return


@asynccontextmanager
async def started(
    cache: Path, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Editor]:
    """Start a server that is not initialized. Whatever it leaves running ends with it."""
    here = Path(__file__).parent.parent.parent
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SLEEPLSP_")},
        "SLEEPLSP_CACHE_DIR": str(cache),
        "XDG_CONFIG_HOME": str(cache / "config"),
        "PYTHONPATH": str(here),
        "PYTHONWARNINGS": "error",
        **(environment or {}),
    }
    command = [sys.executable, "-P", "-m", "sleeplsp.cli.serve"]
    process = await anyio.open_process(command, env=variables, cwd=cwd or cache, start_new_session=True)
    async with anyio.create_task_group() as tasks:
        try:
            yield Editor(process, tasks)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
            with anyio.CancelScope(shield=True):
                await process.aclose()
            tasks.cancel_scope.cancel()


@asynccontextmanager
async def editing(
    cache: Path,
    *folders: Path,
    capabilities: Json | None = None,
    options: Json | None = None,
    encodings: tuple[str, ...] = ("utf-16",),
    cwd: Path | None = None,
) -> AsyncIterator[Editor]:
    """Start a server, initialize it, and say goodbye at the end."""
    async with started(cache, cwd) as editor:
        asked = {
            "processId": os.getpid(),
            "rootUri": folders[0].as_uri() if folders else None,
            "workspaceFolders": [folder(each) for each in folders] or None,
            "capabilities": {"general": {"positionEncodings": encodings}, **(capabilities or {})},
            "initializationOptions": options,
        }
        editor.capabilities = (await editor.request("initialize", asked))["capabilities"]
        await editor.notify("initialized")
        yield editor
        await editor.goodbye()


def folder(path: Path) -> Json:
    """Return a workspace folder."""
    return {"uri": path.as_uri(), "name": path.name}


def at(uri: str, line: int, character: int) -> Json:
    """Return the parameters of a request about a position."""
    position = {"line": line, "character": character}
    return {"textDocument": {"uri": uri}, "position": position}


def replaced(line: int, start: int, end: int, text: str) -> Json:
    """Return a change within one line."""
    span = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
    return {"range": span, "text": text}
