"""Viewing: some modules of a Deduction as an editor would have them open, for whoever has none.

It must not know what is looked for.
"""

from collections.abc import Iterable

import msgspec

from sleeplsp.core.atlas import EMPTY_ATLAS, Atlas
from sleeplsp.core.languages import language_of
from sleeplsp.core.snapshot import Snapshot
from sleeplsp.engine.charter import Charter
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.enriching import InsightOf, no_insight, with_insight, with_linked
from sleeplsp.engine.locate import Locator, module_claims
from sleeplsp.engine.workspace import Workspace


def viewed(
    deduction: Deduction,
    paths: Iterable[str],
    insight_of: InsightOf = no_insight,
    atlas: Atlas = EMPTY_ATLAS,
) -> Snapshot:
    """Return a Snapshot with some modules open and all that is claimed of them; others are left out."""
    workspace, rows, locator = Workspace(), deduction.rows, Locator(deduction.text_of)
    for path in dict.fromkeys(paths):
        text, language, row = deduction.text_of(path), language_of(path), rows.get(path)
        if text is None or language is None or row is None:
            continue
        workspace.open(path, language, 1, text)
        claims = module_claims(row, deduction.knowledge.rows, deduction.index, locator)
        if (insight := insight_of(path)) is not None:
            claims = with_insight(claims, row, insight, locator)
        workspace.learn(with_linked(claims, insight_of, locator))
    return msgspec.structs.replace(workspace.snapshot, atlas=atlas)


def charted(deduction: Deduction) -> Atlas:
    """Return names and calls of all modules. For a Deduction that nobody else charts."""
    charter, atlas = Charter(deduction.knowledge, deduction.text_of), EMPTY_ATLAS
    while not charter.is_done:
        if (batch := charter.step()) is not None:
            atlas = atlas.updated(batch)
    return atlas
