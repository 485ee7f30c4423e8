"""What a model claims of a module, written by hand as TOML in fixtures.

    summary = "Two sentences."
    [[invariants]]      symbol, sentence, kind, grade, votes = "2/3", check
    [[suspicions]]      symbol, quote, message, category, severity, shown, grade, votes, fix = [old, new]
    [[questions]]       symbol, question, answer, ways, grade, votes

Each rests on its symbol as it is in the text; with `stale = true`, as it was before an edit. A symbol that
is left out is the module's own code.
"""

import tomllib
from typing import Any

from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import (
    Edit,
    Evidence,
    Fix,
    Grade,
    Insight,
    Invariant,
    Place,
    Question,
    Severity,
    Support,
    Suspicion,
    Votes,
)
from sleeplsp.core.languages import language_of
from sleeplsp.core.placing import Placing
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.symbols import outline
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text


def insight_of(path: str, code: str, written: str) -> Insight:
    """Return the Insight of a module that a fixture tells."""
    told = tomllib.loads(written)
    placing = placing_of(path, code)
    return Insight(
        path=path,
        key="key",
        summary=told.get("summary", ""),
        invariants=tuple(_invariant(placing, each) for each in told.get("invariants", ())),
        suspicions=tuple(_suspicion(placing, each) for each in told.get("suspicions", ())),
        questions=tuple(_question(placing, each) for each in told.get("questions", ())),
        generations=told.get("generations", 1),
        older=told.get("older", False),
    )


def placing_of(path: str, code: str) -> Placing:
    """Return where the tokens of a text stand."""
    language, text = language_of(path), Text.from_str(code)
    assert language is not None, path
    return Placing(path, language, text, outline(language, text, parse(language, text)))


def _invariant(placing: Placing, told: dict[str, Any]) -> Invariant:
    return Invariant(
        kind=told.get("kind", "returns"),
        sentence=told["sentence"],
        check=told.get("check"),
        **_claimed(placing, told),
    )


def _question(placing: Placing, told: dict[str, Any]) -> Question:
    ways = tuple(told.get("ways", ()))
    return Question(question=told["question"], answer=told["answer"], ways=ways, **_claimed(placing, told))


def _suspicion(placing: Placing, told: dict[str, Any]) -> Suspicion:
    claimed = _claimed(placing, told)
    place = _place(placing, claimed["symbol"], told["quote"])
    fix = told.get("fix")
    return Suspicion(
        category=told.get("category", "logic"),
        place=place,
        quote=told["quote"],
        message=told["message"],
        severity=Severity(told.get("severity", "warning")),
        evidence=(Evidence(place, told["quote"], told.get("evidence", told["message"])),),
        shown=told.get("shown", False),
        fix=Fix("Replace it", (Edit(_place(placing, claimed["symbol"], fix[0]), fix[1]),)) if fix else None,
        id=f"model-{told['quote']}",
        **claimed,
    )


def _claimed(placing: Placing, told: dict[str, Any]) -> dict[str, Any]:
    symbol_id = told.get("symbol", MODULE)
    symbol = placing.symbol(symbol_id)
    assert symbol is not None, symbol_id
    digest = "0" * 24 if told.get("stale") else symbol.digest
    votes = Votes(*map(int, told["votes"].split("/"))) if "votes" in told else None
    return {
        "symbol": symbol_id,
        "grade": Grade(told.get("grade", "agreed" if votes else "single")),
        "support": (Support(ref_of(placing.path, symbol_id), digest),),
        "votes": votes,
    }


def _place(placing: Placing, symbol_id: str, quote: str) -> Place:
    symbol = placing.symbol(symbol_id)
    assert symbol is not None
    start = placing.text.source.index(quote.encode(), symbol.start)
    place = placing.place(symbol_id, start, start + len(quote.encode()))
    assert place is not None, quote
    return place
