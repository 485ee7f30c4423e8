"""What redaction gives: a text without its secrets, and where they stood.

An adapter finds them (`sleeplsp.redact`). It must not be known here what a secret looks like.
"""

from collections.abc import Callable, Iterable

import msgspec


class Secret(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One secret: the characters from `start` to `end` of the text it was found in."""

    kind: str
    """A few words: `private key`, `password`. Never any of its letters."""
    line: int
    """0-based line on which it begins."""
    start: int
    end: int


class Redacted(msgspec.Struct, frozen=True):
    """A text in which every secret is a placeholder, and the secrets by position in the original."""

    text: str
    found: tuple[Secret, ...] = ()


Redact = Callable[[str], Redacted]
"""Takes secrets out of a text; fails on no text."""


def placeholder(kind: str) -> str:
    """Return what stands in the place of a secret: one word, which no code holds."""
    return f"REDACTED_{kind.upper().replace(' ', '_')}"


MARK = "REDACTED_"
"""What every placeholder begins with; a quote that holds it can be held against no text."""


def redacted(text: str, found: Iterable[Secret]) -> Redacted:
    """Put placeholders in the places of secrets, which do not overlap."""
    secrets = tuple(sorted(found, key=lambda each: each.start))
    parts: list[str] = []
    position = 0
    for each in secrets:
        parts += (text[position : each.start], placeholder(each.kind))
        position = each.end
    return Redacted("".join((*parts, text[position:])), secrets)


def nothing_redacted(text: str) -> Redacted:
    """Find no secrets: for texts that hold none."""
    return Redacted(text)
