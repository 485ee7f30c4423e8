"""The deducer process as the Sleeper sees it, from the event loop.

Started when first needed, and again after it died. It must not know what is deduced.
"""

import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence

import anyio
import anyio.abc
import msgspec

from sleeplsp.engine.sleeper import Event, Notice, ReasonerDiedError, ReasonerError
from sleeplsp.workers.messages import (
    REPLIES,
    Charted,
    Claimed,
    Finished,
    Noticed,
    Refused,
    Reply,
    ThinkRequest,
    Told,
)

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

    async def think(
        self, overlays: Mapping[str, bytes], shown: Mapping[str, str]
    ) -> AsyncGenerator[Event, None]:
        """Yield what the process tells of one run."""
        finished = False
        try:
            await self._send(ThinkRequest(dict(overlays), dict(shown)))
            while not finished:
                match await self._receive():
                    case Told(progress=progress):
                        yield progress
                    case Noticed(line=line):
                        yield Notice(line)
                    case Claimed(claims=claims):
                        yield claims
                    case Charted(batch=batch):
                        yield batch
                    case Finished(outcome=outcome):
                        finished = True
                        yield outcome
                    case Refused(reason=reason):
                        finished = True
                        raise ReasonerError(reason)
        except _GONE as error:
            raise ReasonerDiedError("the deducer process died") from error
        finally:
            if not finished:  # what it still has to tell belongs to no later run
                with anyio.CancelScope(shield=True):
                    await self.close()

    async def close(self) -> None:
        """End the process; its workers end with it."""
        process, self._process = self._process, None
        self._received.clear()
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
        if self._process is None:
            # Its own pipes: it must never hold the editor's streams. Its complaints go where the
            # server's go. Its own session: an interrupt in a terminal is for the server, which ends it.
            self._process = await anyio.open_process(
                list(self._command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None,
                start_new_session=sys.platform != "win32",
            )
        return self._process

    async def _send(self, request: ThinkRequest) -> None:
        if self._process is not None and self._process.returncode is not None:
            await self.close()  # it died while nobody asked: there is nothing to be told of
        process = await self._running()
        payload = msgspec.msgpack.encode(request)
        if process.stdin is None:
            raise anyio.ClosedResourceError
        await process.stdin.send(len(payload).to_bytes(4, "big") + payload)

    async def _receive(self) -> Reply:
        length = int.from_bytes(await self._exactly(4), "big")
        reply: Reply = REPLIES.decode(await self._exactly(length))
        return reply

    async def _exactly(self, count: int) -> bytes:
        process = self._process
        if process is None or process.stdout is None:
            raise anyio.ClosedResourceError
        while len(self._received) < count:
            self._received += await process.stdout.receive()
        data = bytes(self._received[:count])
        del self._received[:count]
        return data
