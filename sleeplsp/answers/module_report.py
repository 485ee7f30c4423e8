"""The report of a module: all that is claimed and suspected of it, with evidence, as a Markdown page.

Nothing is left out for its grade, its precision or its age: what is not shown elsewhere is shown here, and
the page says why. Whatever stands in the code is shown as code.
"""

from collections.abc import Iterable, Iterator

import msgspec

from sleeplsp.answers.evidence import steps
from sleeplsp.answers.wanted import Levels, is_silenced, severity_of
from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Evidence, Grade, Invariant, Question, Severity, Support, graded
from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS
from sleeplsp.core.located import SymbolClaims
from sleeplsp.core.markdown import code, plain, sentence
from sleeplsp.core.prose import prose
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.snapshot import Mark, OpenModule, Snapshot
from sleeplsp.core.symbols import Symbol


class ModuleReport(msgspec.Struct, frozen=True):
    """A Markdown page, and the 0-based line at which the part of a symbol begins, by its id."""

    markdown: str
    lines: dict[str, int]


def module_report(
    snapshot: Snapshot, module: OpenModule, levels: Levels, failures: Iterable[str] = ()
) -> ModuleReport:
    """Return the report of an open module; `failures` are why it was not thought about, if it was not."""
    page: list[str] = []
    begins: dict[str, int] = {}
    for symbol, part in _parts(snapshot, module, levels, failures):
        if symbol:
            begins[symbol] = len(page)
        page += part
    return ModuleReport("\n".join(page), begins)  # the last line is empty


def _parts(
    snapshot: Snapshot, module: OpenModule, levels: Levels, failures: Iterable[str]
) -> Iterator[tuple[str, list[str]]]:
    """Yield the lines of each part, with the symbol that it is about, if it is about one."""
    yield "", [f"# {code(module.path)}", ""]
    claims = module.claims
    reasons = [*failures, claims.failure if claims is not None else ""]
    yield "", [line for each in dict.fromkeys(reasons) if each for line in _paragraph(_failure(each))]
    if claims is None:
        yield "", _paragraph("Nothing is known of it yet.")
        return
    if claims.provisional:
        yield "", _paragraph("**Provisional**: the rest of the workspace is not known yet.")
    if claims.summary:
        older = ", what it was told beside the code has changed since" if claims.older else ""
        yield "", [sentence(claims.summary), "", f"*by a model{older}*", ""]
    yield "", _heading("Suspicions")
    for mark in module.marks:
        yield "", _suspicion(snapshot, module, mark, levels)
    yield "", [] if module.marks else _paragraph("None.")
    yield "", _heading("Claims")
    own = claims.symbols.get(MODULE)
    if own is not None and (own.invariants or own.questions):
        yield MODULE, _claims(snapshot, module, module.outline.module, own)
    claimed = [(each, claims.symbols[each.id]) for each in module.symbols if each.id in claims.symbols]
    for symbol, told in claimed:
        if told.invariants or told.questions:
            yield symbol.id, _claims(snapshot, module, symbol, told)
    silent = [each for each in module.symbols if _can_promise(each) and not _has_claims(each, claimed)]
    names = ", ".join(code(each.id) for each in silent)
    yield "", _paragraph(f"Nothing is claimed of {names}.") if names else []


def _can_promise(symbol: Symbol) -> bool:
    return symbol.kind in CALLABLE_KINDS | CLASS_KINDS


def _has_claims(symbol: Symbol, claimed: Iterable[tuple[Symbol, SymbolClaims]]) -> bool:
    return any(each is symbol and (told.invariants or told.questions) for each, told in claimed)


def _heading(text: str) -> list[str]:
    return [f"## {text}", ""]


def _paragraph(text: str) -> list[str]:
    return [text, ""]


def _failure(reason: str) -> str:
    return f"**Not thought about**: {plain(reason)}"


