"""Messages: what a JSON value says by the rules of JSON-RPC.

Pure. It must not know any method.
"""

import msgspec

from sleeplsp.lsp.wire import INVALID_REQUEST, Broken

Number = int | str
"""What a request is known by."""


class Request(msgspec.Struct, frozen=True):
    """Something that wants an answer."""

    number: Number
    method: str
    params: object


class Notification(msgspec.Struct, frozen=True):
    """Something that wants none."""

    method: str
    params: object


class Reply(msgspec.Struct, frozen=True):
    """An answer to a request of ours: an error if `error` is not None."""

    number: Number | None
    result: object
    error: object = None


class Nonsense(msgspec.Struct, frozen=True):
    """What is no message, and the error that says so; `number` is None where it cannot be told."""

    number: Number | None
    code: int
    reason: str
    method: str | None = None
    params: object = None
    is_told: bool = False
    """It would have been a notification: nobody waits for an answer."""


Message = Request | Notification | Reply | Nonsense


def message_of(part: object) -> Message:
    """Return the message that came over the wire."""
    if isinstance(part, Broken):
        begun = part.begun if isinstance(part.begun, dict) else {}
        method = begun.get("method")
        named = method if isinstance(method, str) else None
        is_told = named is not None and "id" not in begun
        number, params = _number(begun.get("id")), begun.get("params")
        return Nonsense(number, part.code, part.reason, named, params, is_told)
    if isinstance(part, list):
        return Nonsense(None, INVALID_REQUEST, "messages are sent one by one, not in batches")
    if not isinstance(part, dict):
        return Nonsense(None, INVALID_REQUEST, "a message is an object")
    number = _number(part.get("id"))
    if part.get("jsonrpc") != "2.0":
        return Nonsense(number, INVALID_REQUEST, 'a message has "jsonrpc": "2.0"')
    if "method" in part:
        return _asked_or_told(part, number)
    if "error" in part and part["error"] is not None:
        return Reply(number, None, part["error"])
    if "result" in part or "error" in part:
        return Reply(number, part.get("result"))
    return Nonsense(number, INVALID_REQUEST, "a message has a method, a result or an error")


def _asked_or_told(part: dict[str, object], number: Number | None) -> Message:
    method, params = part["method"], part.get("params")
    if not isinstance(method, str):
        return Nonsense(number, INVALID_REQUEST, "a method is a string")
    if "id" not in part:
        return Notification(method, params)
    if number is None:
        return Nonsense(None, INVALID_REQUEST, "the id of a request is a string or an integer", method)
    return Request(number, method, params)


def _number(told: object) -> Number | None:
    return told if isinstance(told, int | str) and not isinstance(told, bool) else None
