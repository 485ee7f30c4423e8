"""The deducer process as the Sleeper sees it, from the event loop.

Started when first needed, and again after it died. It must not know what is deduced.
"""

import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence

import anyio
import anyio.abc
import msgspec

from sleeplsp.engine.sleeper import Event, Notice, ReasonerDiedError, ReasonerError, Wish
from sleeplsp.workers.messages import (
    REPLIES,
    Charted,
    Claimed,
    Doubted,
    Finished,
    Noticed,
    PauseRequest,
    Refused,
    Reply,
    Request,
    ThinkRequest,
    Told,
)

LENGTH_BYTES = 4
"""What a frame begins with: the length of the rest."""

CLOSE_S = 2.0
"""Seconds in which the process ends by itself when it is asked to."""

_GONE = (
    OSError,
    anyio.EndOfStream,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    msgspec.DecodeError,
)


class RemoteReasoner:
    """Fulfils `engine.sleeper.Reasoner` with a deducer process."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: anyio.abc.Process | None = None
        self._received = bytearray()
        self._held: dict[str, bytes] = {}
        """Texts the process was sent."""
        self._number = 0

    async def think(self, wish: Wish) -> AsyncGenerator[Event, None]:
        """Yield what the process tells until it has done what was asked for last.

        A run that is given up is paused: the process keeps what it has.
        """
        finished = False
        try:
            await self._ask(wish)
            while not finished:
                match await self._receive():
                    case Told(progress=progress):
                        yield progress
                    case Noticed(line=line):
                        yield Notice(line)
                    case Claimed(claims=claims):
                        yield claims
                    case Doubted(news=news):
                        yield news
                    case Charted(batch=batch):
                        yield batch
                    case Finished(number=number, outcome=outcome) if number == self._number:
                        finished = True
                        yield outcome
                    case Refused(number=number, reason=reason) if number == self._number:
                        finished = True
                        raise ReasonerError(reason)
                    case Finished() | Refused():
                        continue  # of a run that was given up
        except _GONE as error:
            finished = True
            with anyio.CancelScope(shield=True):
                await self.close()
            raise ReasonerDiedError("the deducer process died") from error
        finally:
            if not finished:
                with anyio.move_on_after(CLOSE_S, shield=True):
                    await self._pause()

    async def close(self) -> None:
        """End the process; its workers end with it."""
        process, self._process = self._process, None
        self._received.clear()
        self._held.clear()
        if process is None:
            return
        if process.stdin is not None:
            await process.stdin.aclose()
        with anyio.move_on_after(CLOSE_S):
            await process.wait()
        if process.returncode is None:
            process.kill()
        await process.aclose()

    async def _running(self) -> anyio.abc.Process:
        if self._process is not None:
            return self._process
        # Its own pipes: it must never hold the editor's streams. Its complaints go where the
        # server's go. Its own session: an interrupt in a terminal is for the server, which ends it.
        with anyio.CancelScope(shield=True):  # one that nobody knows of could not be ended
            process = self._process = await anyio.open_process(
                list(self._command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None,
                start_new_session=sys.platform != "win32",
            )
        return process

    async def _ask(self, wish: Wish) -> None:
        if self._process is not None and self._process.returncode is not None:
            await self.close()  # it died while nobody asked: there is nothing to be told of
        self._number += 1
        overlays = dict(wish.overlays)
        request = ThinkRequest(
            number=self._number,
            held={path: text for path, text in overlays.items() if self._held.get(path) != text},
            closed=tuple(self._held.keys() - overlays.keys()),
            shown=dict(wish.shown),
            scan=wish.scan,
            again=tuple(wish.again),
            everywhere=wish.everywhere,
        )
        await self._send(request)
        self._held = overlays  # not before: a run that is given up here has told nothing

    async def _pause(self) -> None:
        if self._process is None:
            return
        try:
            await self._send(PauseRequest())
        except _GONE:
            await self.close()

    async def _send(self, request: Request) -> None:
        process = await self._running()
        payload = msgspec.msgpack.encode(request)
        if process.stdin is None:
            raise anyio.ClosedResourceError
        await process.stdin.send(len(payload).to_bytes(LENGTH_BYTES, "big") + payload)

    async def _receive(self) -> Reply:
        process = self._process
        if process is None or process.stdout is None:
            raise anyio.ClosedResourceError
        # A frame is taken as a whole or not at all: who waits for the rest of one may be cancelled.
        while (end := _frame_end(self._received)) > len(self._received):
            self._received += await process.stdout.receive()
        reply: Reply = REPLIES.decode(bytes(self._received[LENGTH_BYTES:end]))
        del self._received[:end]
        return reply


def _frame_end(received: bytearray) -> int:
    """Return where the first frame ends; at least where its length does."""
    if len(received) < LENGTH_BYTES:
        return LENGTH_BYTES
    return LENGTH_BYTES + int.from_bytes(received[:LENGTH_BYTES], "big")