def _suspicion(snapshot: Snapshot, module: OpenModule, mark: Mark, levels: Levels) -> list[str]:
    suspicion = mark.claim.suspicion
    line = module.text.line_of(mark.start) + 1
    told = [
        _step(each.evidence, each.path, each.line, number)
        for number, each in enumerate(steps(snapshot, module, mark), 1)
    ]
    footer = (
        graded(suspicion.grade, suspicion.votes),
        code(suspicion.category),
        *([_shown(snapshot, module, mark, levels)] if snapshot.is_fresh(suspicion.support) else []),
        _freshness(snapshot, suspicion.support),
    )
    return [
        f"### Line {line}: {sentence(suspicion.message)}",
        "",
        *told,
        "",
        f"*{' · '.join(footer)}*",
        "",
    ]


def _shown(snapshot: Snapshot, module: OpenModule, mark: Mark, levels: Levels) -> str:
    """Say how else a suspicion is shown, or why it is not."""
    suspicion = mark.claim.suspicion
    severity = severity_of(suspicion, levels)
    if severity is Severity.OFF:
        return "not shown, the check is off"
    if is_silenced(module, mark):
        return "not shown, a comment says to ignore it"
    if snapshot.is_hidden(suspicion):
        return "not shown, it is dismissed"
    if module.claims is not None and module.claims.provisional:
        return "shown on hover only, as long as it is provisional"
    if not suspicion.shown and suspicion.grade.is_by_model:
        return "shown on hover only, too little speaks for it"
    if not suspicion.shown:
        return "shown on hover only, too much of its like is wrong"
    return f"shown as {severity}"


def _claims(snapshot: Snapshot, module: OpenModule, symbol: Symbol, told: SymbolClaims) -> list[str]:
    line = module.text.line_of(max(symbol.name_start, 0)) + 1
    is_as_it_was = snapshot.is_as_it_was(ref_of(module.path, symbol.id), told.digest)
    own = () if is_as_it_was else (Support(ref_of(module.path, symbol.id), told.digest),)
    lines = [f"### {code(symbol.id)}, line {line}", ""]
    for each in told.invariants:
        lines += [*_claim(snapshot, each, (*each.support, *own)), ""]
    for question in told.questions:
        lines += [*_question(snapshot, question, (*question.support, *own)), ""]
    return lines


def _claim(snapshot: Snapshot, claim: Invariant, support: tuple[Support, ...]) -> Iterator[str]:
    grade = graded(claim.grade, claim.votes, claim.runs)
    tried = f" {code(claim.check)}" if claim.check and claim.grade is Grade.TESTED else ""
    yield f"- {sentence(claim.sentence)} *{grade} · {_freshness(snapshot, support)}*{tried}"
    for number, each in enumerate(claim.evidence, 1):
        yield f"  {_step(each, *_place(snapshot, each), number)}"


def _question(snapshot: Snapshot, question: Question, support: tuple[Support, ...]) -> Iterator[str]:
    grade = graded(question.grade, question.votes)
    yield f"- **{sentence(question.question)}** *{grade} · {_freshness(snapshot, support)}*"
    yield ""
    yield from (f"  {line}".rstrip() for line in prose(question.answer).splitlines())


def _place(snapshot: Snapshot, evidence: Evidence) -> tuple[str, int | None]:
    """Return the file of a piece of evidence and its 0-based line, where that is known now."""
    path = evidence.place.ref.partition("::")[0]
    module = snapshot.modules.get(path)
    extent = module.placing.extent(evidence.place) if module is not None and module.placing else None
    return path, module.text.line_of(extent[0]) if module is not None and extent is not None else None


def _step(evidence: Evidence, path: str, line: int | None, number: int) -> str:
    where = f"{path}:{line + 1}" if line is not None else path
    return f"{number}. {code(where)}: {code(evidence.quote)}: {sentence(evidence.sentence)}"


def _freshness(snapshot: Snapshot, support: tuple[Support, ...]) -> str:
    return "fresh" if snapshot.is_fresh(support) else "not fresh, the code has changed since"
