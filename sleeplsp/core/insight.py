"""Insights: what a reasoner claims about one module, each claim with its evidence, grade and support.

Nothing here holds a line number or an offset: a Place is a span of tokens within a symbol, so a claim
stays right while code around its symbol moves. It must not be known here how a claim was found or how
it is shown.
"""

from enum import StrEnum

import msgspec

RAISED = "raised here"
"""Evidence of an exception: it stands where the exception is raised."""


class Grade(StrEnum):
    """How well a claim is supported, best first."""

    PROVED = "proved"
    TESTED = "tested"
    DEDUCED = "deduced"
    AGREED = "agreed"
    SINGLE = "single"


class Severity(StrEnum):
    """How bad it is if a suspicion is right; `off` for a check that is not wanted."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    OFF = "off"


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A span of code: tokens `first` to `last` (both included, counted from 0) of the symbol `ref`.

    `ref` is `path::symbol`; the whole file's own code is the symbol `<module>`.
    """

    ref: str
    first: int
    last: int


class Evidence(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One step from cause to effect: the code, quoted, and a sentence about it."""

    place: Place
    quote: str
    sentence: str


class Support(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A symbol a claim rests on, and the code digest it had then."""

    ref: str
    digest: str


class Invariant(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A claim that should always hold."""

    kind: str
    """returns, raises, mutates, pure, requires."""
    symbol: str
    sentence: str
    """One Markdown sentence; code in backquotes."""
    evidence: tuple[Evidence, ...] = ()
    grade: Grade = Grade.DEDUCED
    support: tuple[Support, ...] = ()
    check: str | None = None
    """A Python expression that can be executed."""
    news: bool = True
    """No type checker says as much."""
    brief: str = ""
    """A few plain words for beside a call; '' if there is nothing to say there."""


class Edit(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Replace the tokens of `place` by `text`; with `before`, insert `text` before its first token."""

    place: Place
    text: str
    before: bool = False


class Fix(msgspec.Struct, frozen=True, gc=False):
    """A change that makes a suspicion go away. Verified before it is offered."""

    title: str
    edits: tuple[Edit, ...]


class Suspicion(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A likely bug."""

    category: str
    """The check's name."""
    symbol: str
    place: Place
    """What the mark is put under."""
    quote: str
    message: str
    severity: Severity
    evidence: tuple[Evidence, ...]
    """From cause to crash."""
    support: tuple[Support, ...] = ()
    grade: Grade = Grade.DEDUCED
    shown: bool = True
    """Good enough for a diagnostic; otherwise hover only."""
    fix: Fix | None = None
    id: str = ""
    """Digest of category, symbol path, quoted tokens and ordinal: survives edits elsewhere."""
