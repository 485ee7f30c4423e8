"""Hiding: a text's secrets as spans of bytes, and what may be sent of it.

It must not know what a secret looks like.
"""

from collections.abc import Iterable, Iterator

from sleeplsp.core.text import Text, decode_slice
from sleeplsp.prompts.context import Hidden
from sleeplsp.prompts.redacted import Redact, placeholder

Cut = tuple[int, int, str]
"""Start and end in a text, and what stands there instead."""


def hidden(text: Text, redact: Redact) -> tuple[Hidden, ...]:
    """Return where a text has secrets."""
    characters = decode_slice(text.source)
    found = redact(characters).found
    if characters.isascii():
        return tuple(Hidden(each.start, each.end, each.kind) for each in found)
    return tuple(
        Hidden(_size(characters[: each.start]), _size(characters[: each.end]), each.kind) for each in found
    )


def cuts_of(secrets: Iterable[Hidden]) -> list[Cut]:
    """Return secrets as what stands in their places."""
    return [(each.start, each.end, placeholder(each.kind)) for each in secrets]


def spliced(text: Text, cuts: Iterable[Cut], start: int = 0, end: int | None = None) -> str:
    """Return the characters between two offsets, with the cuts made; one cut may lie within another."""
    return "".join(_pieces(text.parsed, cuts, start, len(text.source) if end is None else end))


def _pieces(source: bytes, cuts: Iterable[Cut], position: int, stop: int) -> Iterator[str]:
    for start, end, instead in sorted(cuts, key=lambda each: (each[0], -each[1])):
        if start >= stop:
            break
        if start >= position:
            yield decode_slice(source[position:start])
            yield instead
        position = max(position, end)
    yield decode_slice(source[position : max(stop, position)])


def _size(characters: str) -> int:
    return len(characters.encode("utf-8", "surrogatepass"))
