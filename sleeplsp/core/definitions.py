"""Definitions as a language's query marks them: names, spans, documentation.

What stands before a definition and belongs to it (decorators, attributes, documentation comments)
is joined to it here, by place. This module must not name a node kind of any grammar, nor know
paths, nesting or digests, which `core.symbols` adds.
"""

from bisect import bisect_right
from functools import cache

import msgspec

from sleeplsp.core.languages import Language
from sleeplsp.core.syntax import Match, Node, Tree, matches
from sleeplsp.core.text import Text

SCOPE = "scope"
"""Kind of a definition that only lends its name."""

LOCAL = "local"
"""Kind of what is no definition; variables inside of it are none either."""

FILE = "file"
"""Kind of the definition that is the file itself."""

_NONE = (-1, -1)
_BEFORE = frozenset({"prefix", "doc", "aside"})


class Definition(msgspec.Struct, frozen=True, gc=False):
    """One definition; offsets are bytes into the Text."""

    kind: str
    class_kind: str
    """The kind it has directly inside of a class."""

    start: int
    end: int
    name_start: int
    name_end: int
    owner: str
    """A name to put before its own, or nothing."""

    doc_start: int
    doc_end: int


class _Piece(msgspec.Struct, frozen=True, gc=False, order=True):
    """A prefix, documentation comment or other comment."""

    end: int
    start: int
    role: str


def read_definitions(language: Language, text: Text, tree: Tree) -> list[Definition]:
    """Return the file itself, then its definitions sorted by start, outer before inner."""
    named: dict[int, Match] = {}
    docstrings = {-1: _NONE}
    pieces: list[_Piece] = []
    found: list[Definition] = []
    file_start = -1
    for match in matches(language, language.definitions, tree):
        nodes = match[1]
        name = nodes["name"][0].start_byte if "name" in nodes else -1
        if "docstring" in nodes:
            last = _piece(text, "doc", nodes["docstring"][-1])
            docstrings[name] = nodes["docstring"][0].start_byte, last.end
        elif name >= 0:
            if name not in named or named[name][0] <= match[0]:
                named[name] = match
        elif (alone := next(iter(nodes))) in _BEFORE:
            pieces += [_piece(text, alone, each) for each in nodes[alone]]
        elif alone == LOCAL:
            found.append(Definition(LOCAL, LOCAL, *nodes[alone][0].byte_range, -1, -1, "", *_NONE))
        else:
            file_start = nodes[alone][0].start_byte
    before = _Before(text, pieces)
    for _, nodes in named.values():
        # A name of no characters is one that the parser missed.
        if "definition" not in nodes and nodes["name"][0].end_byte > nodes["name"][0].start_byte:
            found.append(_definition(text, nodes, docstrings, before))
    doc = before.reach(file_start)[1] if file_start >= 0 else docstrings[-1]
    file = Definition(FILE, FILE, 0, len(text.source), 0, 0, "", *doc)
    return [file, *sorted(found, key=_place)]


def _definition(
    text: Text,
    nodes: dict[str, list[Node]],
    docstrings: dict[int, tuple[int, int]],
    before: "_Before",
) -> Definition:
    role = next(each for each in nodes if each == SCOPE or each.startswith("definition."))
    kind, class_kind = _kinds(role)
    node, name = nodes[role][0], nodes["name"][0]
    owner = text.slice(*nodes["owner"][0].byte_range) if "owner" in nodes else ""
    start, doc = before.reach(node.start_byte)
    return Definition(
        kind,
        class_kind,
        start,
        node.end_byte,
        name.start_byte,
        name.end_byte,
        owner,
        *docstrings.get(name.start_byte, doc),
    )


@cache
def _kinds(role: str) -> tuple[str, str]:
    kind, _, class_kind = role.removeprefix("definition.").partition(".")
    return kind, class_kind or kind


class _Before:
    """Finds what stands directly before a definition and belongs to it."""

    def __init__(self, text: Text, pieces: list[_Piece]) -> None:
        self._source = text.parsed
        self._pieces = sorted(pieces)
        self._ends = [each.end for each in self._pieces]

    def reach(self, start: int) -> tuple[int, tuple[int, int]]:
        """Return where a definition begins with its prefixes, and where its comments are."""
        position, doc_start, doc_end = start, -1, -1
        near = True
        for index in range(bisect_right(self._ends, start) - 1, -1, -1):
            piece = self._pieces[index]
            gap = self._source[piece.end : position]
            if gap.strip() or (piece.role != "prefix" and b"\n" in gap and self._is_behind(piece)):
                break
            position = piece.start
            if piece.role == "prefix":
                start = position
                continue
            # A blank line ends documentation, but not what a decorator belongs to.
            near = near and gap.count(b"\n") <= 1
            if near and piece.role == "doc":
                doc_start, doc_end = position, max(doc_end, piece.end)
        return start, (doc_start, doc_end)

    def _is_behind(self, piece: _Piece) -> bool:
        """Tell whether code stands before a comment on its line: it speaks of that code."""
        line_start = self._source.rfind(b"\n", 0, piece.start) + 1
        return bool(self._source[line_start : piece.start].strip())


def _piece(text: Text, role: str, node: Node) -> _Piece:
    # Some grammars count the line end to a comment.
    written = text.parsed[node.start_byte : node.end_byte].rstrip()
    return _Piece(node.start_byte + len(written), node.start_byte, role)


def _place(definition: Definition) -> tuple[int, int, int]:
    return definition.start, -definition.end, definition.name_start
