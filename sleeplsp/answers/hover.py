"""What hovering over a name shows: what was thought of it beforehand, most useful first.

It stands beside a type checker's hover, so it says neither signature nor docstring; where nothing is
known there is no hover. At most `LINES_MAX` lines, whose last says grade and freshness.
"""

from collections.abc import Iterable
from itertools import islice

import msgspec

from sleeplsp.answers.evidence import Step, steps
from sleeplsp.answers.wanted import Levels, is_wanted
from sleeplsp.core.insight import RAISED, Evidence, Grade, Invariant, Suspicion, graded
from sleeplsp.core.located import SymbolClaims
from sleeplsp.core.markdown import code, sentence, shortened
from sleeplsp.core.snapshot import Mark, OpenModule, Snapshot

LINES_MAX = 28
CLAIMS_MAX = 6
QUESTIONS_MAX = 2
"""Anticipated questions that are told with their answers, below what is claimed."""
CHARACTERS_MAX = 300
"""Characters of what a model says in one place."""
MARKS_MAX = 2
STEPS_MAX = 4

Span = tuple[int, int]


class Hover(msgspec.Struct, frozen=True):
    """Markdown, and the bytes of the module's text it is about."""

    markdown: str
    start: int
    end: int
    suspicions: tuple[Suspicion, ...] = ()
    """Those that it tells of."""


class _Told(msgspec.Struct, frozen=True):
    """One thing that is told: lines, and the last of all, which is never cut off."""

    lines: list[str]
    footer: str
    span: Span


def hover(snapshot: Snapshot, path: str, offset: int, *, marked_beside: Levels | None = None) -> Hover | None:
    """Return what to show at an offset of an open module; None where nothing is known.

    With `marked_beside`, the levels of checks, the editor shows marks beside it, and what leads there:
    those that are deduced are told once. Of what a model says only the hover tells the grade.
    """
    module = snapshot.modules.get(path)
    if module is None:
        return None
    fresh = (each for each in module.marks_at(offset) if _is_fresh(snapshot, each))
    untold = (each for each in fresh if not _is_beside(module, each, marked_beside))
    marks = [*islice(untold, MARKS_MAX)]
    told = [_suspicion(snapshot, module, each) for each in marks]
    if (named := _named(snapshot, module, offset)) is not None:
        told.append(named)
    if not told:
        return None
    suspicions = tuple(each.claim.suspicion for each in marks)
    return Hover("\n".join(_joined(told)), *told[0].span, suspicions)


def _is_fresh(snapshot: Snapshot, mark: Mark) -> bool:
    return snapshot.is_current(mark.claim.suspicion)


def _is_beside(module: OpenModule, mark: Mark, levels: Levels | None) -> bool:
    if levels is None or mark.claim.suspicion.grade.is_by_model or module.claims is None:
        return False
    return not module.claims.provisional and is_wanted(module, mark, levels)


def _joined(told: list[_Told]) -> list[str]:
    """Put what is told one below the other, each with its share of the lines."""
    share = LINES_MAX // len(told) - 4  # a blank line and the footer; a rule between two
    lines: list[str] = []
    for each in told:
        cut = each.lines if len(each.lines) <= share else [*each.lines[: share - 1], "- …"]
        lines += [*(["", "---", ""] if lines else []), *cut, "", f"*{each.footer}*"]
    return lines


def _named(snapshot: Snapshot, module: OpenModule, offset: int) -> _Told | None:
    """Tell of the symbol that is defined or called at an offset."""
    symbol = module.symbol_named_at(offset)
    if symbol is not None:
        claims = snapshot.claims_of(module, symbol.id)
        ref = f"{module.path}::{symbol.id}"
        return _claims(snapshot, module, claims, ref, "", (symbol.name_start, symbol.name_end))
    link = module.link_at(offset)
    if link is None or not link.sure:
        return None
    path = link.ref.partition("::")[0]
    where = path if path != module.path else ""
    claims = snapshot.linked(module, link)
    return _claims(snapshot, module, claims, link.ref, where, (link.start, link.end))


