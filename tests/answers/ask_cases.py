"""Questions that are asked, as fixtures/ask tells them, and which known one each is answered with."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from sleeplsp.answers.ask.known import known_questions
from sleeplsp.answers.ask.matching import Known, matched
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
    questions: dict[str, list[str]] = {}
    ref = ""
    for each in said:
        if each.startswith("@ "):
            ref = each[2:]
        elif each.startswith("? "):
            questions.setdefault(ref, []).append(each[2:])
    fresh = _with_questions(workspace, questions, stale="")
    lines, ref, question = [], "", ""
    for each in said:
        if each.startswith("@ "):
            ref = each[2:]
        elif each.startswith("? "):
            question = each[2:]
        else:
            why, _, asked = each[1:].strip().partition(" ") if each[0] == "!" else ("", "", each[2:])
            at = ref
            if asked.startswith("["):
                at, _, asked = asked[1:].partition("] ")
            snapshot = _with_questions(workspace, questions, stale=ref) if why == "edited" else fresh
            lines.append(Line(case.name, each[0], why, ref, question, at, asked, snapshot))
    return lines


def _with_questions(workspace: Workspace, questions: dict[str, list[str]], stale: str) -> Snapshot:
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
                symbol=symbol, question=each, answer=f"Answer to: {each}", support=(Support(ref, digest),)
            )
            for each in asked
        )
        after = msgspec.structs.replace(before, questions=known)
        claims = msgspec.structs.replace(claims, symbols={**claims.symbols, symbol: after})
        modules[path] = msgspec.structs.replace(module, claims=claims)
    return msgspec.structs.replace(workspace.snapshot, modules=modules)


def answered(line: Line) -> str:
    """Return the known question that a line is answered with; '' for none."""
    found = matched(line.asked, _known(line))
    return found.question.question if found is not None else ""


def _known(line: Line) -> list[Known]:
    path, _, symbol = line.at.partition("::")
    module = line.snapshot.modules.get(path)
    return [*known_questions(line.snapshot, module, symbol)] if module is not None else []
