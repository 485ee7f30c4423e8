"""Trees: parse a text, parse an edited text again, say how well it parsed.

The only place that drives a tree-sitter parser. It must not know what any node kind means.
"""

from functools import cache

from tree_sitter import Parser, Point, Tree

from sleeplsp.core.languages import Language, languages
from sleeplsp.core.text import Text

Edit = tuple[int, int, int, Point, Point, Point]
"""Start, old end and new end: as bytes, then as points."""


def parse(language: Language, text: Text) -> Tree:
    """Parse from nothing; any text yields a tree."""
    return _parser(language.name).parse(text.parsed)


def reparse(language: Language, text: Text, old: Tree, edits: list[Edit]) -> Tree:
    """Parse `text`, reusing of `old` what `edits` (in the order they were made) left alone.

    `old` is consumed: tree-sitter records the edits in it.
    """
    for edit in edits:
        old.edit(*edit)
    return _parser(language.name).parse(text.parsed, old)


def edit_between(before: Text, start: int, end: int, after: Text, insert_bytes: int) -> Edit:
    """Describe to tree-sitter that `before[start:end]` became `insert_bytes` bytes in `after`."""
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


@cache
def _parser(name: str) -> Parser:
    return Parser(languages()[name].grammar())


def _point(text: Text, offset: int) -> Point:
    # tree-sitter's rows end at "\n" alone, in the parsed form of the text.
    row = text.parsed.count(b"\n", 0, offset)
    return Point(row, offset - (text.parsed.rfind(b"\n", 0, offset) + 1))
