"""Reports: the diagnostics of each file as they are now.

Made when they are asked for, and kept until what they are made of changes. It must not know how they
reach the editor.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from operator import is_
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from lsprotocol import types

from sleeplsp.core.insight import Severity, Support, Suspicion
from sleeplsp.core.located import LocatedSuspicion, ModuleSuspicions
from sleeplsp.core.placing import Placing
from sleeplsp.core.resolved import path_in
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.core.text import Text, text_digest
from sleeplsp.lsp.diagnostics import diagnostic, located_diagnostic, severity_of, shown_marks
from sleeplsp.lsp.elsewhere import Elsewhere
from sleeplsp.lsp.notes import note_shown
from sleeplsp.lsp.report import NOTHING, Report, digest_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

SHOWN_MAX = 500
"""Diagnostics of one document, by position: more take long to send, and nobody reads them."""


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
        self._elsewhere: WeakKeyDictionary[Root, Elsewhere] = WeakKeyDictionary()

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
        elif not module.marks:  # most have none, and thousands may be open
            report = NOTHING
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
        """Yield the report of every file by its URI, as of the last `steps` where it is not open.

        None stands for one that is being thought about.
        """
        for root in list(self._server.roots.all):
            for uri in list(root.uris.values()):
                if (report := self.of(uri)) is not None:
                    yield uri, report
            known = self._elsewhere.setdefault(root, Elsewhere())
            yield from (told for path, told in known.told().items() if path not in root.uris)

    def steps(self) -> Iterator[None]:
        """Bring the reports of files that are not open up to date, for `all`; one at each step."""
        for root in list(self._server.roots.all):
            known = self._elsewhere.setdefault(root, Elsewhere())
            make = partial(self._told, root)
            yield from known.steps(root.workspace.snapshot, root.settings.checks, make)

    def _told(self, root: Root, path: str) -> tuple[str, Report | None] | None:
        is_home = self._server.roots.is_home(root, path)
        return (root.uri(path), self.elsewhere(root, path)) if is_home else None

    def forget_all(self) -> None:
        """Forget what was told of files that are not open: they may belong to other roots now."""
        self._elsewhere.clear()

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
            note_shown(root, suspicions)
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
