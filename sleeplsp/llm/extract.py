"""The JSON in a reply, where a model puts words around it; and the thoughts before it, left out.

Pure. It must not know what the JSON is to look like.
"""

import json
import re
from collections.abc import Iterator

_FENCED = re.compile(
    r"^[ \t]*```[ \t]*(?:json)?[ \t]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE | re.IGNORECASE
)
_OPENING = "<think>"
_CLOSING = "</think>"
_STARTS_MAX = 64
"""Braces at which an object is looked for."""

_decoder = json.JSONDecoder()


def without_thoughts(text: str) -> str:
    """Return a reply without what a reasoning model thought aloud before it."""
    if not text.lstrip().startswith(_OPENING):
        return text
    _, closing, rest = text.partition(_CLOSING)
    return rest.lstrip() if closing else ""


def json_in(text: str) -> str | None:
    """Return the JSON object in a reply: all of it, else a fenced block, else the first; None without one."""
    for candidate in _candidates(without_thoughts(text).strip()):
        if (found := _object_at(candidate)) is not None:
            return found
    return None


class Hearing:
    """Who hears the pieces of a reply, and is spared the thoughts before it."""

    def __init__(self) -> None:
        self._held = ""
        self._is_open = False

    def take(self, piece: str) -> str:
        """Return what of the reply so far is to be heard now."""
        if self._is_open:
            return piece
        self._held += piece
        begin = self._held.lstrip()
        if begin.startswith(_OPENING):
            if _CLOSING not in begin:
                return ""
            begin = begin.partition(_CLOSING)[2].lstrip()
            if not begin:
                return ""
        elif _OPENING.startswith(begin):
            return ""
        else:
            begin = self._held
        self._is_open, self._held = True, ""
        return begin

    def rest(self) -> str:
        """Return what is still to be heard at the end."""
        held = without_thoughts(self._held)
        self._held = ""
        return "" if self._is_open else held


def _candidates(text: str) -> Iterator[str]:
    yield text
    yield from (each[1].strip() for each in _FENCED.finditer(text))
    starts = [each.start() for each in re.finditer(r"\{", text)][:_STARTS_MAX]
    yield from (text[start:] for start in starts)


def _object_at(text: str) -> str | None:
    """Return the object a text begins with; what comes behind it is not looked at."""
    if not text.startswith("{"):
        return None
    try:
        found, end = _decoder.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return text[:end] if isinstance(found, dict) else None
