"""Questions that are asked, as fixtures/ask tells them, and which known one each is answered with."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from sleeplsp.answers.ask.answered import Source
from sleeplsp.answers.ask.answering import answer
from sleeplsp.answers.ask.subject import subjects
from sleeplsp.core.insight import Question, Support
from sleeplsp.core.located import ModuleClaims, SymbolClaims
from sleeplsp.core.snapshot import Snapshot
from sleeplsp.engine.workspace import Workspace
from tests.fixture_files import Case, read_cases
from tests.opened import opened


@dataclass(frozen=True)
class Line:
    """One line of a fixture: `kind` is `=` or `!`, `why` says what differs, `at` is where it is asked."""

    case: str
    kind: str
    why: str
    ref: str
    question: str
    at: str
    asked: str
    snapshot: Snapshot


def read_ask(path: Path) -> list[Line]:
    """Read a suite of questions; all questions of a case are known at the same time."""
    return [line for case in read_cases(path) for line in _lines(case)]


def _lines(case: Case) -> list[Line]:
    workspace = opened(case.files)
    (block,) = case.texts("ask")
    said = [each for each in block.splitlines() if each.strip()]
    questions: dict[str, dict[str, list[str]]] = {}
    ref = ""
    for each in said:
        if each.startswith("@ "):
            ref = each[2:]
        elif each.startswith("? "):
            ways = questions.setdefault(ref, {}).setdefault(each[2:], [])
        elif each.startswith("~ "):
            ways.append(each[2:])
    fresh = _with_questions(workspace, questions, stale="")
    lines, ref, question = [], "", ""
    for each in said:
        if each.startswith("@ "):
            ref = each[2:]
        elif each.startswith("? "):
            question = each[2:]
        elif not each.startswith("~ "):
            why, _, asked = each[1:].strip().partition(" ") if each[0] == "!" else ("", "", each[2:])
            at = ref
            if asked.startswith("["):
                at, _, asked = asked[1:].partition("] ")
            snapshot = _with_questions(workspace, questions, stale=ref) if why == "edited" else fresh
            lines.append(Line(case.name, each[0], why, ref, question, at, asked, snapshot))
    return lines


def _with_questions(workspace: Workspace, questions: dict[str, dict[str, list[str]]], stale: str) -> Snapshot:
    """Return a snapshot in which questions are known, each with an answer of its own."""
    modules = dict(workspace.snapshot.modules)
    for ref, asked in questions.items():
        path, _, symbol = ref.partition("::")
        module = modules[path]
        digest = "other" if ref == stale else module.digests[symbol]
        claims = module.claims or ModuleClaims(path=path, text_digest="", symbols={})
        before = claims.symbols.get(symbol) or SymbolClaims(module.digests[symbol], (), ())
        known = tuple(
            Question(
                symbol=symbol,
                question=each,
                ways=tuple(ways),
                answer=f"Answer to: {each}",
                support=(Support(ref, digest),),
            )
            for each, ways in asked.items()
        )
        after = msgspec.structs.replace(before, questions=known)
        claims = msgspec.structs.replace(claims, symbols={**claims.symbols, symbol: after})
        modules[path] = msgspec.structs.replace(module, claims=claims)
    return msgspec.structs.replace(workspace.snapshot, modules=modules)


def answered(line: Line) -> str:
    """Return the known question that a line is answered with, asked at its symbol's name; '' for none."""
    path, _, symbol = line.at.partition("::")
    module = line.snapshot.modules.get(path)
    named = (each.name_start for each in module.symbols if each.id == symbol) if module is not None else ()
    about = subjects(line.snapshot, line.asked, path, next(iter(named), -1))
    found = answer(line.snapshot, line.asked, about)
    is_known = found is not None and found.source is Source.ANTICIPATED
    return found.question if found is not None and is_known else ""
