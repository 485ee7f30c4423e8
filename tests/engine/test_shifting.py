"""Moving along: after any edit, what was not touched stands where it stands, and what was is in doubt."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from sleeplsp.core.facts import MODULE
from sleeplsp.core.languages import languages
from sleeplsp.core.located import Link
from sleeplsp.core.snapshot import TOUCHED, OpenModule
from sleeplsp.core.text import Text
from sleeplsp.engine.shifting import Change, shifted
from sleeplsp.engine.workspace import Workspace, settled

SOURCE = b"""import os

class A:
    x = 1
    def m(self):
        return f(1)

    y = 2

def f(n):  # note
    return n

z = f(2)
"""

LINKS = tuple(
    Link(start, start + 1, "a.py::f", start + 4)
    for start in range(len(SOURCE))
    if SOURCE[start : start + 2] == b"f("
)


def opened() -> OpenModule:
    workspace = Workspace()
    workspace.open("a.py", languages()["python"], 1, Text(SOURCE))
    return replace(workspace.snapshot.modules["a.py"], links=LINKS)


def edits(insert: bytes) -> Iterator[Change]:
    """Yield every edit that puts bytes in place of at most three."""
    for start in range(len(SOURCE) + 1):
        for end in range(start, min(start + 3, len(SOURCE)) + 1):
            if start < end or insert:
                yield Change(start, end, len(insert))


@pytest.mark.parametrize("insert", [b"", b"x", b"\n", b" = 12345"])
def test_after_any_edit_what_is_not_touched_is_what_it_was(insert: bytes) -> None:
    before = opened()
    for change in edits(insert):
        text = before.text.replaced(change.start, change.end, insert)
        after = shifted(before, change)
        for old, new in zip(before.symbols, after.symbols, strict=True):
            code = text.source[new.start : new.end]
            if after.digests[old.id] != TOUCHED and old.id != "A":
                assert code == SOURCE[old.start : old.end]
            if not change.touches(old.name_start, old.name_end):
                assert text.source[new.name_start : new.name_end] == SOURCE[old.name_start : old.name_end]
            assert new.start <= new.name_start <= new.name_end <= new.end
        kept = [each for each in LINKS if not change.touches(each.start, each.end)]
        assert len(after.links) == len(kept)
        assert all(text.source[each.start : each.end] == b"f" for each in after.links)
        for link, moved in zip(kept, after.links, strict=True):
            if change.end < link.call_end:
                assert text.source[: moved.call_end].endswith(b")")
            if not change.touches(link.end, link.call_end):
                assert text.source[moved.start : moved.call_end] == SOURCE[link.start : link.call_end]


@pytest.mark.parametrize("insert", [b"", b"x", b"\n", b" = 12345"])
def test_a_digest_that_is_kept_is_the_one_the_text_has_when_it_settles(insert: bytes) -> None:
    before = opened()
    kept = 0
    for change in edits(insert):
        text = before.text.replaced(change.start, change.end, insert)
        after = shifted(before, change)
        fresh = settled(replace(after, text=text))
        if _spans(fresh) != _spans(after):
            continue  # what an edit lets out of a definition is not known before the text is read
        for symbol, digest in after.digests.items():
            if digest != TOUCHED:
                assert fresh.digests[symbol] == digest, (symbol, text.source.decode())
                kept += 1
    assert kept > 500


def _spans(module: OpenModule) -> list[tuple[str, int, int]]:
    return [(each.id, each.start, each.end) for each in module.symbols]


@pytest.mark.parametrize(
    ("at", "touched"),
    [
        (b"import os", {MODULE}),
        (b"x = 1", {"A", "A.x"}),
        (b"return f(1)", {"A.m"}),
        (b"y = 2", {"A", "A.y"}),
        (b"return n", {"f"}),
        (b"z = f(2)", {MODULE, "z"}),
    ],
)
def test_an_edit_inside_touches_the_innermost_alone(at: bytes, touched: set[str]) -> None:
    before = opened()
    inside = SOURCE.index(at) + 2
    after = shifted(before, Change(inside, inside + 1, 3))
    assert {symbol for symbol, digest in after.digests.items() if digest == TOUCHED} == touched
