"""A report: the diagnostics of one file, with a digest to tell them from others."""

import hashlib
from typing import NamedTuple

import msgspec
from lsprotocol import types

_ENCODER = msgspec.json.Encoder(order="sorted")


class Report(NamedTuple):
    """The diagnostics of one file."""

    digest: str
    """Of the diagnostics: two reports with the same say the same, also after the server's restart."""
    items: tuple[types.Diagnostic, ...]
    version: int | None = None
    """The editor's number for the text, if it has the file open."""
    rests_on: frozenset[str] = frozenset()
    """The modules whose code they rest on, by path."""


def digest_of(items: tuple[types.Diagnostic, ...]) -> str:
    """Return the digest of diagnostics."""
    return hashlib.blake2b(_ENCODER.encode(items), digest_size=12).hexdigest()


NOTHING = Report(digest_of(()), ())
