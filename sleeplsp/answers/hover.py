"""What hovering over a name shows: what was thought of it beforehand, most useful first.

It stands beside a type checker's hover, so it says neither signature nor docstring; where nothing is
known there is no hover. At most `LINES_MAX` lines.
"""

import msgspec

from sleeplsp.core.insight import Invariant
from sleeplsp.core.located import SymbolClaims
from sleeplsp.core.markdown import code, plain
from sleeplsp.core.snapshot import Mark, OpenModule, Snapshot

LINES_MAX = 28
CLAIMS_MAX = 6
STEPS_MAX = 4


class Hover(msgspec.Struct, frozen=True):
    """Markdown, and the bytes of the module's text it is about."""

    markdown: str
    start: int
    end: int


def hover(snapshot: Snapshot, path: str, offset: int) -> Hover | None:
    """Return what to show at an offset of an open module; None where nothing is known."""
    module = snapshot.modules.get(path)
    if module is None or module.claims is None:
        return None
    marks = [mark for mark in module.marks_at(offset) if snapshot.is_fresh(mark.claim.suspicion.support)]
    lines: list[str] = []
    span: tuple[int, int] | None = None
    for mark in marks[:2]:
        span = span or (mark.start, mark.end)
        lines += _suspicion(mark)
    named = _named(snapshot, module, offset)
    if named is not None:
        told, where = named
        span = where if span is None else span
        lines += [*(["", "---", ""] if lines and told else []), *told]
    if span is None or not lines:
        return None
    return Hover("\n".join(_cut(lines)), *span)


def _named(snapshot: Snapshot, module: OpenModule, offset: int) -> tuple[list[str], tuple[int, int]] | None:
    """Tell of the symbol that is defined or called at an offset."""
    symbol = module.symbol_named_at(offset)
    if symbol is not None:
        claims = snapshot.claims_of(module, symbol.id)
        span = (symbol.name_start, symbol.name_end)
        return (_claims(snapshot, claims, claims.digest == symbol.digest, ""), span) if claims is not None else None
    link = module.link_at(offset)
    linked = snapshot.linked(link) if link is not None else None
    if link is None or linked is None:
        return None
    claims, path = linked
    open_ = snapshot.modules.get(path)
    fresh = open_ is None or open_.digest_of(link.ref.partition("::")[2]) == claims.digest
    return _claims(snapshot, claims, fresh, path if path != module.path else ""), (link.start, link.end)


def _claims(snapshot: Snapshot, claims: SymbolClaims, fresh: bool, path: str) -> list[str]:  # noqa: FBT001
    if not claims.invariants:
        return []
    if not fresh:
        return ["*Rethinking: the code has changed since this was thought about.*"]
    told = list(snapshot.fresh_invariants(claims))
    if not told:
        return ["*Rethinking: code this rests on has changed.*"]
    first, *rest = told
    lines = [f"**{first.sentence}**"]
    lines += _steps(first)
    lines += [f"- {each.sentence}" for each in rest[: CLAIMS_MAX - 1]]
    if len(rest) >= CLAIMS_MAX:
        lines.append(f"- … {len(rest) - CLAIMS_MAX + 1} more")
    where = f" · {plain(path)}" if path else ""
    lines += ["", f"<sub>{_grades(told[:CLAIMS_MAX])} · fresh{where}</sub>"]
    return lines


def _suspicion(mark: Mark) -> list[str]:
    suspicion = mark.claim.suspicion
    lines = [f"**{suspicion.message}**"]
    steps = zip(suspicion.evidence, mark.claim.evidence, strict=True)
    for step, spot in list(steps)[-STEPS_MAX - 1 :]:
        line = f" (line {spot.start.line + 1})" if spot is not None and spot.path == mark.claim.spot.path else ""
        elsewhere = f" ({plain(spot.path)}:{spot.start.line + 1})" if spot is not None and not line else line
        lines.append(f"- {code(step.quote)}: {step.sentence}{elsewhere}")
    return [*lines, "", f"<sub>{suspicion.grade} · {suspicion.category} · fresh</sub>"]


def _steps(claim: Invariant) -> list[str]:
    """Tell the evidence of a claim, without the steps its sentence says already."""
    news = [each for each in claim.evidence if each.sentence not in claim.sentence]
    if len(news) < 2:  # where it ends goes without saying
        return []
    return [f"  - {code(each.quote)}: {each.sentence}" for each in news[-STEPS_MAX:]]


def _grades(claims: list[Invariant]) -> str:
    found = dict.fromkeys(each.grade for each in claims)
    return ", ".join(str(grade) for grade in found)


def _cut(lines: list[str]) -> list[str]:
    return lines if len(lines) <= LINES_MAX else [*lines[: LINES_MAX - 1], "…"]
