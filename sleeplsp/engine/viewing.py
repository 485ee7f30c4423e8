"""Viewing: some modules of a Deduction as an editor would have them open, for whoever has none.

It must not know what is looked for.
"""

from collections.abc import Iterable

import msgspec

from sleeplsp.core.atlas import EMPTY_ATLAS, Atlas
from sleeplsp.core.languages import language_of
from sleeplsp.core.snapshot import OpenModule, Snapshot
from sleeplsp.core.text import Text
from sleeplsp.engine.charter import Charter
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.enriching import InsightOf, no_insight, with_insight, with_linked
from sleeplsp.engine.locate import Locator, module_claims
from sleeplsp.engine.replied import Held
from sleeplsp.engine.shifting import Change, shifted
from sleeplsp.engine.workspace import Workspace, settled


def viewed(
    deduction: Deduction,
    paths: Iterable[str],
    insight_of: InsightOf = no_insight,
    atlas: Atlas = EMPTY_ATLAS,
    held: Held | None = None,
) -> Snapshot:
    """Return a Snapshot with some modules open and all that is claimed of them; others are left out.

    Modules that are `held` say what they say there: of code that is another by now old claims are not fresh.
    """
    held = held or Held()
    workspace, rows, locator = Workspace(), deduction.rows, Locator(deduction.text_of)
    for path in dict.fromkeys(paths):
        text, language, row = deduction.text_of(path), language_of(path), rows.get(path)
        if text is None or language is None or row is None or path in held.changed:
            continue
        workspace.open(path, language, 1, text)
        claims = module_claims(row, deduction.knowledge.rows, deduction.index, locator)
        if (insight := insight_of(path)) is not None:
            claims = with_insight(claims, row, insight, locator)
        workspace.learn(with_linked(claims, insight_of, locator))
    for path, source in held.texts.items():
        _hold(workspace, path, Text(source))
    changed = frozenset(held.changed)
    return msgspec.structs.replace(workspace.snapshot, atlas=atlas, changed=changed)


def _hold(workspace: Workspace, path: str, text: Text) -> None:
    """Have a module say what an editor holds, whatever was thought about."""
    module, language = workspace.snapshot.modules.get(path), language_of(path)
    if module is not None and module.text != text:
        workspace.replace(module, rewritten(module, text))
    elif module is None and language is not None:
        workspace.open(path, language, 1, text)


def rewritten(module: OpenModule, text: Text) -> OpenModule:
    """Return a module with another text, read afresh: what is claimed of it moves along. Pure."""
    before, after = module.text.source, text.source
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    moved = shifted(module, Change(start, len(before) - end, len(after) - end - start))
    return settled(msgspec.structs.replace(moved, text=text))


def _common(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def charted(deduction: Deduction) -> Atlas:
    """Return names and calls of all modules. For a Deduction that nobody else charts."""
    charter, atlas = Charter(deduction.knowledge, deduction.text_of), EMPTY_ATLAS
    while not charter.is_done:
        if (batch := charter.step()) is not None:
            atlas = atlas.updated(batch)
    return atlas
