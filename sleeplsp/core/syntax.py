"""Trees: parse a text, parse an edited text again, say how well it parsed, run queries over it.

The only place that drives a tree-sitter parser or query. It must not know what any node kind means.
"""

import re
from functools import cache

from tree_sitter import Node, Parser, Point, Query, QueryCursor, Tree

from sleeplsp.core.languages import Language
from sleeplsp.core.text import Text

__all__ = [
    "Edit",
    "Match",
    "Node",
    "Tree",
    "broken_nodes",
    "captures",
    "edit_between",
    "is_whole",
    "matches",
    "operators",
    "parse",
    "reparse",
]

SLICE_BYTES = 256 * 1024
"""Longer texts are handed to the parser in slices, so that other threads can run meanwhile."""

LOOSE_MAX = 5_000
"""Tokens that may stand side by side where a text does not parse: a query takes time by their square."""

_BEGUN = b"("

Edit = tuple[int, int, int, Point, Point, Point]
"""Start, old end and new end: as bytes, then as points."""

Match = tuple[int, dict[str, list[Node]]]
"""One match of a query: the number of its pattern, and the nodes under each capture's name."""


def parse(language: Language, text: Text) -> Tree:
    """Parse from nothing; any text yields a tree, a tangled one that of a text that has just begun."""
    source = text.parsed
    if len(source) <= SLICE_BYTES:
        tree = _parser(language).parse(source)
    else:
        slices = lambda start, _: source[start : start + SLICE_BYTES]  # noqa: E731  shorter than a function
        tree = _parser(language).parse(slices, progress_callback=_go_on)
    return _parser(language).parse(_BEGUN) if _is_tangled(tree) else tree


def reparse(language: Language, text: Text, old: Tree, edits: list[Edit]) -> Tree:
    """Parse `text`, reusing of `old` what `edits` (in the order they were made) left alone.

    `old` stays as it is: the edits are recorded in a copy, which shares all nodes.
    """
    edited = old.copy()
    for edit in edits:
        edited.edit(*edit)
    return _parser(language).parse(text.parsed, edited)


def edit_between(before: Text, start: int, end: int, after: Text, insert_bytes: int) -> Edit:
    """Describe to tree-sitter that `before[start:end]` became `insert_bytes` bytes in `after`."""
    if before.source[start - 1 : start] == b"\r":
        # Whether it is a line end of its own depends on what follows, so it may read otherwise now.
        start, insert_bytes = start - 1, insert_bytes + 1
    return (
        start,
        end,
        start + insert_bytes,
        _point(before, start),
        _point(before, end),
        _point(after, start + insert_bytes),
    )


def is_whole(tree: Tree) -> bool:
    """Tell whether the text parsed without an ERROR or MISSING node."""
    return not tree.root_node.has_error


def broken_nodes(tree: Tree) -> int:
    """Count ERROR and MISSING nodes: a measure of how far the text is from parsing."""
    if is_whole(tree):
        return 0
    count, cursor = 0, tree.walk()
    while True:
        node = cursor.node
        if node is not None and (node.is_error or node.is_missing):
            count += 1
        # Only subtrees that hold an error are entered, so the walk is short on nearly whole texts.
        if node is not None and node.has_error and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return count


def captures(
    language: Language, query: str, tree: Tree, start: int = 0, end: int | None = None
) -> dict[str, list[Node]]:
    """Return all nodes a query captures, each once, by capture name, in no order.

    Given `start` and `end` (bytes), only matches that touch the bytes between them.
    """
    cursor = QueryCursor(_query(language, query))
    if end is not None:
        cursor.set_byte_range(start, end)
    return cursor.captures(tree.root_node)


def matches(language: Language, query: str, tree: Tree) -> list[Match]:
    """Return all matches of a query, in the order of the text."""
    return QueryCursor(_query(language, query)).matches(tree.root_node)


@cache
def operators(language: Language) -> tuple[str, ...]:
    """Return the grammar's tokens of two or more punctuation characters, longest first."""
    grammar = language.grammar()
    kinds = (grammar.node_kind_for_id(each) for each in range(grammar.node_kind_count))
    found = {kind for kind in kinds if kind and re.fullmatch(r"[^\w\s\"'`()\[\]{}]{2,}", kind)}
    return tuple(sorted(found, key=lambda each: (-len(each), each)))


def _parser(language: Language) -> Parser:
    # One for each parse: it takes a microsecond, and two threads must not share one.
    return Parser(language.grammar())


@cache
def _query(language: Language, source: str) -> Query:
    return Query(language.grammar(), source)


def _is_tangled(tree: Tree) -> bool:
    """Tell whether somewhere in a broken text so many tokens stand loose that nothing can be made of it."""
    if is_whole(tree):
        return False
    cursor = tree.walk()
    while True:
        node = cursor.node
        if node is not None and node.child_count - 2 * node.named_child_count > LOOSE_MAX:
            return True
        if node is not None and node.has_error and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False


def _go_on(*_progress: object) -> bool:
    """Let another thread run: between two calls of this one, none can."""
    return False


def _point(text: Text, offset: int) -> Point:
    # tree-sitter's rows end at "\n" alone, in the parsed form of the text.
    row = text.parsed.count(b"\n", 0, offset)
    return Point(row, offset - (text.parsed.rfind(b"\n", 0, offset) + 1))
