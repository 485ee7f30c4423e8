"""One server process and all that is said to it and by it: nothing it says is forgotten.

What a document is, and what the messages mean, it must not know.
"""

import contextlib
import json
from collections.abc import Callable
from typing import Any

import anyio
import anyio.abc

WAIT_S = 60
"""Seconds until something that must come is taken not to come: for machines that are busy."""

HEADER = b"Content-Length: "

Json = dict[str, Any]


class Refused(Exception):  # noqa: N818  the answer, not a failure
    """The server has answered with an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]
        self.data: object = error.get("data")


class Connection:
    """The editor's end of the pipes of one server process."""

    def __init__(self, process: anyio.abc.Process, tasks: anyio.abc.TaskGroup) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self.answers: dict[str, Callable[[Json], Any]] = {}
        """How to answer the server's requests, by method."""
        self.asked: list[tuple[str, Json]] = []
        """What the server has asked and nobody has expected yet."""
        self.handled: frozenset[str] = frozenset()
        """Methods that the editor deals with by itself, so that no test must expect them."""
        self.dealt_with: list[tuple[str, Json]] = []
        """What the server has asked or told of these."""
        self.told: list[tuple[str, Json]] = []
        """What the server has told and nobody has expected yet."""
        self.strays: list[Json] = []
        """Answers to no request of ours."""
        self.complaints = b""
        """What stands on the server's standard error and nobody has expected yet."""
        self._input, self._output, self._errors = process.stdin, process.stdout, process.stderr
        self.hears = anyio.Event()
        """Nothing that the server says is read until it is set; tests put another in its place."""
        self.hears.set()
        self._received = b""
        self._speaking: set[str] = {"output", "errors"}
        """Streams that may say more."""
        self._listens = True
        self._replies: dict[object, Json] = {}
        self._waiting: dict[object, str] = {}
        """Methods of our requests that were not answered yet."""
        self._next = 0
        self._news = anyio.Event()
        tasks.start_soon(self._read_output)
        tasks.start_soon(self._read_errors)

    async def request(self, method: str, params: Json | None = None) -> Any:
        """Ask, and return the answer; raises Refused when that is an error."""
        return await self.answer(await self.ask(method, params))

    async def ask(self, method: str, params: Json | None = None) -> int:
        """Ask, and return the number of the request, for `answer`."""
        self._next += 1
        await self.send({"id": self._next, "method": method, "params": params})
        return self._next

    async def answer(self, number: object) -> Any:
        """Return the answer to a request; raises Refused when that is an error."""
        await self._wait(lambda: number in self._replies, f"an answer to {self._waiting.get(number)}")
        reply = self._replies.pop(number)
        if "error" in reply:
            raise Refused(reply["error"])
        return reply["result"]

    async def answer_to_nothing(self) -> Json:
        """Wait for an answer to no request of ours, and return it; it is expected from then on."""
        await self._wait(lambda: bool(self.strays), "an answer to no request")
        return self.strays.pop(0)

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

    async def expect_request(self, method: str) -> Json:
        """Wait until the server asks something, and return what."""

        def found() -> int | None:
            return next((i for i, (name, _) in enumerate(self.asked) if name == method), None)

        await self._wait(lambda: found() is not None, f"a request {method}")
        return self.asked.pop(found() or 0)[1]

    async def complaint(self, words: str) -> str:
        """Wait for a line on standard error with these words, and return it; it is expected then."""

        def found() -> str | None:
            # The last piece is a line only once another follows, or nothing more can come.
            lines = self.complaints.decode(errors="replace").split("\n")
            whole = lines[:-1] if "errors" in self._speaking else lines
            return next((line for line in whole if words in line), None)

        await self._wait(lambda: found() is not None, f"the words {words!r}", "errors")
        line = found() or ""
        self.complaints = self.complaints.replace(line.encode() + b"\n", b"", 1)
        return line

    async def send(self, message: Json) -> None:
        """Send a message as it is."""
        await self.send_together(message)

    async def send_together(self, *messages: Json) -> None:
        """Send messages in one piece: they are there to be read before the first is handled."""
        bodies = []
        for message in messages:
            number = message.get("id")
            if "method" in message and isinstance(number, int | str) and not isinstance(number, bool):
                self._waiting[number] = message["method"]
            bodies.append(json.dumps({"jsonrpc": "2.0", **message}).encode())
        await self.send_bytes(b"".join(map(framed, bodies)))

    async def send_raw(self, body: bytes) -> None:
        """Send a body as it is."""
        await self.send_bytes(framed(body))

    async def send_bytes(self, stream: bytes) -> None:
        """Send what need be no message at all."""
        await self._input.send(stream)

    async def hang_up(self) -> None:
        """Close the server's standard input, as an editor's death does."""
        await self._input.aclose()

    async def stop_listening(self) -> None:
        """Close the server's standard output: what it says from now on is for nobody."""
        self._listens = False
        await self._output.aclose()

    async def ended(self) -> int:
        """Wait until the process has ended and has said all, and return its exit code."""
        with anyio.fail_after(WAIT_S):
            code = await self.process.wait()
            while self._speaking:
                self._news = anyio.Event()
                await self._news.wait()
        return code

    def unexpected(self) -> list[str]:
        """Return what the server has said, or has not said, and nobody has expected."""
        found = [f"a notification {method}: {said}" for method, said in self.told]
        found += [f"a request {method}: {said}" for method, said in self.asked]
        found += [f"an answer to nothing: {reply}" for reply in self.strays]
        found += [f"an answer that nobody has read: {reply}" for reply in self._replies.values()]
        if self._listens and self.process.returncode == 0:
            found += [f"no answer to {method} ({number!r})" for number, method in self._waiting.items()]
        if self._received:
            found.append(f"no message: {self._received!r}")
        if self.complaints:
            found.append(f"on standard error: {self.complaints.decode(errors='replace')}")
        return found

    async def _wait(self, holds: Callable[[], bool], what: str, stream: str = "output") -> None:
        with anyio.move_on_after(WAIT_S) as scope:
            while not holds():
                self._news = anyio.Event()
                if stream not in self._speaking:
                    raise AssertionError(f"the server has ended before {what}: {self.complaints!r}")
                await self._news.wait()
        if scope.cancelled_caught:
            raise AssertionError(f"never came: {what}; {self.complaints!r}")

    async def _read_output(self) -> None:
        with contextlib.suppress(anyio.EndOfStream, anyio.ClosedResourceError):
            while True:
                await self.hears.wait()
                news = await self._output.receive()
                self._received += news
                while (body := self._message()) is not None:
                    await self._take(json.loads(body))
                self._news.set()
                if not self._received.startswith(HEADER[: len(self._received)]):
                    break  # what comes now is no message
        self._speaking.discard("output")
        self._news.set()

    def _message(self) -> bytes | None:
        """Take the next message out of what was received."""
        header, end, rest = self._received.partition(b"\r\n\r\n")
        if not header.startswith(HEADER) or not end:
            return None
        length = int(header.removeprefix(HEADER).split(b"\r\n")[0])
        if len(rest) < length:
            return None
        self._received = rest[length:]
        return rest[:length]

    async def _take(self, message: Json) -> None:
        if "method" not in message:
            if self._waiting.pop(message["id"], None) is None:
                self.strays.append(message)
            else:
                self._replies[message["id"]] = message
        elif "id" not in message:
            kept = self.dealt_with if message["method"] in self.handled else self.told
            kept.append((message["method"], message["params"]))
        elif message["method"] in self.answers:
            result = self.answers[message["method"]](message["params"])
            await self._reply(message["id"], result)
        else:
            kept = self.dealt_with if message["method"] in self.handled else self.asked
            kept.append((message["method"], message.get("params") or {}))
            await self._reply(message["id"], None)

    async def _reply(self, number: object, result: object) -> None:
        # It has asked and ended; an older anyio says so as asyncio does.
        with contextlib.suppress(anyio.BrokenResourceError, ConnectionResetError):
            await self.send({"id": number, "result": result})

    async def _read_errors(self) -> None:
        with contextlib.suppress(anyio.EndOfStream, anyio.ClosedResourceError):
            while True:
                news = await self._errors.receive()
                self.complaints += news  # not in one line: what was there may be expected meanwhile
                self._news.set()
        self._speaking.discard("errors")
        self._news.set()


def framed(body: bytes) -> bytes:
    """Return a body behind its header."""
    return b"%b%d\r\n\r\n%b" % (HEADER, len(body), body)
