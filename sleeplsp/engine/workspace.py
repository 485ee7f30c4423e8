"""The workspace: the one mutable object. Edits and claims go in, Snapshots come out.

Changed only on the event loop. An edit costs an incremental parse and a shift of what stands behind it;
symbols it touches have no digest until `settle` reads the text afresh, once typing has paused. It must
not know files, nor who thinks.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from sleeplsp.core.atlas import Batch
from sleeplsp.core.baseline import Baseline
from sleeplsp.core.facts import MODULE
from sleeplsp.core.ignores import comment_places
from sleeplsp.core.languages import Language
from sleeplsp.core.located import Link, LocatedSuspicion, ModuleClaims, Suspected
from sleeplsp.core.placing import Placing
from sleeplsp.core.snapshot import EMPTY, TOUCHED, Mark, OpenModule, Snapshot, digests_of
from sleeplsp.core.symbols import Symbol, outline
from sleeplsp.core.syntax import edit_between, parse, reparse
from sleeplsp.core.text import Text, text_digest
from sleeplsp.engine.shifting import Change, shifted

LARGE_BYTES = 64 * 1024
"""Size of a text from which on it is read beside the event loop: reading 1 MiB takes over half a second."""

_Span = tuple[int, int]
_Extent = tuple[_Span, LocatedSuspicion, tuple[_Span | None, ...]]
"""Where a suspicion stands, and where its steps of evidence do."""


class Workspace:
    """The open modules of one root."""

    def __init__(self) -> None:
        self.snapshot: Snapshot = EMPTY
        self.minds_all = False
        """Somebody wants to know what is suspected of modules that are not open."""
        self._touches: Counter[str] = Counter()

    @property
    def unsettled(self) -> tuple[str, ...]:
        """The modules edited since they were last read afresh."""
        modules = self.snapshot.modules
        return tuple(path for path, module in modules.items() if not module.settled)

    def open(self, path: str, language: Language, version: int, text: Text) -> None:
        """Take up a module an editor has opened, and read it."""
        self._put(_read(path, language, version, text))

    def take_up(self, path: str, language: Language, version: int, text: Text) -> None:
        """Take up a module an editor has opened; a large one is read when it settles."""
        module = _unread(path, language, version, text)
        self._put(module if is_large(text) else settled(module))

    def edit(self, path: str, version: int, edits: Iterable[tuple[Change, Text]]) -> None:
        """Take up edits in their order, each with the text after it.

        A module that is not open is left alone.
        """
        module = self.snapshot.modules.get(path)
        if module is None:
            return
        before, described = module.text, []
        for change, after in edits:
            described.append(edit_between(before, change.start, change.end, after, change.inserted))
            module = shifted(module, change)
            before = after
        tree = reparse(module.language, before, module.tree, described) if module.is_read else module.tree
        self._put(msgspec.structs.replace(module, version=version, text=before, tree=tree))

    def settle(self, path: str) -> None:
        """Read an edited module afresh, here and now."""
        if (module := self.snapshot.modules.get(path)) is not None:
            self._put(settled(module))

    def replace(self, before: OpenModule, after: OpenModule) -> bool:
        """Put what was worked out of a module in its place; tell whether it was still there."""
        if self.snapshot.modules.get(before.path) is not before:
            return False
        self._put(after)
        return True

    def close(self, path: str) -> None:
        """Forget a module the editor has closed: what it had unsaved is gone."""
        if path in self.snapshot.modules:
            kept = {each: one for each, one in self.snapshot.modules.items() if each != path}
            self.snapshot = msgspec.structs.replace(self.snapshot, modules=kept)
            self.touch([path])

    def touch(self, paths: Iterable[str]) -> None:
        """Take note of modules that have changed outside the editor."""
        touched = [path for path in paths if path not in self.snapshot.modules]
        self._touches.update(touched)
        changed = self.snapshot.changed.union(touched)
        self.snapshot = msgspec.structs.replace(self.snapshot, changed=changed)

    def touches(self) -> Mapping[str, int]:
        """Return how often each module was touched; for `rethought`."""
        return dict(self._touches)

    def rethought(self, touches: Mapping[str, int]) -> None:
        """Take note that everything was thought about which had changed by the time of `touches`."""
        for path, count in touches.items():
            if self._touches[path] == count:
                del self._touches[path]
        changed = frozenset(self._touches)
        self.snapshot = msgspec.structs.replace(self.snapshot, changed=changed)

    def dismiss(self, suspicion: str) -> None:
        """Show a suspicion no more, by its id."""
        dismissed = self.snapshot.dismissed | {suspicion}
        self.snapshot = msgspec.structs.replace(self.snapshot, dismissed=dismissed)

    def leave(self, baseline: Baseline) -> None:
        """Take up what the repository says is to be left."""
        self.snapshot = msgspec.structs.replace(self.snapshot, baseline=baseline)

    def learn(self, claims: ModuleClaims) -> bool:
        """Place what was thought of an open module in its text; tell whether the module is open."""
        module = self.snapshot.modules.get(claims.path)
        if module is not None:
            self._put(learned(module, claims))
        return module is not None

    def suspect(self, news: Suspected) -> None:
        """Take up what is suspected of modules that are not open."""
        elsewhere = {} if news.anew else dict(self.snapshot.elsewhere)
        for each in news.modules:
            elsewhere.pop(each.path, None)
            if each.suspicions:
                elsewhere[each.path] = each
        self.snapshot = msgspec.structs.replace(self.snapshot, elsewhere=elsewhere)

    def chart(self, batch: Batch) -> None:
        """Take up what is new of the names and calls of all modules."""
        self.snapshot = msgspec.structs.replace(self.snapshot, atlas=self.snapshot.atlas.updated(batch))

    def _put(self, module: OpenModule) -> None:
        modules = {**self.snapshot.modules, module.path: module}
        self.snapshot = msgspec.structs.replace(self.snapshot, modules=modules)


def is_large(text: Text) -> bool:
    """Tell whether reading a text takes so long that it must not be done on the event loop."""
    return len(text.source) > LARGE_BYTES


def settled(before: OpenModule) -> OpenModule:
    """Return a module read afresh: a symbol whose code is as before has its claims back. Pure."""
    # The tree is made anew as well: that of an edited text may differ where it does not parse.
    module = _read(before.path, before.language, before.version, before.text)
    module = msgspec.structs.replace(module, links=_kept_links(before, module))
    return learned(module, before.claims) if before.claims is not None else module


def learned(module: OpenModule, claims: ModuleClaims) -> OpenModule:
    """Return a module with claims placed in its text. Pure."""
    if claims.provisional and module.claims is not None and not module.claims.provisional:
        return module  # what is known stays right where nothing was touched
    if not module.settled:
        # Where tokens stand is not known while somebody types: placed when the text settles.
        return msgspec.structs.replace(module, claims=claims)
    if claims.text_digest == text_digest(module.text):
        module = msgspec.structs.replace(module, links=claims.links)
    return _placed(module, claims)


def _unread(path: str, language: Language, version: int, text: Text) -> OpenModule:
    """Return a module as if all of it had been edited."""
    return msgspec.structs.replace(
        _read(path, language, version, Text(b"")),
        text=text,
        is_read=False,
        placing=None,
        symbols=(),
        digests={MODULE: TOUCHED},
    )


def _read(path: str, language: Language, version: int, text: Text) -> OpenModule:
    tree = parse(language, text)
    found = outline(language, text, tree)
    return OpenModule(
        path=path,
        language=language,
        version=version,
        text=text,
        tree=tree,
        outline=found,
        placing=Placing(path, language, text, found),
        symbols=found.symbols,
        digests=digests_of(found),
    )


def _placed(module: OpenModule, claims: ModuleClaims) -> OpenModule:
    """Return a settled module with claims put where their tokens stand."""
    placing = module.placing
    found = [*_extents(placing, module, claims)] if placing is not None else []
    found.sort(key=lambda each: each[0])
    starts = [start for (start, _), _, _ in found]
    places = comment_places(module.language, module.text, module.tree, starts)
    marks = tuple(Mark(*each[0], at, *each[1:]) for each, at in zip(found, places, strict=True))
    return msgspec.structs.replace(module, claims=claims, marks=marks)


def _extents(placing: Placing, module: OpenModule, claims: ModuleClaims) -> Iterator[_Extent]:
    for symbol, each in claims.symbols.items():
        if module.digests.get(symbol) == each.digest:
            for located in each.suspicions:
                extent = placing.extent(located.suspicion.place)
                steps = tuple(placing.extent(step.place) for step in located.suspicion.evidence)
                if extent is not None:
                    yield extent, located, steps


def _kept_links(before: OpenModule, after: OpenModule) -> tuple[Link, ...]:
    """Return the links of an edited module that lead where they led.

    `before.links` have moved along. What a name means depends on the code around it and on the
    module's own: both must be as they were when the links were found.
    """
    was = digests_of(before.outline)
    if was[MODULE] != after.digests[MODULE]:
        return ()
    pending = [each for each in reversed(after.symbols) if each.kind in after.language.member_kinds]
    around: list[Symbol] = []
    kept = []
    for link in before.links:
        while pending and pending[-1].start <= link.start:
            around.append(pending.pop())
        around = [each for each in around if link.end <= each.end]
        if all(was.get(each.id) == each.digest for each in around):
            kept.append(link)
    return tuple(kept)
