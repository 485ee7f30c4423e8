r"""The JSON that commands print: one documented, versioned form, whatever the engine looks like.

Lines and columns count from 1, columns in characters; an end is the place after the last character.
Paths are relative to the workspace, with forward slashes; what is not UTF-8 in one is spelled
`\udcXX`. A field may be added without a new version; one that goes or changes its meaning raises
it. `scripts/docs` writes the schema files from these structs. This module must not know where the
values come from.
"""

from typing import Annotated, Literal

import msgspec

from sleeplsp.cli.described import says
from sleeplsp.cli.model_report import ModelEntry

SCHEMA_VERSION = 1


Version = Annotated[int, says("Version of this form: raised when a field goes or changes its meaning.")]
Ref = Annotated[str, says("A symbol of the workspace: `path::symbol`.")]
Level = Literal["error", "warning", "note"]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Where something stands: from the first character up to the place after the last one."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of evidence, from cause to effect."""

    symbol: Ref
    quote: Annotated[str, says("The code, on one line and cut to a readable length.")]
    sentence: str
    span: Annotated[
        Span | None,
        says("Where the code stands now; null where it is gone, and in the evidence of claims."),
    ] = None


class EditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Put `text` in place of a span; an empty span is a place to insert at."""

    span: Span
    text: str


class FixEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A verified change after which the suspicion is gone."""

    title: str
    edits: tuple[EditEntry, ...]


class SuspicionEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A likely bug."""

    id: Annotated[
        str,
        says(
            "Names the suspicion in its workspace: a digest of category, path, symbol, quoted "
            "tokens and which of equal ones it is. Edits elsewhere leave it as it is."
        ),
    ]
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    symbol: Annotated[str, says("Dotted path in its module; `<module>` is code outside of symbols.")]
    category: Annotated[str, says("The check's name.")]
    severity: Level
    grade: str
    message: Annotated[str, says("One sentence; code in backquotes.")]
    evidence: tuple[Step, ...]
    fix: FixEntry | None
    shown_as_diagnostic: Annotated[
        bool, says("False: it is shown on hover only, or a comment or the baseline silences it.")
    ]
    ignored: Annotated[bool, says("A comment on its line silences it.")]
    dismissed: Annotated[str | None, says("Why the baseline hides it; null: it does not.")] = None


class ClaimEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that always holds of a symbol."""

    path: str
    symbol: str
    line: Annotated[int, says("Line of the symbol's name.")]
    kind: Annotated[str, says("returns, raises, mutates, pure, requires.")]
    sentence: str
    grade: str
    runs: Annotated[int, says("Of a tested claim: calls for which its check held.")]
    check: Annotated[str | None, says("A Python expression that says the same.")]
    evidence: tuple[Step, ...]


class SymbolEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A function, method, class or other definition; line and column are those of its name."""

    path: str
    id: Annotated[str, says("Dotted path in its module, `#2` and so on for later twins.")]
    kind: str
    line: int
    column: int
    end_line: int
    end_column: int
    last_line: Annotated[int, says("Last line of the whole definition.")]


class ModuleEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One source file."""

    path: str
    language: str
    status: Annotated[
        Literal["thought", "indexed", "failed"],
        says("indexed: its symbols are known, but there is no reasoner for its language."),
    ]
    lines: int
    syntax_errors: int
    symbols: tuple[SymbolEntry, ...]
    claims: tuple[ClaimEntry, ...]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """A file, or a whole folder (its path ends in a slash), and why it was not thought about."""

    path: str
    reason: str


class CheckEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One check and what it found."""

    name: str
    title: str
    severity: Literal["off", "error", "warning", "note"]
    shown: int
    hover_only: int
    ignored: int
    dismissed: Annotated[int, says("The baseline hides it.")] = 0


class DismissedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the baseline: a suspicion that is hidden."""

    id: str
    path: str
    symbol: str
    category: str
    reason: str


class BaselineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What the repository's baseline hides, in the whole workspace."""

    entries: int
    hidden: Annotated[int, says("Suspicions of the workspace that it hides.")]
    stale: Annotated[tuple[DismissedEntry, ...], says("Entries that hide nothing any more.")]


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What of the files asked about was looked at. Counts of modules, if nothing else is said."""

    thought: int
    indexed: int
    failed: int
    skipped: Annotated[int, says("Files and whole folders left out.")]
    syntax_errors: Annotated[int, says("Modules that do not parse as a whole; their rest does.")]
    lines: int
    functions: int
    functions_not_analysable: int
    claims: Annotated[dict[str, int], says("By kind.")]
    fixes_offered: int
    fixes_withheld: int


class RunEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The run over the whole workspace."""

    modules: int
    functions_deduced: Annotated[int, says("In this run; 0 when nothing has changed.")]
    functions_kept: Annotated[int, says("Of which an earlier deduction still holds.")]
    other_files: Annotated[int, says("Files that no known language claims.")]
    seconds: float
    bytes_max: Annotated[int | None, says("Most memory this process used; null where not known.")]
    worker_bytes_max: Annotated[int | None, says("The same of the largest process it started.")]


class Selected(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the workspace is reported; all of it was thought about."""

    paths: Annotated[tuple[str, ...], says("Files and folders; none means all.")]
    changed_since: str | None


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """What made the report."""

    name: str
    version: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp precompute --format json` prints."""

    schema_version: Version = SCHEMA_VERSION
    tool: Tool
    root: Annotated[str, says("The workspace, absolute.")]
    selected: Selected
    coverage: Coverage
    run: RunEntry
    checks: tuple[CheckEntry, ...]
    modules: tuple[ModuleEntry, ...]
    skipped: tuple[Reason, ...]
    failed: tuple[Reason, ...]
    baseline: BaselineEntry
    suspicions: tuple[SuspicionEntry, ...]
    model: Annotated[ModelEntry | None, says("What a model's part of the run came to.")] = None


class Bugs(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp query bugs --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    baseline: BaselineEntry
    suspicions: tuple[SuspicionEntry, ...]


class Invariants(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp query invariants --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    claims: tuple[ClaimEntry, ...]


class Symbols(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp query symbols --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    symbols: tuple[SymbolEntry, ...]


class HoverEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown for a position, and the code it is about."""

    span: Span
    markdown: str


class Hovered(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp query hover --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    hover: Annotated[HoverEntry | None, says("Null where nothing is known.")]


class StoreEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The store that all workspaces of a user share."""

    folder: str
    rows: int
    bytes_used: int
    bytes_max: int


class CacheStats(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp cache stats --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    store: StoreEntry


class CacheCleared(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp cache clear --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    folder: str
    rows: Annotated[int, says("Rows removed.")]


class CacheCollected(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp cache gc --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    rows: Annotated[int, says("Rows removed to keep the size limit.")]
    folders: Annotated[int, says("Folders removed: older formats, stores that had been set aside.")]
    bytes_freed: int