def _claims(
    snapshot: Snapshot, module: OpenModule, claims: SymbolClaims | None, ref: str, path: str, span: Span
) -> _Told | None:
    if claims is None or not (claims.questions or any(each.news for each in claims.invariants)):
        return None
    where = f" · {code(path)}" if path else ""
    told = _by_use(each for each in snapshot.fresh_invariants(claims) if each.news)
    questions = [*snapshot.fresh_questions(claims)][:QUESTIONS_MAX]
    if not snapshot.is_as_it_was(ref, claims.digest) or not (told or questions):
        line = "**Rethinking**: the code has changed since this was thought about."
        return _Told([line], f"not fresh{where}", span)
    is_mixed = len({each.is_by_model for each in told}) > 1
    lines = [f"**{_sentence(each)}**{_tried(each)}" for each in told[:1]]
    lines += [line for each in told[:1] for line in _steps(each)]
    for each in told[1:CLAIMS_MAX]:
        grade = f" *{graded(each.grade, each.votes, each.runs)}*" if is_mixed and each.is_by_model else ""
        lines.append(f"- {_sentence(each)}{grade}{_tried(each)}")
    if len(told) > CLAIMS_MAX:
        lines.append(f"- … {len(told) - CLAIMS_MAX} more")
    for question in questions:
        asked, answer = (shortened(each, CHARACTERS_MAX) for each in (question.question, question.answer))
        lines.append(f"- *{sentence(asked)}* {sentence(answer)}")
    grades = [graded(each.grade, each.votes, each.runs) for each in told[:CLAIMS_MAX]]
    grades += [graded(each.grade, each.votes) for each in questions]
    return _Told(lines, f"{', '.join(dict.fromkeys(grades))} · {_freshness(module)}{where}", span)


def _by_use(claims: Iterable[Invariant]) -> list[Invariant]:
    """Return claims most useful first: what was deduced as it is told, then a model's: tested, by votes."""

    def rank(claim: Invariant) -> tuple[bool, bool, float]:
        votes = claim.votes
        share = votes.agreed / votes.of if votes is not None and votes.of else 0.0
        return claim.is_by_model, not claim.runs, -share if claim.is_by_model else 0.0

    return sorted(claims, key=rank)


def _sentence(claim: Invariant) -> str:
    return sentence(shortened(claim.sentence, CHARACTERS_MAX) if claim.is_by_model else claim.sentence)


def _tried(claim: Invariant) -> str:
    """Say what of a claim was tried: that it holds says no more than that."""
    return f" {code(claim.check)}" if claim.check and claim.grade is Grade.TESTED else ""


def _suspicion(snapshot: Snapshot, module: OpenModule, mark: Mark) -> _Told:
    suspicion = mark.claim.suspicion
    told = [*steps(snapshot, module, mark)][-STEPS_MAX - 1 :]
    by_model = suspicion.grade.is_by_model
    message = shortened(suspicion.message, CHARACTERS_MAX) if by_model else suspicion.message
    lines = [f"**{sentence(message)}**"]
    lines += [f"- {_said(step.evidence)}{_place(step, module)}" for step in told]
    footer = f"{graded(suspicion.grade, suspicion.votes)} · {code(suspicion.category)} · {_freshness(module)}"
    return _Told(lines, footer, (mark.start, mark.end))


def _freshness(module: OpenModule) -> str:
    is_provisional = module.claims is not None and module.claims.provisional
    return "provisional, the rest of the workspace is not known yet" if is_provisional else "fresh"


def _place(step: Step, module: OpenModule) -> str:
    if step.path == module.path:
        return f" (line {step.line + 1})" if step.line is not None else ""
    return f" ({code(f'{step.path}:{step.line + 1}' if step.line is not None else step.path)})"


def _steps(claim: Invariant) -> list[str]:
    """Tell the evidence of a claim, without what its sentence says and where an exception is raised."""
    news = [
        each
        for each in claim.evidence
        if each.sentence.removeprefix("when ") not in claim.sentence and each.sentence != RAISED
    ]
    if len(news) < 2:  # where it ends goes without saying
        return []
    return [f"  - {_said(each)}" for each in news[-STEPS_MAX:]]


def _said(evidence: Evidence) -> str:
    """Tell one step: the code, unless the sentence quotes it, and the sentence."""
    # A sentence may write a string with other quotation marks than the code.
    quoted = f"`{evidence.quote}`".replace('"', "'")
    said = sentence(evidence.sentence)
    return said if quoted in evidence.sentence.replace('"', "'") else f"{code(evidence.quote)}: {said}"
