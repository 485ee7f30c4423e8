"""The protocol as pygls speaks it, with what it leaves open closed.

Documents are kept by us alone: pygls would keep a second copy of every text, and split its lines at
characters that are no line ends in the protocol. Messages that come when they must not, or say what they
cannot mean, are answered with the error that the specification names.
"""

import contextlib
import logging
from collections.abc import Awaitable, Generator
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import RPCMessage

if TYPE_CHECKING:
    from pygls.io_ import AsyncWriter, Writer

    from sleeplsp.lsp.server import Server

log = logging.getLogger(__name__)

INVALID_REQUEST = -32600
NOT_INITIALIZED = -32002

_NONSENSE = object()
"""Stands for a message of which nothing could be made, and which has been answered."""
_CAUSE_CHARACTERS_MAX = 200


def is_the_clients(error: object) -> bool:
    """Tell whether an error is the client's: it says all there is to say, and where it was raised nothing."""
    return isinstance(error, JsonRpcException) and error.code != JsonRpcInternalError.CODE


def _is_worth_it(record: logging.LogRecord) -> bool:
    """Keep pygls from logging tracebacks of messages that make no sense: each is told in one line by us."""
    if str(record.msg).startswith("Unable to deserialize message"):
        return False
    return not (record.exc_info and is_the_clients(record.exc_info[1]))


logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_worth_it)


class _Heard:
    """A writer that falls silent when nobody reads: many an editor ends without awaiting the last reply."""

    def __init__(self, writer: "AsyncWriter | Writer") -> None:
        self._writer = writer
        self._is_closed = False

    def write(self, data: bytes) -> Awaitable[None] | None:
        """Write as long as somebody reads."""
        if self._is_closed:  # the answer to a request that was still being worked on at the end
            return None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            return self._writer.write(data)
        return None

    def close(self) -> Awaitable[None] | None:
        """Close; what was not sent yet is for nobody."""
        self._is_closed = True
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            return self._writer.close()
        return None


class Protocol(LanguageServerProtocol):
    """Hands document notifications straight to our handlers, and refuses what is out of order."""

    _initialized = False

    @property
    def is_shut_down(self) -> bool:
        """The editor has asked for the end."""
        return self._shutdown

    def set_writer(
        self,
        writer: "AsyncWriter | Writer",
        include_headers: bool = True,  # noqa: FBT001, FBT002  as pygls calls it
    ) -> None:
        """Take the stream that replies go to."""
        super().set_writer(cast("Writer", _Heard(writer)), include_headers)

    def handle_message(self, message: RPCMessage) -> None:
        """Handle a message, if this is the time for it."""
        method = getattr(message, "method", None)
        if message is _NONSENSE or (self._shutdown and method is None):
            return  # an answer that comes after the end is for nobody
        if method is None or method == types.EXIT:
            super().handle_message(message)
            return
        refusal = self._refusal(method)
        if refusal is None:
            self._initialized = self._initialized or method == types.INITIALIZE
            with cast("Server", self._server).pauses.running(method):
                super().handle_message(message)
        elif (asked := getattr(message, "id", None)) is not None:
            self._send_response(asked, error=refusal)

    def structure_message(self, data: dict[str, Any]) -> object:
        """Make a message of what was sent; a request that makes no sense is answered with an error."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            cause = " ".join(str(error.__cause__).split())[:_CAUSE_CHARACTERS_MAX]
            log.warning("%r makes no sense: %s (%s)", data.get("method"), error.message, cause)
            return _NONSENSE

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: types.DidOpenTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Open a document."""
        yield from self._hand_on(types.TEXT_DOCUMENT_DID_OPEN, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Change a document."""
        yield from self._hand_on(types.TEXT_DOCUMENT_DID_CHANGE, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: types.DidCloseTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Close a document."""
        yield from self._hand_on(types.TEXT_DOCUMENT_DID_CLOSE, params)

    @lsp_method(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def lsp_work_done_progress_cancel(
        self, params: types.WorkDoneProgressCancelParams
    ) -> Generator[Any, Any, None]:
        """Cancel progress; what is over by now is none of anybody's concern."""
        yield from self._hand_on(types.WINDOW_WORK_DONE_PROGRESS_CANCEL, params)

    def _hand_on(self, method: str, params: object) -> Generator[Any, Any, None]:
        handler = self.fm.features.get(method)
        if handler is not None:
            yield handler, (params,), None

    def _refusal(self, method: str) -> types.ResponseError | None:
        if self._shutdown:
            return types.ResponseError(INVALID_REQUEST, "the server is shutting down")
        if not self._initialized and method != types.INITIALIZE:
            return types.ResponseError(NOT_INITIALIZED, "the server is not initialized")
        if self._initialized and method == types.INITIALIZE:
            return types.ResponseError(INVALID_REQUEST, "the server is initialized already")
        return None
