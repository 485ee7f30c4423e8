"""What went wrong with one try, and what that means: which error it is, whether to try again, what it cost.

Pure: statuses, headers and bodies in, Faults out. It must not know how often anything is tried.
"""

import email.utils
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from sleeplsp.engine.model import (
    DeniedError,
    ModelError,
    OverloadedError,
    RefusedError,
    TooLongError,
    UnreachableError,
)
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.keys import scrubbed

SAID_CHARACTERS_MAX = 200
"""Of what an endpoint says of an error, this much is told."""

_OVERLOADED = frozenset((429, 503, 529))
_PASSING = frozenset((408, 425, 500, 502, 504, 520, 521, 522, 523, 524))
_OF_THE_REQUEST = frozenset((400, 405, 413, 415, 422, 501))
_MAY_BE_TOO_LONG = frozenset((400, 413, 422, 500))
_TOO_LONG = re.compile(
    r"context[ _]length|context[ _]size|context[ _]window|maximum context|exceed_context|too many tokens"
    r"|prompt is too long|too long for",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(r"insufficient_quota|insufficient[ _]credit|billing", re.IGNORECASE)
_FILTERED = re.compile(r"content_filter|content management policy|content_policy", re.IGNORECASE)


class RejectedError(DeniedError):
    """The endpoint does not take this very request; it may take others."""


class Fault(Exception):  # noqa: N818 - what it means to whoever called is `error`
    """One try came to nothing."""

    def __init__(
        self,
        error: ModelError,
        *,
        again: bool = False,
        free: bool = False,
        loaded: bool = False,
        wait_s: float | None = None,
        parameter: str = "",
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.again = again
        """Another try may come to something."""
        self.free = free
        """It has surely cost nothing."""
        self.loaded = loaded
        """The endpoint has too much to do."""
        self.wait_s = wait_s
        """What the endpoint asks to be waited for."""
        self.parameter = parameter
        """What of the request it does not take, if it names something, and its own words about it."""


def fault_of_status(
    endpoint: Endpoint, status: int, body: object, headers: Mapping[str, str] | None = None
) -> Fault:
    """Return what a response that is no success means."""
    said, code, parameter = _said(body)
    told = f": {told_of(endpoint, said)}" if said else ""
    where = f"{endpoint.shown} ({status})"
    text = f"{code} {said}"
    if status == 402 or (status == 429 and _NO_CREDIT.search(text)):
        return Fault(DeniedError(f"{where} wants to be paid first{told}"), free=True)
    if status in _OVERLOADED:
        overloaded = OverloadedError(f"{where} has too much to do{told}")
        return Fault(overloaded, again=True, free=True, loaded=True, wait_s=wait_of(headers or {}))
    if status in _MAY_BE_TOO_LONG and _TOO_LONG.search(text):
        return Fault(TooLongError(f"the prompt is too long for {endpoint.model} at {where}{told}"), free=True)
    if status == 400 and _FILTERED.search(text):
        return Fault(RefusedError(f"a filter at {where} refuses the prompt{told}"), free=True)
    if status in _PASSING or status > 504:
        return Fault(UnreachableError(f"{where} fails{told}"), again=True, wait_s=wait_of(headers or {}))
    if status in _OF_THE_REQUEST:
        rejected = RejectedError(f"{where} does not take the request{told}")
        return Fault(rejected, free=True, parameter=f"{parameter} {said}")
    return Fault(_denied(endpoint, status, told), free=True)


def fault_of_connection(endpoint: Endpoint, reason: str, *, sent: bool) -> Fault:
    """Return what it means that the connection could not be made, or broke; `sent`: after the request."""
    what = "ends the connection midway" if sent else "cannot be reached"
    told = f": {told_of(endpoint, reason)}" if reason else ""
    return Fault(UnreachableError(f"{endpoint.shown} {what}{told}"), again=True, free=not sent)


def fault_of_event(endpoint: Endpoint, error: object) -> Fault:
    """Return what an error within a response that began as a success means."""
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 400 <= code < 600 else 500
    found = fault_of_status(endpoint, status, {"error": error})
    found.free = False
    return found


def told_of(endpoint: Endpoint, said: str) -> str:
    """Return what an endpoint says as a part of one line, without keys."""
    shown = "".join(each if each.isprintable() else " " for each in said[: SAID_CHARACTERS_MAX * 4])
    shown = " ".join(scrubbed(shown, endpoint.key, endpoint.secrets).split())
    return shown if len(shown) <= SAID_CHARACTERS_MAX else f"{shown[: SAID_CHARACTERS_MAX - 1]}…"


def wait_of(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that Retry-After asks for, as a number or a date; None where it asks nothing."""
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        said = headers.get(name, "").strip()
        try:
            seconds = float(said) * unit_s
        except ValueError:
            continue
        if math.isfinite(seconds):
            return max(seconds, 0.0)
    try:
        at = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return max((at - datetime.now(UTC)).total_seconds(), 0.0)


def _denied(endpoint: Endpoint, status: int, told: str) -> DeniedError:
    where = f"{endpoint.shown} ({status})"
    if status in (401, 403):
        what = "does not accept the key" if endpoint.key is not None else "wants a key, and none was found"
        return DeniedError(f"{where} {what}{told}; `sleeplsp doctor` tells where it is looked for")
    if status == 404:
        return DeniedError(
            f"{where} knows neither such a path nor the model {endpoint.model!r}{told}; see whether the URL "
            "should end in /v1, and what `sleeplsp doctor` lists"
        )
    if 300 <= status < 400:
        return DeniedError(f"{where} sends on to another address, which is not followed: set that one")
    return DeniedError(f"{where} does not take the request{told}")


def _said(body: object) -> tuple[str, str, str]:
    """Return what an error's body says: message, code and type, parameter."""
    if isinstance(body, str):
        try:
            body = msgspec.json.decode(body)
        except msgspec.DecodeError:
            return str(body), "", ""
    found: Any = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(found, dict):
        return ("" if found is None else str(found)), "", ""
    message = found.get("message") or found.get("detail") or ""
    code = f"{found.get('code') or ''} {found.get('type') or ''}"
    return str(message), code, str(found.get("param") or "")
