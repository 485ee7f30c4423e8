"""The protocol: who may say what when, and which handler answers it. The gate before all features.

Of pygls, the registry of features and the calls to the editor are used. Messages that come when they must
not, or say what they cannot mean, are answered with the error that the specification names; documents are
kept by us alone. It must not know what the features are.
"""

import asyncio
import contextvars
import json
import logging
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, Protocol

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

from sleeplsp.lsp.messages import Message, Nonsense, Notification, Number, Reply, Request

log = logging.getLogger(__name__)

CAUSE_CHARACTERS_MAX = 200
"""Characters that are told of why a message makes no sense."""

_BUILT_IN = frozenset(
    (types.INITIALIZE, types.SHUTDOWN, types.EXIT, types.SET_TRACE, types.WORKSPACE_EXECUTE_COMMAND)
)
"""Methods that are answered here; of all others pygls would keep accounts that nobody reads."""


class Writer(Protocol):
    """Where messages go to."""

    def write(self, data: bytes) -> None:
        """Send, now or later."""


class Gate(LanguageServerProtocol):
    """Refuses what is out of order, and hands the rest to the features."""

    writer: Any

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401  what pygls makes it with
        super().__init__(*arguments)
        self.ended = asyncio.Event()
        """There is nothing more to be answered: the editor has said `exit`, or is gone."""
        self.missed: Callable[[str, object], None] = lambda _method, _params: None
        """Told of notifications that could not be understood."""
        self.running: Callable[[str], AbstractContextManager[None]] = lambda _what: nullcontext()
        """Entered for as long as something that is named runs."""
        self._initialized = False
        self._told = 0
        self._running: dict[Number, Future[Any] | asyncio.Future[Any]] = {}

    @property
    def is_shut_down(self) -> bool:
        """The editor has asked for the end."""
        return self._shutdown

    def handle(self, message: Message) -> None:
        """Handle a message, if this is the time for it."""
        context = contextvars.copy_context()
        match message:
            case Request():
                context.run(self._answer, message)
            case Notification():
                context.run(self._hear, message)
            case Reply():
                self._take_reply(message)
            case Nonsense():
                self._refuse(message)

    def cancel(self, number: Number) -> None:
        """Cancel a request that is being answered, if it is one."""
        if (running := self._running.get(number)) is not None:
            running.cancel()

    def give_up(self) -> None:
        """Cancel all that is being answered, and expect no answers."""
        for future in [*self._running.values(), *map(self._request_futures.get, self._result_types)]:
            if future is not None:
                future.cancel()

    def say_cancelled(self, request: Request) -> None:
        """Answer a request that was never begun."""
        self._send_error(request.number, JsonRpcRequestCancelled("cancelled before it was begun"))

    def _answer(self, request: Request) -> None:
        begun = time.perf_counter()
        try:
            if (refusal := self._refusal(request.method)) is not None:
                raise refusal
            handler, params = self._handler(request.method), self._params(request)
        except JsonRpcException as error:
            self._send_error(request.number, error)
            self._trace(request, begun)
            return
        # Two requests of one number are the editor's mistake: the later one can be cancelled.
        self._ctx_msg_id.set(request.number)
        done = partial(self._finish, request, begun)
        key = f"theirs {request.number!r}"
        with self.running(request.method):
            self._execute_handler(key, handler, done, (params,))
        if (running := self._request_futures.get(key)) is not None:
            self._running[request.number] = running

    def _run_generator(
        self,
        future: Future[Any] | None,
        *,
        gen: Generator[Any, Any, Any],
        result_future: Future[Any],
    ) -> None:
        """Go on with a request that is answered in parts; who cancels it cancels the part that runs."""
        before = self._request_futures.keys() | ()
        super()._run_generator(future, gen=gen, result_future=result_future)
        for key in self._request_futures.keys() - before:
            result_future.add_done_callback(partial(_cancel_as_well, self._request_futures[key]))

    def _hear(self, told: Notification) -> None:
        if told.method != types.EXIT and (self._shutdown or not self._initialized):
            return
        try:
            handler, params = self._handler(told.method), self._params(told)
        except JsonRpcMethodNotFound:
            log.info("nobody listens to %r", told.method)
            return
        except JsonRpcException:
            self.missed(told.method, told.params)
            return
        self._told += 1
        with self.running(told.method):
            self._execute_handler(f"told {self._told}", handler, partial(self._heard, told), (params,))

    def _execute_handler(
        self,
        msg_id: Number,
        handler: Callable[..., Any],
        callback: Callable[[Future[Any]], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """As pygls does, but nothing is kept of a handler that has ended."""

        def done(future: Future[Any]) -> None:
            self._request_futures.pop(msg_id, None)
            callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)

    def _refusal(self, method: str) -> JsonRpcException | None:
        if self._shutdown:
            return JsonRpcInvalidRequest("the server is shutting down")
        if not self._initialized and method != types.INITIALIZE:
            return JsonRpcServerNotInitialized("the server is not initialized")
        if self._initialized and method == types.INITIALIZE:
            return JsonRpcInvalidRequest("the server is initialized already")
        return None

    def _handler(self, method: str) -> Callable[..., Any]:
        features = self.fm.builtin_features if method in _BUILT_IN else self.fm.features
        found = features.get(method)
        if found is None:
            raise JsonRpcMethodNotFound.of(method)
        handler: Callable[..., Any] = found
        return handler

    def _params(self, message: Request | Notification) -> object:
        """Return what a message says in the types of its method."""
        wanted: Any
        _, _, wanted, _ = types.METHOD_TO_TYPES.get(message.method, (None, None, None, None))
        if wanted is None:
            return message.params
        try:
            return self._converter.structure({} if message.params is None else message.params, wanted)
        except Exception as error:
            cause = " ".join(_innermost(error).split())[:CAUSE_CHARACTERS_MAX]
            log.warning("%r makes no sense: %s", message.method, cause)
            raise JsonRpcInvalidParams(f"{JsonRpcInvalidParams.MESSAGE}: {cause}") from error

    def _refuse(self, nonsense: Nonsense) -> None:
        what = repr(nonsense.method) if nonsense.method is not None else "a message"
        reason = nonsense.reason[:CAUSE_CHARACTERS_MAX]
        log.warning("%s makes no sense: %s", what, reason)
        if nonsense.is_told and nonsense.method is not None:
            self.missed(nonsense.method, nonsense.params)
        else:
            self._send_error(nonsense.number, JsonRpcException(reason, nonsense.code))

    def _finish(self, request: Request, begun: float, future: Future[Any]) -> None:
        self._running.pop(request.number, None)
        if future.cancelled():
            self._send_error(request.number, JsonRpcRequestCancelled("cancelled"))
        elif (error := future.exception()) is None:
            self._send_result(request, future.result())
        elif isinstance(error, JsonRpcException):
            self._send_error(request.number, error)
        else:
            log.error("%s: %s", request.method, error, exc_info=error)
            self._send_error(request.number, JsonRpcInternalError(f"{type(error).__name__}: {error}"))
        self._trace(request, begun)

    def _heard(self, told: Notification, future: Future[Any]) -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            log.error("%s: %s", told.method, error, exc_info=error)

    def _take_reply(self, reply: Reply) -> None:
        if reply.number not in self._result_types or reply.number is None:
            log.info("an answer to nothing: %r", reply.number)
            return
        wanted = self._result_types.pop(reply.number)
        future = self._request_futures.pop(reply.number)
        if future.cancelled():  # nobody waits for it any more
            return
        try:
            result, error = self._meaning(reply, wanted)
        except Exception as broken:  # noqa: BLE001  whatever it is, it is the answer's fault
            result, error = None, JsonRpcException(f"the answer makes no sense: {_innermost(broken)}")
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)

    def _meaning(self, reply: Reply, wanted: Any) -> tuple[Any, JsonRpcException | None]:  # noqa: ANN401
        """Return the result and the error of a reply, in the types of what was asked."""
        if reply.error is not None:
            error = self._converter.structure(reply.error, types.ResponseError)
            return None, JsonRpcException.from_error(error)
        if wanted is None:
            return reply.result, None
        said = {"jsonrpc": self.VERSION, "id": reply.number, "result": reply.result}
        return self._converter.structure(said, wanted).result, None

    def _send_result(self, request: Request, result: object) -> None:
        try:
            self._send({"id": request.number, "jsonrpc": self.VERSION, "result": result})
        except Exception as error:
            log.exception("%s: the answer cannot be told", request.method)
            self._send_error(request.number, JsonRpcInternalError(f"{type(error).__name__}: {error}"))

    def _send_error(self, number: Number | None, error: JsonRpcException) -> None:
        said: dict[str, object] = {"code": error.code, "message": error.message}
        if error.data is not None:
            said["data"] = error.data
        self._send({"id": number, "jsonrpc": self.VERSION, "error": said})

    def _send_data(self, data: Any) -> None:  # noqa: ANN401  as pygls calls it
        self._send(data)

    def _send(self, message: object) -> None:
        body = json.dumps(message, default=self._serialize_message, separators=(",", ":")).encode()
        if self.writer is not None:
            self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def _trace(self, request: Request, begun: float) -> None:
        if self.trace != types.TraceValue.Off and self._initialized:
            taken = (time.perf_counter() - begun) * 1000
            verbose = json.dumps(request.params) if self.trace == types.TraceValue.Verbose else None
            line = f"{request.method} ({request.number}) answered in {taken:.1f} ms"
            self.notify(types.LOG_TRACE, types.LogTraceParams(line, verbose))

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Take note of what the editor can do, and tell what we can."""
        server = self._server
        server.process_id = params.process_id
        self.client_capabilities = params.capabilities
        encoding = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
        yield from self._hand_on(types.INITIALIZE, params)
        builder = ServerCapabilitiesBuilder(
            params.capabilities,
            {*self.fm.features},
            self.fm.feature_options,
            [*self.fm.commands],
            server._text_document_sync_kind,
            position_encoding=encoding,
        )
        self.server_capabilities = builder.build()  # type: ignore[no-untyped-call]
        self.trace = params.trace or types.TraceValue.Off
        self._initialized = True
        return types.InitializeResult(self.server_capabilities, self.server_info)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *_: object) -> Generator[Any, Any, None]:
        """Begin no more, and give up what was begun."""
        yield from self._hand_on(types.SHUTDOWN, None)
        self._shutdown = True
        for number, running in [*self._running.items()]:
            if number != self.msg_id:
                running.cancel()

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: object) -> Generator[Any, Any, None]:
        """End."""
        yield from self._hand_on(types.EXIT, None)
        self.ended.set()

    @lsp_method(types.SET_TRACE)
    def lsp_set_trace(self, params: types.SetTraceParams) -> Generator[Any, Any, None]:
        """Tell of each request from now on, or no more."""
        yield from self._hand_on(types.SET_TRACE, params)
        self.trace = params.value

    def _hand_on(self, method: str, params: object) -> Generator[Any, Any, None]:
        handler = self.fm.features.get(method)
        if handler is not None:
            yield handler, (params,), None


def _cancel_as_well(running: Future[Any], done: Future[Any]) -> None:
    if done.cancelled():
        running.cancel()


def _innermost(error: BaseException) -> str:
    """Return what is wrong, of an error that says only where."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"
