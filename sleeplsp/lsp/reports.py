"""Reports: the diagnostics of each file as they are now, with a digest to tell them from others.

Made when they are asked for, and kept until what they are made of changes. It must not know how they
reach the editor.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import is_
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from lsprotocol import types

from sleeplsp.core.insight import Severity, Support, Suspicion
from sleeplsp.core.located import LocatedSuspicion, ModuleSuspicions
from sleeplsp.core.placing import Placing
from sleeplsp.core.resolved import path_in
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.core.text import Text, text_digest
from sleeplsp.lsp.diagnostics import diagnostic, located_diagnostic, severity_of, shown_marks
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
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

    of: Text | ModuleSuspicions
    shown: tuple[object, ...]
    placings: tuple[Placing | None, ...]
    """Where the steps of evidence stand that are in open modules."""
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
        root = document.root
        if (known := _known_before(root, module)) is not None:
            snapshot, path = root.workspace.snapshot, module.path
            fresh = [each for each in known.suspicions if snapshot.is_fresh(_of_others(each, path))]
            report = self._located(root, uri, known, tuple(fresh))
        else:
            shown = tuple(islice(shown_marks(root, module), SHOWN_MAX))
            report = self._report(
                root,
                uri,
                module.text,
                shown,
                [mark.claim.suspicion for mark, _ in shown],
                lambda: (diagnostic(self._server, document, module, *each) for each in shown),
            )
        return report._replace(version=module.version)

    def elsewhere(self, root: Root, path: str) -> Report | None:
        """Return the report of a file that is not open; None while it is being thought about again."""
        snapshot = root.workspace.snapshot
        fresh, known = snapshot.fresh_elsewhere(path), snapshot.elsewhere.get(path)
        if fresh is None:
            return None
        return self._located(root, root.uri(path), known, fresh) if known is not None else NOTHING

    def all(self) -> Iterator[tuple[str, Report | None]]:
        """Yield the report of every file, by root and URI; None for one that is being thought about."""
        for root in list(self._server.roots.all):
            for uri in list(root.uris.values()):
                if (report := self.of(uri)) is not None:
                    yield uri, report
            snapshot = root.workspace.snapshot
            for path in {**snapshot.elsewhere, **dict.fromkeys(snapshot.changed)}:
                if path not in root.uris and self._server.roots.is_home(root, path):
                    yield root.uri(path), self.elsewhere(root, path)

    def forget(self, uri: str) -> None:
        """Forget a document that was closed."""
        self._made.pop(uri, None)

    def _located(
        self, root: Root, uri: str, of: ModuleSuspicions, fresh: tuple[LocatedSuspicion, ...]
    ) -> Report:
        graded = ((each, severity_of(root, each.suspicion)) for each in fresh)
        shown = tuple(islice((each for each in graded if each[1] is not Severity.OFF), SHOWN_MAX))
        return self._report(
            root,
            uri,
            of,
            shown,
            [each.suspicion for each, _ in shown],
            lambda: (located_diagnostic(self._server, root, *each) for each in shown),
        )

    def _report(
        self,
        root: Root,
        uri: str,
        of: Text | ModuleSuspicions,
        shown: tuple[object, ...],
        suspicions: Iterable[Suspicion],
        make: Callable[[], Iterable[types.Diagnostic]],
    ) -> Report:
        """Return what was made last, if it was made of the same."""
        rests_on = frozenset(path_in(each.ref) for one in suspicions for each in one.support)
        placings = _placings(root, rests_on)
        last = self._made.get(uri)
        if last is None or last.of is not of or last.shown != shown or not _is_same(last.placings, placings):
            items = tuple(make())
            last = _Made(of, shown, placings, Report(digest_of(items), items, rests_on=rests_on))
            self._made[uri] = last
        return last.report


def _known_before(root: Root, module: OpenModule) -> ModuleSuspicions | None:
    """Return what was suspected of a module that was just opened, while nothing is known for good."""
    is_known = module.claims is not None and not module.claims.provisional
    known = root.workspace.snapshot.elsewhere.get(module.path) if not is_known else None
    return known if known is not None and known.text_digest == text_digest(module.text) else None


def _of_others(located: LocatedSuspicion, path: str) -> tuple[Support, ...]:
    """Return the symbols outside of a module that a suspicion rests on."""
    return tuple(each for each in located.suspicion.support if path_in(each.ref) != path)


def _placings(root: Root, paths: frozenset[str]) -> tuple[Placing | None, ...]:
    modules = root.workspace.snapshot.modules
    return tuple(modules[path].placing for path in sorted(paths) if path in modules)


def _is_same(before: tuple[Placing | None, ...], now: tuple[Placing | None, ...]) -> bool:
    # Where steps of evidence stand in a text that is being edited is told when it settles.
    return None in now or (len(before) == len(now) and all(map(is_, before, now)))
