"""Inlay hints: behind a call of a function of the workspace what it may give or raise.

Only where just this function runs, and what is claimed of it is fresh, final and no type checker's.
"""

from collections.abc import Iterator

import msgspec

from sleeplsp.core.insight import Invariant
from sleeplsp.core.located import Link
from sleeplsp.core.markdown import code, sentence
from sleeplsp.core.snapshot import OpenModule, Snapshot

HINTS_MAX = 1000
"""Hints of one range, by position of the call: an editor asks for what is on its screen."""


class Hint(msgspec.Struct, frozen=True):
    """Plain words to show before a byte of the module's text, and Markdown for who points at them."""

    at: int
    label: str
    tooltip: str


def hints(snapshot: Snapshot, module: OpenModule, start: int, end: int) -> list[Hint]:
    """Return the hints between two offsets of an open module."""
    if module.claims is None or module.claims.provisional:
        return []
    calls = (each for each in module.links if each.sure and start <= each.call_end <= end)
    told = (hint for each in calls if (hint := _hint(snapshot, module, each)) is not None)
    return [hint for hint, _ in zip(told, range(HINTS_MAX), strict=False)]


def _hint(snapshot: Snapshot, module: OpenModule, call: Link) -> Hint | None:
    claims, path = snapshot.linked(module, call), call.ref.partition("::")[0]
    if claims is None or not snapshot.is_as_it_was(call.ref, claims.digest):
        return None
    told = [each for each in snapshot.fresh_invariants(claims) if each.brief and each.news]
    if not told:
        return None
    return Hint(call.call_end, ", ".join(each.brief for each in told), "\n\n".join(_tooltip(path, told)))


def _tooltip(path: str, told: list[Invariant]) -> Iterator[str]:
    yield from (sentence(each.sentence) for each in told)
    grades = ", ".join(dict.fromkeys(str(each.grade) for each in told))
    yield f"*{grades} · fresh · {code(path)}*"
