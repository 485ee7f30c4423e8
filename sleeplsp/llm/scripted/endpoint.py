"""An HTTP endpoint that speaks the protocol of OpenAI and does as a script says, faults included.

Listens on this machine alone. It counts what it reports, so that books can be compared with it.
"""

import asyncio
import json
import socket
import struct
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

from sleeplsp.llm.probe import SYSTEM
from sleeplsp.llm.scripted import framing
from sleeplsp.llm.scripted.behaviour import Prepared, complaint, prepared
from sleeplsp.llm.scripted.counts import Seen, Watched
from sleeplsp.llm.scripted.script import Script, Step

_HEAD_BYTES_MAX = 64 * 1024
_BODY_BYTES_MAX = 64 * 1024**2
_PROMPTS_KEPT = 64
_JSON = {"Content-Type": "application/json"}
_EVENTS = {"Content-Type": "text/event-stream"}
_PLAIN_STEP = Step()


@dataclass
class _Planned:
    step: Step
    left: int
    """Requests that take it yet; below 0: as many as there are."""


class ScriptedEndpoint(Watched):
    """One endpoint. Lives on one event loop."""

    def __init__(self, script: Script | None = None) -> None:
        super().__init__()
        self.url = ""
        """The base URL, once it listens."""
        self.features = (script or Script()).endpoint
        self._steps = [_Planned(each, each.times) for each in (script or Script()).step]
        self._earlier: deque[str] = deque(maxlen=_PROMPTS_KEPT)
        self._released = asyncio.Event()
        self._trials = 0
        self._writers: list[asyncio.StreamWriter] = []

    @asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator["ScriptedEndpoint"]:
        """Listen as long as the context lasts; port 0 is any that is free."""
        served: set[asyncio.Task[None]] = set()

        def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(self._serve(reader, writer))
            served.add(task)
            task.add_done_callback(served.discard)

        server = await asyncio.start_server(serve, "127.0.0.1", port, limit=_HEAD_BYTES_MAX)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        try:
            yield self
        finally:
            server.close()
            for task in tuple(served):
                task.cancel()
            await asyncio.gather(*served, return_exceptions=True)
            for writer in self._writers:  # what nobody has read is not waited for
                writer.transport.abort()
            await asyncio.sleep(0)  # that is when they are closed

    def release(self) -> None:
        """Let all requests go on that are held, and none be held any more."""
        self._released.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        self.counts.connections += 1
        self._writers.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            try:
                while (seen := await _request(reader)) is not None:
                    if not await self._answer(seen, reader, writer):
                        break
            finally:
                writer.close()

    async def _answer(self, seen: Seen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer a request unless its client goes away first; tell whether the connection may go on."""
        seen.is_trial = seen.system == SYSTEM or seen.user.startswith(SYSTEM)
        counts = self.counts
        counts.requests.append(seen)
        counts.under_way += 1
        counts.under_way_max = max(counts.under_way_max, counts.under_way)
        self.change()
        answering = asyncio.ensure_future(_Response(self, seen, writer).send())
        leaving = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
            is_aborted = not answering.done() or answering.exception() is not None
            counts.aborted += is_aborted
            return not is_aborted and answering.result() and not leaving.done()
        finally:
            for task in (answering, leaving):
                task.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)
            counts.under_way -= 1
            self.change()

    def step_for(self, seen: Seen) -> Step:
        """Return what is to be done with a request, and count that step down."""
        if seen.is_trial or seen.method != "POST":
            self._trials += seen.method == "POST"
            most = self.features.trials_answered
            return Step(hold=True) if most is not None and self._trials > most else _PLAIN_STEP
        for planned in self._steps:
            if planned.step.when in seen.user:
                planned.left -= 1
                if planned.left == 0:
                    self._steps.remove(planned)
                return planned.step
        return _PLAIN_STEP

    def prepared_for(self, seen: Seen, step: Step) -> Prepared:
        """Return the reply to a request, whose prompt is at hand from now on."""
        found = prepared(self.features, step, seen, tuple(self._earlier))
        self._earlier.append(seen.system + seen.user)
        return found

    async def held(self) -> None:
        """Wait until requests are released."""
        self.counts.held += 1
        self.change()
        await self._released.wait()


class _Response:
    """The response to one request."""

    def __init__(self, endpoint: ScriptedEndpoint, seen: Seen, writer: asyncio.StreamWriter) -> None:
        self._endpoint = endpoint
        self._features = endpoint.features
        self._seen = seen
        self._writer = writer
        self._has_begun = False

    async def send(self) -> bool:
        """Send it; tell whether the connection may go on, as it may if it was sent to its end."""
        is_whole = await self._sent()
        # Without a break since the last byte: whoever has read that may look at the counts.
        self._endpoint.counts.answered += is_whole
        return is_whole

    async def _sent(self) -> bool:
        seen, features = self._seen, self._features
        if features.key and seen.headers.get("authorization") != f"Bearer {features.key}":
            return await self._whole(401, framing.error("the key is not known here", "invalid_api_key"))
        if seen.method == "GET" and seen.path.endswith("/models"):
            return await self._whole(200, framing.model_list(features))
        is_there = seen.path.endswith("/chat/completions") or features.completions
        if seen.method != "POST" or not seen.path.endswith("/completions") or not is_there:
            return await self._whole(404, framing.error("there is no such path", "not_found"))
        if seen.body.get("model") not in features.models:
            return await self._whole(404, framing.error("there is no such model", "model_not_found"))
        if (refused := complaint(features, seen)) is not None:
            text = f"Unsupported parameter: '{refused}' is not supported with this model."
            return await self._whole(400, framing.error(text, "unsupported_parameter", refused))
        return await self._stepped(self._endpoint.step_for(seen))

    async def _stepped(self, step: Step) -> bool:
        if step.hold:
            await self._endpoint.held()
        if step.first_token_s:
            await asyncio.sleep(step.first_token_s)
        if step.status != 200:
            said = step.body or framing.error(f"scripted status {step.status}", "scripted").decode()
            said *= max(1, step.bytes_min // len(said))
            return await self._whole(step.status, said.encode(), step.headers)
        if step.body is not None:
            return await self._whole(200, step.body.encode(), step.headers)
        reply = self._endpoint.prepared_for(self._seen, step)
        return await (self._streamed(reply, step) if reply.streams else self._unstreamed(reply, step))

    async def _unstreamed(self, reply: Prepared, step: Step) -> bool:
        body = framing.whole(reply, self._model)
        if step.ends == "garbage":
            return await self._whole(200, body[: len(body) // 2], step.headers)
        if step.ends == "done":
            await self._whole(200, body, step.headers)
            return self._reported(reply)
        await self._write(framing.head(200, _JSON | step.headers, len(body)), step)
        await self._write(body[: len(body) // 2], step)
        return await self._end(step)

    async def _streamed(self, reply: Prepared, step: Step) -> bool:
        await self._write(framing.head(200, _EVENTS | step.headers, None), _PLAIN_STEP)
        left = step.cut_at
        options = self._seen.body.get("stream_options") or {}
        is_told = reply.usage and bool(options.get("include_usage")) and step.ends == "done"
        for event, characters in framing.events(reply, self._model, is_told=is_told):
            if left is not None and left <= 0:
                break
            await self._write(framing.chunk(event), step)
            left = left - characters if left is not None else None
        if step.ends == "garbage":
            await self._write(framing.chunk(framing.GARBAGE), step)
        elif step.ends != "done":
            return await self._end(step)
        if is_told:
            for event in framing.usage_events(reply, self._model):
                await self._write(framing.chunk(event), _PLAIN_STEP)
            self._reported(reply)
        await self._write(framing.chunk(framing.DONE) + framing.chunk(b""), _PLAIN_STEP)
        return True

    def _reported(self, reply: Prepared) -> bool:
        if reply.usage:
            reply.add_to(self._endpoint.counts.reported)
        return True

    async def _end(self, step: Step) -> bool:
        """End a reply in its midst: not at all, with the connection closed, or reset."""
        if step.ends == "never":
            await asyncio.Event().wait()
        if step.ends == "reset":
            raw = self._writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._writer.transport.abort()
        return False

    async def _whole(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> bool:
        await self._write(framing.head(status, _JSON | (headers or {}), len(body)) + body, _PLAIN_STEP)
        return True

    async def _write(self, data: bytes, step: Step) -> None:
        self._writer.write(data)
        await self._writer.drain()
        if not self._has_begun:
            self._has_begun = True
            self._endpoint.counts.begun += 1
            self._endpoint.change()
        if step.bytes_per_s:
            await asyncio.sleep(len(data) / step.bytes_per_s)

    @property
    def _model(self) -> str:
        return str(self._seen.body.get("model", ""))


async def _request(reader: asyncio.StreamReader) -> Seen | None:
    """Read a request; None at the end of the connection, or for what is no request."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, *_ = [*first.split(), "", ""]
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    size = int(headers.get("content-length", 0))
    if size > _BODY_BYTES_MAX:
        return None
    raw = await reader.readexactly(size)
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        body = {}
    path, _, query = path.partition("?")
    return Seen(method, path, headers, body if isinstance(body, dict) else {}, query)


@contextmanager
def in_a_thread(script: Script | None = None) -> Iterator[ScriptedEndpoint]:
    """Give an endpoint that listens in a thread of its own: for clients in other processes.

    Its counts are to be read once nothing is under way.
    """
    started, stopped = threading.Event(), asyncio.Event()
    found: list[tuple[ScriptedEndpoint, asyncio.AbstractEventLoop]] = []

    async def listen() -> None:
        async with ScriptedEndpoint(script).listening() as endpoint:
            found.append((endpoint, asyncio.get_running_loop()))
            started.set()
            await stopped.wait()

    thread = threading.Thread(target=asyncio.run, args=(listen(),), name="scripted endpoint")
    thread.start()
    started.wait()
    endpoint, loop = found[0]
    try:
        yield endpoint
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
