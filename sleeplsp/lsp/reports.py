"""Reports: the diagnostics of each file as they are now, with a digest to tell them from others.

Made when they are asked for, and kept until what they are made of changes. It must not know how they
reach the editor.
"""

import hashlib
from collections.abc import Iterator
from itertools import islice
from operator import is_
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from lsprotocol import types

from sleeplsp.core.insight import Severity
from sleeplsp.core.placing import Placing
from sleeplsp.core.snapshot import Mark, OpenModule
from sleeplsp.core.text import Text
from sleeplsp.lsp.diagnostics import diagnostic, shown_marks
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.documents import Document
    from sleeplsp.lsp.server import Server

SHOWN_MAX = 500
"""Diagnostics of one document, by position: more take long to send, and nobody reads them."""

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


class _Made(NamedTuple):
    """A report, and what it was made of."""

    text: Text
    shown: tuple[tuple[Mark, Severity], ...]
    placings: tuple[Placing | None, ...]
    report: Report


class Reports:
    """The report of every file of which something can be told."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._made: dict[str, _Made] = {}

    def of(self, uri: str) -> Report | None:
        """Return the report of an open document; None for any other."""
        found = self._server.documents.find(uri)
        if found is None:
            return None
        document, module = found
        shown = tuple(islice(shown_marks(document.root, module), SHOWN_MAX))
        rests_on = frozenset(
            each.ref.partition("::")[0] for mark, _ in shown for each in mark.claim.suspicion.support
        )
        placings = _placings(document.root, rests_on)
        last = self._made.get(uri)
        if last is None or not _is_same(last, module, shown, placings):
            items = self._items(document, module, shown)
            report = Report(digest_of(items), items, rests_on=rests_on)
            last = self._made[uri] = _Made(module.text, shown, placings, report)
        return last.report._replace(version=module.version)

    def all(self) -> Iterator[tuple[str, Report]]:
        """Yield the report of every file, by root and URI."""
        for root in self._server.roots.all:
            for uri in list(root.uris.values()):
                report = self.of(uri)
                if report is not None:
                    yield uri, report

    def forget(self, uri: str) -> None:
        """Forget a document that was closed."""
        self._made.pop(uri, None)

    def _items(
        self, document: "Document", module: OpenModule, shown: tuple[tuple[Mark, Severity], ...]
    ) -> tuple[types.Diagnostic, ...]:
        return tuple(diagnostic(self._server, document, module, *each) for each in shown)


def _placings(root: Root, paths: frozenset[str]) -> tuple[Placing | None, ...]:
    modules = root.workspace.snapshot.modules
    return tuple(modules[path].placing for path in sorted(paths) if path in modules)


def _is_same(
    last: _Made,
    module: OpenModule,
    shown: tuple[tuple[Mark, Severity], ...],
    placings: tuple[Placing | None, ...],
) -> bool:
    if last.text is not module.text or last.shown != shown:
        return False
    # Where steps of evidence stand in a text that is being edited is told when it settles.
    if None in placings:
        return True
    return len(last.placings) == len(placings) and all(map(is_, last.placings, placings))
