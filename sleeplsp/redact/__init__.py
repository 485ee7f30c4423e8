"""Secrets in texts: found by form, by name and by entropy, and taken out before anything is sent.

Keys and passwords are what is looked for, not what is private in other ways. Nothing here knows what a
text is, or where it is sent.
"""

from collections.abc import Iterator

from sleeplsp.prompts.redacted import Redacted, Secret, redacted
from sleeplsp.redact.entropy import drawn
from sleeplsp.redact.forms import formed
from sleeplsp.redact.given import given
from sleeplsp.redact.names import names
from sleeplsp.redact.plain import plain


def redact(text: str) -> Redacted:
    """Take secrets out of a text; fails on no text."""
    return redacted(text, _secrets(text))


def _secrets(text: str) -> Iterator[Secret]:
    """Yield what was found in order; of what overlaps one secret, called as what begins first."""
    spans = sorted(_found(text), key=lambda each: (each[1], -each[2]))
    line = position = 0
    current: tuple[str, int, int] | None = None
    for each in (*spans, ("", len(text) + 1, len(text) + 1)):
        if current is None:
            current = each
        elif each[1] < current[2]:
            current = current[0], current[1], max(current[2], each[2])
        else:
            kind, start, end = current
            line += text.count("\n", position, start)
            position = start
            yield Secret(kind, line, start, end)
            current = each


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    yield from formed(text)
    if called := tuple(names(text)):
        yield from given(text, called)
        yield from plain(text, called)
    yield from drawn(text)
