"""The deducer: a process that keeps one workspace's Deduction and brings it up to date when asked.

This module has both ends of the pipe: `serve` in the process, `RemoteReasoner` on the event loop. The
process ends when its pipe closes, and is started again when it died.
"""

import subprocess
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import IO

import anyio
import anyio.abc
import msgspec

from sleeplsp.core.located import ModuleClaims
from sleeplsp.core.row import ModuleRow
from sleeplsp.core.text import Text
from sleeplsp.engine.deduction import Deduction, Outcome, Progress
from sleeplsp.engine.errors import SleepError
from sleeplsp.engine.locate import Locator, module_claims
from sleeplsp.engine.sleeper import Event, ReasonerError
from sleeplsp.workers import frames


class ThinkRequest(msgspec.Struct, frozen=True):
    """Bring the workspace up to date; tell the claims of the modules that are shown."""

    overlays: dict[str, bytes]
    shown: tuple[str, ...]


class Told(msgspec.Struct, frozen=True, tag="progress"):
    """A run came further."""

    progress: Progress


class Claimed(msgspec.Struct, frozen=True, tag="claims"):
    """A shown module's claims."""

    claims: ModuleClaims


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The run is over."""

    outcome: Outcome


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The run could not be finished."""

    reason: str


Reply = Told | Claimed | Finished | Refused

_REQUESTS = msgspec.msgpack.Decoder(ThinkRequest)
_REPLIES = msgspec.msgpack.Decoder(Reply)


def serve(deduction: Deduction, requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer every request in turn; return when there are no more."""

    def tell(reply: Reply) -> None:
        frames.write(replies, reply)

    while True:
        try:
            request = frames.read(requests, _REQUESTS)
            tell(_run(deduction, request, tell))
        except frames.ClosedError:
            return


def _run(deduction: Deduction, request: ThinkRequest, tell: Callable[[Reply], None]) -> Reply:
    overlays = {path: Text(source) for path, source in request.overlays.items()}

    def listen(event: object) -> None:
        if isinstance(event, Progress):
            tell(Told(event))

    try:
        outcome = deduction.run(listen, overlays)
    except SleepError as error:
        return Refused(str(error))
    rows: dict[str, ModuleRow] = dict(deduction.rows)
    locator = Locator(deduction.text_of)
    for path in request.shown:
        if path in rows:
            tell(Claimed(module_claims(rows[path], rows, deduction.index, locator)))
    return Finished(outcome)


class RemoteReasoner:
    """Fulfils `engine.sleeper.Reasoner` with a deducer process, started when first needed."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: anyio.abc.Process | None = None
        self._buffer = b""

    async def think(self, overlays: Mapping[str, bytes], shown: tuple[str, ...]) -> AsyncIterator[Event]:
        """Yield what the process tells of one run."""
        try:
            await self._send(ThinkRequest(dict(overlays), shown))
            while True:
                match await self._receive():
                    case Told(progress=progress):
                        yield progress
                    case Claimed(claims=claims):
                        yield claims
                    case Finished(outcome=outcome):
                        yield outcome
                        return
                    case Refused(reason=reason):
                        raise ReasonerError(reason)
        except (OSError, anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError) as error:
            await self.close()
            raise ReasonerError("the deducer process died; it is started again at the next change") from error

    async def close(self) -> None:
        """End the process; its workers end with it."""
        process, self._process = self._process, None
        self._buffer = b""
        if process is None:
            return
        if process.stdin is not None:
            await process.stdin.aclose()
        with anyio.move_on_after(2):
            await process.wait()
        if process.returncode is None:
            process.kill()
        await process.aclose()

    async def _running(self) -> anyio.abc.Process:
        if self._process is None:
            # Its own pipes: it must never hold the editor's streams. Its complaints go to the server's log.
            self._process = await anyio.open_process(
                list(self._command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=None
            )
        return self._process

    async def _send(self, request: ThinkRequest) -> None:
        process = await self._running()
        payload = msgspec.msgpack.encode(request)
        if process.stdin is None:
            raise anyio.ClosedResourceError
        await process.stdin.send(len(payload).to_bytes(4, "big") + payload)

    async def _receive(self) -> Reply:
        length = int.from_bytes(await self._exactly(4), "big")
        return _REPLIES.decode(await self._exactly(length))

    async def _exactly(self, count: int) -> bytes:
        process = await self._running()
        if process.stdout is None:
            raise anyio.ClosedResourceError
        while len(self._buffer) < count:
            self._buffer += await process.stdout.receive()
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data
