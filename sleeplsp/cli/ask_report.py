"""The JSON of `ask`. It must not know where the values come from."""

from typing import Annotated, Literal

import msgspec

from sleeplsp.cli.described import says
from sleeplsp.cli.report import SCHEMA_VERSION, Ref, Version
from sleeplsp.cli.spent import SpentEntry


class AnswerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to the question, or to one that surely means the same."""

    source: Annotated[
        Literal["deduced", "anticipated", "model"],
        says(
            "deduced: of claims, without a model; anticipated: thought of beforehand by a model; model: "
            "by a call made for this question."
        ),
    ]
    question: Annotated[str, says("What is answered: the question that was anticipated, if one was.")]
    answer: Annotated[str, says("Plain text with code in backquotes; of a model, where the source says so.")]
    symbol: Annotated[Ref | None, says("What it is about, where that is one symbol.")]
    grade: Annotated[str, says("How well it is supported; `agreed 2/3` of a model's with votes.")]
    stood_on: Annotated[tuple[str, ...], says("What the model was told of: references and paths.")]


class NearEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What is known and comes near to the question."""

    symbol: Ref
    kind: Literal["question", "claim"]
    text: str
    grade: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp ask --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    question: str
    symbols: Annotated[tuple[Ref, ...], says("What the question may be about, the likeliest first.")]
    answer: Annotated[AnswerEntry | None, says("Null: nothing surely answers it, and there is no model.")]
    spent: SpentEntry
    nearest: Annotated[tuple[NearEntry, ...], says("Where there is no answer: what comes near, best first.")]
