"""The way to an endpoint: requests go out, bytes come in, and nothing goes out that was not meant to.

The only module that imports the client `openai`, and only once something is sent. It must not know what
is asked, nor what to do about a Fault.
"""

import importlib
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.to_thread
import msgspec

from sleeplsp import __version__
from sleeplsp.engine.model import DeniedError, MalformedError
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.faults import Fault, fault_of_connection, fault_of_event, fault_of_status, told_of
from sleeplsp.llm.protocol import Chunk, ModelList, decode_chunk

REPLY_BYTES_MAX = 4 * 1024 * 1024
"""A response with all that surrounds its text; a larger one is not read to its end."""

CONNECT_S_MAX = 10.0

DRAIN_S_MAX = 0.5

CHAT = "/chat/completions"
COMPLETIONS = "/completions"

_SENT_HEADERS = frozenset(
    ("host", "accept", "connection", "content-type", "content-length", "transfer-encoding")
)
_FICKLE = "llama.cpp"
"""What a server calls itself that closes connections after streams without a word."""
_MARKER = "x-stainless-raw-response"
"""By which the client knows that it is not to read the response itself."""


class Wire:
    """A connection pool to one endpoint. Lives on one event loop."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._opening = anyio.Lock()
        self._client: Any = None
        self._openai: Any = None
        self._http: Any = None
        """Whichever of two HTTP libraries the installed client stands on."""
        self._is_fickle = endpoint.is_embedded
        """Whether the server closes connections that it has promised to keep: none is used again then."""

    @asynccontextmanager
    async def post(self, path: str, body: Mapping[str, Any]) -> AsyncIterator["Incoming"]:
        """Send a request and give what comes. Raises Fault; to leave the context ends it at the endpoint."""
        client = await self._opened()
        self._check_key()
        create = (client.chat if path == CHAT else client).completions.with_streaming_response.create
        needed = {"messages": ()} if path == CHAT else {"prompt": ""}
        sent = False
        try:
            # What is in the body stands in the place of what the client would have made of arguments.
            async with create(model=self._endpoint.model, extra_body=dict(body), **needed) as response:
                sent = True
                yield Incoming(self._endpoint, response)
        except self._openai.APIStatusError as error:
            body_said = error.body if error.body is not None else error.response.text
            raise fault_of_status(
                self._endpoint, error.status_code, body_said, error.response.headers
            ) from None
        except self._openai.APIConnectionError as error:
            raise self._unconnected(error.__cause__ or error, sent=sent) from None
        except (self._http.HTTPError, self._http.StreamError) as error:
            raise self._unconnected(error, sent=sent) from None

    async def models(self) -> ModelList:
        """Return what the endpoint offers. Raises Fault."""
        client = await self._opened()
        self._check_key()
        try:
            found = await client.get("/models", cast_to=object)
            return msgspec.convert(found, ModelList, strict=False)
        except self._openai.APIStatusError as error:
            raise fault_of_status(
                self._endpoint, error.status_code, error.body, error.response.headers
            ) from None
        except self._openai.APIConnectionError as error:
            raise self._unconnected(error.__cause__ or error, sent=False) from None
        except (ValueError, msgspec.ValidationError) as error:
            raise malformed(self._endpoint, f"its list of models makes no sense ({error})") from None

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.close()

    def _check_key(self) -> None:
        if self._endpoint.key is not None and not self._endpoint.key.fits:
            denied = DeniedError(f"the key for {self._endpoint.shown} holds what no key can: is it the key?")
            raise Fault(denied, free=True)

    async def _opened(self) -> Any:  # noqa: ANN401 - a class of a module that is imported late
        async with self._opening:
            if self._client is None:
                # It takes a second to import, for which the event loop must not stand still.
                self._client = await anyio.to_thread.run_sync(self._open)
        return self._client

    def _open(self) -> Any:  # noqa: ANN401 - as above
        self._openai = importlib.import_module("openai")
        library = self._openai.DefaultAsyncHttpxClient.__base__.__module__.partition(".")[0]
        self._http = importlib.import_module(library)
        # They log what is sent where an environment variable of theirs says so, a URL with its query too.
        for name in ("openai", library, "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        client = self._openai.AsyncOpenAI(
            base_url=self._endpoint.base_url.partition("?")[0],
            api_key="none",  # the key is put in where requests leave
            max_retries=0,
            timeout=self._openai.Timeout(None, connect=CONNECT_S_MAX),
            http_client=self._openai.DefaultAsyncHttpxClient(
                follow_redirects=False,
                trust_env=not self._endpoint.is_local,
                event_hooks={"request": [self._stripped], "response": [self._bounded]},
            ),
        )
        # What these stand in is imported when they are first looked at.
        _ = client.chat.completions, client.completions
        return client

    async def _bounded(self, response: Any) -> None:  # noqa: ANN401 - as above
        """Let no more of a response be read than a reply may have, an error's included; note who answers."""
        self._is_fickle = response.headers.get("server", "").startswith(_FICKLE)
        response.stream = _bounded_stream(self._http.AsyncByteStream, response.stream, self._endpoint)

    async def _stripped(self, request: Any) -> None:  # noqa: ANN401 - as above
        """Leave of a request's headers only those that are needed, and add the query of the endpoint's URL.

        The client adds some that tell of the machine, and what the environment says for another endpoint:
        organisation, project, custom headers.
        """
        login = request.headers.get("authorization", "")
        for name in list(request.headers):
            if name.lower() not in _SENT_HEADERS and name.lower() != _MARKER:
                del request.headers[name]
        request.headers["User-Agent"] = f"sleeplsp/{__version__}"
        request.headers["Accept-Encoding"] = "identity"
        if self._endpoint.query:  # the client would put its paths behind it
            request.url = request.url.copy_with(query=self._endpoint.query.encode("ascii", "replace"))
        if self._is_fickle:
            request.headers["Connection"] = "close"
        if self._endpoint.key is not None:
            request.headers["Authorization"] = f"Bearer {self._endpoint.key.reveal()}"
        elif login.startswith("Basic "):  # the URL has a name and a password in it
            request.headers["Authorization"] = login

    def _unconnected(self, error: BaseException, *, sent: bool) -> Fault:
        if isinstance(error, self._http.InvalidURL | self._http.UnsupportedProtocol | UnicodeError):
            return Fault(DeniedError(f"{self._endpoint.shown} is no address, or the key no key"), free=True)
        before = isinstance(error, self._http.ConnectError | self._http.ConnectTimeout)
        reason = str(error) or type(error).__name__
        return fault_of_connection(self._endpoint, reason, sent=sent or not before)


