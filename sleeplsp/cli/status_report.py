"""The JSON of `status`. It must not know where the values come from."""

from typing import Annotated

import msgspec

from sleeplsp.cli.described import says
from sleeplsp.cli.ledger_report import BudgetEntry, LedgerEntry
from sleeplsp.cli.model_report import ModelEntry
from sleeplsp.cli.report import SCHEMA_VERSION, Reason, StoreEntry, Version
from sleeplsp.engine.settings import Settings


class NotedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that the journal knows of. Times are ISO 8601, UTC."""

    who: Annotated[str, says("`server`, or the command that thought.")]
    cause: str
    begun: str
    ended: Annotated[str | None, says("Null: it has not ended, or nobody was left to say so.")]
    modules: int
    functions_deduced: int
    functions_kept: int
    functions_in_vain: Annotated[int, says("Deduced, but outdated by an edit when that was done.")]
    modules_failed: int
    seconds: float
    failure: Annotated[str, says("Why it failed as a whole; empty if it did not.")]


class FunnelEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one check's suspicions: how many were made, of these shown, of these acted on."""

    check: str
    made: int
    shown: Annotated[int, says("As a diagnostic or in a hover.")]
    acted: Annotated[int, says("The sum of what follows.")]
    applied: Annotated[int, says("The fix was taken.")]
    ignored: Annotated[int, says("A comment silences it.")]
    mended: Annotated[int, says("Gone after an edit.")]


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The journal that all workspaces of a user share."""

    folder: str
    problem: Annotated[str, says("Why it cannot be read; empty if it can.")]
    dropped: Annotated[int, says("Entries that were lost: the disk was full, for instance.")]


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp status --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    root: str
    last_run: Annotated[str | None, says("When it ended: ISO 8601, UTC; null if none is known.")]
    run: Annotated[NotedRun | None, says("The last that the journal knows of, finished or not.")]
    last_success: NotedRun | None
    last_failure: NotedRun | None
    failed: Annotated[tuple[Reason, ...], says("Modules that failed when they were last tried.")]
    budget: Annotated[
        BudgetEntry | None,
        says("What models may still take; null where no model is named, or it is unknown."),
    ]
    ledger: Annotated[LedgerEntry | None, says("Null without `--ledger`, or where it cannot be read.")]
    model: Annotated[ModelEntry | None, says("What a model's part of the last run came to, if one is named.")]
    queries_answered: Annotated[int, says("Hovers to which something was known.")]
    queries_unanswered: int
    funnel: tuple[FunnelEntry, ...]
    modules_known: Annotated[int, says("Modules with a stored result.")]
    modules_changed: Annotated[int, says("Modules to be thought about again, or for the first time.")]
    functions: Annotated[int, says("Functions of the modules known.")]
    other_files: int
    skipped_by_reason: dict[str, int]
    skipped: tuple[Reason, ...]
    store: StoreEntry
    journal: JournalEntry
    settings: Settings
    warnings: Annotated[tuple[str, ...], says("Values that were not used, and why.")]
