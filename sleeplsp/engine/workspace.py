"""The workspace: the one mutable object. Edits and claims go in, Snapshots come out.

Changed only on the event loop. An edit costs an incremental parse and a shift of what stands behind it;
symbols it touches have no digest until `settle` reads the text afresh, once typing has paused.
"""

from collections.abc import Iterable

import msgspec

from sleeplsp.core.languages import Language
from sleeplsp.core.located import Link, LocatedSuspicion, ModuleClaims
from sleeplsp.core.placing import Placing
from sleeplsp.core.reading import text_digest
from sleeplsp.core.snapshot import EMPTY, TOUCHED, Mark, OpenModule, Snapshot
from sleeplsp.core.symbols import Outline, Symbol, outline
from sleeplsp.core.syntax import Tree, edit_between, is_whole, parse, reparse
from sleeplsp.core.text import Text

Replacement = tuple[int, int, str] | str
"""Bytes `start` to `end` become a text; or a text alone: it becomes all there is."""


class Workspace:
    """The open modules of one root."""

    def __init__(self) -> None:
        self.snapshot: Snapshot = EMPTY
        self._trees: dict[str, Tree] = {}
        self._outlines: dict[str, Outline] = {}
        self.unsettled: set[str] = set()
        """Modules edited since they were last read afresh."""

    def open(self, path: str, language: Language, version: int, characters: str) -> None:
        """Take up a module an editor has opened."""
        text = Text.from_str(characters)
        self._trees[path] = parse(language, text)
        self._read(path, language, version, text)

    def edit(self, path: str, version: int, text: Text, changes: Iterable[tuple[int, int, int, Text]]) -> None:
        """Take up edits. Each change: old start and end, bytes inserted, and the text after it.

        `text` is the result of all changes. A module that is not open is left alone.
        """
        module = self.snapshot.modules.get(path)
        if module is None:
            return
        edits, before = [], module.text
        for start, end, inserted, after in changes:
            edits.append(edit_between(before, start, end, after, inserted))
            module = _shifted(module, start, end, inserted)
            before = after
        tree = reparse(module.language, text, self._trees[path], edits)
        self._trees[path] = tree
        self.unsettled.add(path)
        self._put(msgspec.structs.replace(module, version=version, text=text, whole=is_whole(tree)))

    def settle(self, path: str) -> None:
        """Read an edited module afresh: a symbol whose code is as before has its claims back."""
        self.unsettled.discard(path)
        module = self.snapshot.modules.get(path)
        if module is not None:
            # An incremental tree of broken text may differ from a fresh one.
            self._trees[path] = parse(module.language, module.text)
            claims = module.claims
            self._read(path, module.language, module.version, module.text)
            if claims is not None:
                self.learn(claims)

    def close(self, path: str) -> None:
        """Forget a module the editor has closed."""
        self._trees.pop(path, None)
        self._outlines.pop(path, None)
        self.unsettled.discard(path)
        self.snapshot = Snapshot({each: module for each, module in self.snapshot.modules.items() if each != path})

    def learn(self, claims: ModuleClaims) -> bool:
        """Place what was thought of an open module in its text; tell whether the module is open."""
        module = self.snapshot.modules.get(claims.path)
        if module is None:
            return False
        if claims.path in self.unsettled:
            # Where tokens stand is not known while somebody types: placed when the text settles.
            self._put(msgspec.structs.replace(module, claims=claims))
            return True
        same = claims.text_digest == text_digest(module.text)
        placing = self._placing(module)
        marks = [mark for each in _suspicions(claims, module) if (mark := _mark(each, placing, claims.path)) is not None]
        links = claims.links if same else ()
        self._put(
            msgspec.structs.replace(
                module, claims=claims, marks=tuple(sorted(marks, key=lambda each: each.start)), links=links
            )
        )
        return True

    def placing(self, path: str) -> Placing | None:
        """Return where the tokens of an open module's symbols stand now; None while it is unsettled."""
        module = self.snapshot.modules.get(path)
        return self._placing(module) if module is not None and path not in self.unsettled else None

    def _read(self, path: str, language: Language, version: int, text: Text) -> None:
        tree = self._trees[path]
        found = outline(language, text, tree)
        self._outlines[path] = found
        known = self.snapshot.modules.get(path)
        module = OpenModule(
            path=path,
            language=language,
            version=version,
            text=text,
            whole=is_whole(tree),
            symbols=found.symbols,
            digest=found.module.digest,
            claims=known.claims if known is not None else None,
        )
        self._put(module)

    def _placing(self, module: OpenModule) -> Placing:
        tree, found = self._trees[module.path], self._outlines[module.path]
        return Placing(module.path, module.language, module.text, lambda: tree, found)

    def _put(self, module: OpenModule) -> None:
        self.snapshot = Snapshot({**self.snapshot.modules, module.path: module})