class Incoming:
    """A response that is under way."""

    def __init__(self, endpoint: Endpoint, response: Any) -> None:  # noqa: ANN401 - as above
        self._endpoint = endpoint
        self._response = response
        self.is_stream = "event-stream" in response.headers.get("content-type", "")

    async def chunks(self) -> AsyncIterator[Chunk]:
        """Yield the events of a stream, or the one response. Raises Fault."""
        if self.is_stream:
            lines = self._lines()
            async for line in lines:
                name, _, value = line.partition(b":")
                if name == b"data" and value.strip() == b"[DONE]":
                    await _drain(lines)
                    return
                if name == b"data" and value.strip():
                    yield self._read(value)
        else:
            whole = bytearray()
            async for piece in self._response.iter_bytes():
                whole += piece
            yield self._read(bytes(whole))

    async def _lines(self) -> AsyncIterator[bytes]:
        rest = bytearray()
        async for piece in self._response.iter_bytes():
            rest += piece
            if b"\n" not in piece:
                continue
            *lines, last = bytes(rest).split(b"\n")
            rest = bytearray(last)
            for line in lines:
                yield line.rstrip(b"\r")
        if rest:
            yield bytes(rest)

    def _read(self, value: bytes) -> Chunk:
        try:
            found = decode_chunk(value)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            said = told_of(self._endpoint, str(error))
            raise malformed(self._endpoint, f"its reply is not what the protocol says ({said})") from None
        if found.error:
            raise fault_of_event(self._endpoint, found.error)
        return found


async def _drain(lines: AsyncIterator[bytes]) -> None:
    """Read what comes behind the last event, so that the connection can be used again."""
    with anyio.move_on_after(DRAIN_S_MAX):
        async for _ in lines:
            pass


def _bounded_stream(base: Any, stream: Any, endpoint: Endpoint) -> Any:  # noqa: ANN401 - as above
    class Bounded(base):  # type: ignore[misc] # a class of a module that is imported late
        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for piece in stream:
                size += len(piece)
                if size > REPLY_BYTES_MAX:
                    raise malformed(endpoint, f"its reply is larger than {REPLY_BYTES_MAX:,} bytes")
                yield piece

        async def aclose(self) -> None:
            await stream.aclose()

    return Bounded()


def malformed(endpoint: Endpoint, what: str) -> Fault:
    """Return the Fault of a reply that is none."""
    return Fault(MalformedError(f"{endpoint.shown}: {what}"))
