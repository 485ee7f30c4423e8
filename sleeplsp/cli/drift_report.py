"""The JSON of `query drift`. It must not know where the values come from."""

from typing import Annotated

import msgspec

from sleeplsp.cli.described import says
from sleeplsp.cli.report import SCHEMA_VERSION, Level, Ref, Span, Step, Version


class CallerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One call that surely runs a function which has drifted."""

    symbol: Annotated[Ref, says("What the call stands in.")]
    span: Annotated[Span, says("From the name that is called to the end of the call.")]
    quote: Annotated[str, says("The code, on one line and cut to a readable length.")]
    sentence: Annotated[str, says("What it has to do with what was lost; code in backquotes.")]
    needs: Annotated[bool, says("It is found to fail without what was lost.")]
    through: Annotated[Ref | None, says("The function that passes on what was lost; null: it is called.")]


class DriftEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a function promised for certain at the revision, and does not promise now."""

    id: Annotated[str, says("Names the drift in its workspace, for this revision.")]
    path: str
    line: Annotated[int, says("Of the new code that does it where that is known, else of the name.")]
    column: int
    end_line: int
    end_column: int
    symbol: Annotated[str, says("Dotted path in its module.")]
    kind: Annotated[str, says("none, types, coroutine, raises, mutates, pure, parameters.")]
    severity: Level
    message: Annotated[str, says("One sentence; code in backquotes.")]
    evidence: tuple[Step, ...]
    callers: Annotated[tuple[CallerEntry, ...], says("Calls that surely run it, those that need it first.")]
    shown_as_diagnostic: Annotated[
        bool, says("False: no caller is found to need it, or a comment on its line silences it.")
    ]
    ignored: Annotated[bool, says("A comment on its line silences it.")]


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp query drift --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    revision: Annotated[str, says("As it was asked for.")]
    commit: Annotated[str, says("The commit it names, in hex.")]
    drifts: tuple[DriftEntry, ...]