def _suspicions(claims: ModuleClaims, module: OpenModule) -> Iterable[LocatedSuspicion]:
    for symbol, each in claims.symbols.items():
        if module.digest_of(symbol) == each.digest:
            yield from each.suspicions


def _mark(located: LocatedSuspicion, placing: Placing, path: str) -> Mark | None:
    extent = placing.extent(located.suspicion.place)
    if extent is None:
        return None
    steps = tuple(
        placing.extent(step.place) if step.place.ref.startswith(f"{path}::") else None
        for step in located.suspicion.evidence
    )
    return Mark(*extent, located, steps)


def _shifted(module: OpenModule, start: int, end: int, inserted: int) -> OpenModule:
    """Move what stands behind an edit; take the digest from the symbols it touches."""
    by = inserted - (end - start)
    inside = [each for each in module.symbols if each.start <= start and end <= each.end]
    symbols = tuple(_moved(each, start, end, by, inside) for each in module.symbols)
    marks = tuple(
        Mark(each.start + shift, each.end + shift, each.claim, tuple(_moved_span(span, start, end, by) for span in each.steps))
        for each in module.marks
        if (shift := _shift(each.start, each.end, start, end, by)) is not None
    )
    links = tuple(
        Link(each.start + shift, each.end + shift, each.ref)
        for each in module.links
        if (shift := _shift(each.start, each.end, start, end, by)) is not None
    )
    digest = module.digest if inside else TOUCHED
    return msgspec.structs.replace(module, symbols=symbols, marks=marks, links=links, digest=digest)


def _shift(first: int, last: int, start: int, end: int, by: int) -> int | None:
    """Return how far a span moves, None if the edit touches it."""
    if last < start:
        return 0
    return by if first > end else None


def _moved_span(span: tuple[int, int] | None, start: int, end: int, by: int) -> tuple[int, int] | None:
    shift = _shift(*span, start, end, by) if span is not None else None
    return (span[0] + shift, span[1] + shift) if span is not None and shift is not None else None


def _moved(symbol: Symbol, start: int, end: int, by: int, inside: list[Symbol]) -> Symbol:
    shift = _shift(symbol.start, symbol.end, start, end, by)
    if shift == 0:
        return symbol
    if shift is not None:
        return msgspec.structs.replace(
            symbol,
            start=symbol.start + shift,
            end=symbol.end + shift,
            name_start=symbol.name_start + shift,
            name_end=symbol.name_end + shift,
        )
    # A class whose member holds the whole edit keeps its own digest: members are left out of it.
    member = any(each.start > symbol.start and each.end <= symbol.end for each in inside)
    digest = symbol.digest if member and symbol.kind == "class" else TOUCHED
    name_shift = _shift(symbol.name_start, symbol.name_end, start, end, by) or 0
    return msgspec.structs.replace(
        symbol,
        start=min(symbol.start, start) if symbol.start > start else symbol.start,
        end=max(symbol.end + by, symbol.start),
        name_start=symbol.name_start + name_shift,
        name_end=symbol.name_end + name_shift,
        digest=digest,
    )
