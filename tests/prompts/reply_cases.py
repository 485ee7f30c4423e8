"""Cases of replies: a module, what a model says of it, what is held of that and what is dropped, and why.

In `fixtures/replies/NAME.md` every heading is a case. Files are the workspace, of which the first is the
module; a case without files has those of the suite's first heading. What the model says is a `claims` block
in TOML, whose claims get what the case is not about from DEFAULTS, or a `reply` block, letter by letter. In
a `later` block stands what a later pass says, in TOML as well; `subjects` are the symbols that were asked
about, else all are. `held` has a line for each claim that is held, a question with its other
wordings behind `~`, `dropped` one for each reason; without
them nothing is.
"""

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec.structs import replace

from sleeplsp.core.languages import languages
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.reply.held import Held
from sleeplsp.prompts.reply.read import read
from sleeplsp.prompts.sleep import slices
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.prompts.contexts import context_of

SUITES = sorted((FIXTURES / "replies").glob("*.md"))

DEFAULTS: dict[str, dict[str, Any]] = {
    "invariants": {"kind": "returns", "check": ""},
    "suspicions": {
        "message": "With an empty list this raises `IndexError`.",
        "category": "wrong-boundary",
        "severity": "warning",
        "fix": "",
    },
    "questions": {"answer": "The largest order wins, the others are kept for later."},
}

TOKENS_MAX = 12_000


def cases() -> Iterator[tuple[str, Case, tuple[tuple[str, str], ...]]]:
    """Yield the name of the suite, the case, and the files it is about."""
    for path in SUITES:
        first, *others = read_cases(path)
        shared = _code(first)
        for case in (first, *others):
            if case.texts("claims") or case.texts("reply") or case.texts("later"):
                yield path.stem, case, _code(case) or shared


def told(case: Case) -> str:
    """Return what the model says."""
    if case.texts("reply"):
        return case.texts("reply")[0]
    said = tomllib.loads((case.texts("claims") or case.texts("later"))[0])
    reply: dict[str, Any] = {"summary": ""} | {each: [] for each in (*DEFAULTS, "retracted")}
    for name, value in said.items():
        reply[name] = [DEFAULTS[name] | each for each in value] if name in DEFAULTS else value
    for each in reply["suspicions"]:
        each.setdefault("evidence", [{"quote": each["quote"], "sentence": "here it is read"}])
        for step in each["evidence"]:
            step.setdefault("symbol", each["symbol"])
    return json.dumps(reply)


def heard(case: Case, files: tuple[tuple[str, str], ...]) -> Held:
    """Return what is held of a case's reply."""
    context = context_for(files)
    (part,) = slices(context, TOKENS_MAX)
    for text in case.texts("subjects"):
        part = replace(part, subjects=tuple(text.split()))
    return read(told(case), context, part, later=bool(case.texts("later")))


@cache
def context_for(files: tuple[tuple[str, str], ...]) -> ModuleContext:
    """Return the context of the first of some files."""
    return context_of(dict(files), files[0][0])


def held_lines(held: Held) -> Iterator[str]:
    """Yield what is held, a line for each claim."""
    if held.summary:
        yield f"summary: {held.summary}"
    for each in held.invariants:
        yield f"{each.kind} {each.symbol}: {each.sentence}" + (f" | {each.check}" if each.check else "")
    for suspicion in held.suspicions:
        fix = suspicion.fix.edits[0].text if suspicion.fix is not None else None
        shown = f" -> {json.dumps(fix)}" if fix is not None else ""
        yield f"bug {suspicion.symbol}: {suspicion.quote}{shown}"
    for question in held.questions:
        yield " ~ ".join((f"question {question.symbol}: {question.question}", *question.ways))
    yield from (f"retracted {each}" for each in held.retracted)


def _code(case: Case) -> tuple[tuple[str, str], ...]:
    return tuple((each.path, each.text) for each in case.blocks if each.path and each.word in languages())
