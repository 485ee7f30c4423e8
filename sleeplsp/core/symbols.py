"""Symbols: what a file defines, each with a name that outlives edits around it.

A Symbol's identity is its dotted path, its ordinal among symbols of the same path (overloads,
property setters, if/else twins) and its code digest. Found by the language's queries alone, so
this module must not name a node kind of any grammar.
"""

from collections import Counter

import msgspec

from sleeplsp.core.definitions import LOCAL, SCOPE, Definition, read_definitions
from sleeplsp.core.digest import code_digests
from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS, Language
from sleeplsp.core.layout import Layout
from sleeplsp.core.syntax import Tree, matches
from sleeplsp.core.text import Text

MODULE_PATH = "<module>"
NESTING_MAX = 50
"""Levels of symbols; what is deeper is tokens of the symbol around it. Keeps paths short."""

_VARIABLES = frozenset({"constant", "variable", "field"})
_WITH_MEMBERS = CLASS_KINDS | {SCOPE}
_WITH_LOCALS = CALLABLE_KINDS | {LOCAL}


class Symbol(msgspec.Struct, frozen=True, gc=False):
    """One function, method, class or other named definition. Offsets are bytes into the Text."""

    path: str
    """Dotted path from the top of the file: `Outer.method.inner`."""

    ordinal: int
    """1 for the first symbol of this path in the file, 2 for the next."""

    kind: str
    """One of `core.languages.KINDS`, or `file`."""

    start: int
    end: int
    """The whole definition with its decorators, without its documentation comment."""

    name_start: int
    name_end: int

    digest: str
    """Digest of its tokens (`core.digest`), 24 hex characters."""

    doc_start: int = -1
    doc_end: int = -1
    """Where its documentation stands: a docstring or the comments above it; -1 when it has none."""

    @property
    def id(self) -> str:
        """The name under which claims are kept: the path, with `#2` and so on for later twins."""
        return self.path if self.ordinal == 1 else f"{self.path}#{self.ordinal}"

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


class Outline(msgspec.Struct, frozen=True, gc=False):
    """All symbols of a file, sorted by start, outer before inner; and the file itself as one.

    With its layout, by which tokens are found when the tree is gone.
    """

    module: Symbol
    """Code outside of functions and classes: path `<module>`, kind `file`, from 0 to the end."""

    symbols: tuple[Symbol, ...]
    layout: Layout


class Reference(msgspec.Struct, frozen=True, gc=False):
    """One use of a name: `role` is the query's word (call, class, type, implementation)."""

    name: str
    role: str
    start: int
    end: int


def symbols(language: Language, text: Text, tree: Tree) -> tuple[Symbol, ...]:
    """Return what the file defines, sorted by start, outer before inner. Locals are no symbols."""
    return outline(language, text, tree).symbols


def outline(language: Language, text: Text, tree: Tree) -> Outline:
    """Return the file's symbols and the file itself as a symbol, in one pass."""
    placed = _placed(text, read_definitions(language, text, tree))
    layout = Layout.of(language, tree)
    digests = code_digests(language, text, layout, [each for each, _ in placed])
    ordinals: Counter[str] = Counter()
    found = []
    for (each, definition), digest in zip(placed, digests, strict=True):
        ordinals[each.path] += 1
        found.append(
            Symbol(
                each.path,
                ordinals[each.path],
                each.kind,
                each.start,
                each.end,
                definition.name_start,
                definition.name_end,
                digest,
                definition.doc_start,
                definition.doc_end,
            )
        )
    return Outline(found[0], tuple(found[1:]), layout)


def references(language: Language, text: Text, tree: Tree) -> tuple[Reference, ...]:
    """Return the uses of names in the file, sorted by start."""
    found: dict[int, tuple[int, str, int]] = {}
    for pattern, nodes in matches(language, language.references, tree):
        role = next(each for each in nodes if each.startswith("reference")).partition(".")[2]
        start, end = nodes["name"][0].byte_range
        if start < end and found.get(start, (-1,))[0] <= pattern:
            found[start] = pattern, role, end
    return tuple(
        Reference(text.slice(start, end), role, start, end)
        for start, (_, role, end) in sorted(found.items())
        if role
    )


class _Placed(msgspec.Struct, frozen=True, gc=False):
    """A symbol, scope or local part with what follows from the others around it."""

    path: str
    kind: str
    start: int
    end: int
    depth: int
    """Number of symbols and scopes that what is inside of it has around it."""


def _placed(text: Text, definitions: list[Definition]) -> list[tuple[_Placed, Definition]]:
    """Give each definition its path and kind by what is around it; leave out scopes and locals."""
    file, *others = definitions
    found = [(_Placed(MODULE_PATH, file.kind, 0, file.end, 0), file)]
    # One byte longer than the file, which a symbol may fill.
    stack = [_Placed("", file.kind, 0, file.end + 1, 0)]
    for each in others:
        while stack[-1].end <= each.start or _is_beside(stack[-1], each):
            stack.pop()
        outer = stack[-1]
        kind = each.class_kind if outer.kind in _WITH_MEMBERS else each.kind
        if kind in _VARIABLES and outer.kind in _WITH_LOCALS:
            continue
        if kind == LOCAL:
            stack.append(_Placed(outer.path, kind, each.start, each.end, outer.depth))
            continue
        if outer.depth == NESTING_MAX:
            continue
        name = text.slice(each.name_start, each.name_end)
        path = ".".join(filter(None, (outer.path, each.owner, name)))
        stack.append(_Placed(path, kind, each.start, each.end, outer.depth + 1))
        if kind != SCOPE:
            found.append((stack[-1], each))
    return found


def _is_beside(outer: _Placed, definition: Definition) -> bool:
    """Tell whether both are names of one thing, though the one is around the other.

    So in `a, b = pair()`, where both have the same span, and in `a = b = 1`, where both end alike.
    """
    return outer.kind in _VARIABLES and outer.end == definition.end
