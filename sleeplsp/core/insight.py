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

    @property
    def is_by_model(self) -> bool:
        """Whether a language model says so, and nothing else does."""
        return self in (Grade.AGREED, Grade.SINGLE)


class Votes(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How many of the generations of a model that were compared make a claim: m of k."""

    agreed: int
    of: int


def graded(grade: Grade, votes: Votes | None, runs: int = 0) -> str:
    """Say how well something is supported: `agreed 2/3`, `tested on 200 calls`."""
    if grade is Grade.TESTED:
        return f"{grade} on {runs} call{'s' if runs != 1 else ''}"
    return f"{grade} {votes.agreed}/{votes.of}" if votes is not None and grade.is_by_model else str(grade)


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
    votes: Votes | None = None
    """Of a model's claim."""
    runs: int = 0
    """Calls for which its check held, each with other arguments."""

    @property
    def is_by_model(self) -> bool:
        """Whether the words are a model's, however well they are supported."""
        return self.votes is not None or self.grade.is_by_model


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
    votes: Votes | None = None
    """Of a model's claim."""


class Question(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What a developer may ask here, and the answer, ready."""

    symbol: str
    """Id of the symbol it is about; `<module>` for the file as a whole."""
    question: str
    answer: str
    """Markdown of a few sentences, by a model: escaped before it is shown."""
    ways: tuple[str, ...] = ()
    """The same in other words, as a model sees it: helps to find a question, is never shown."""
    grade: Grade = Grade.SINGLE
    support: tuple[Support, ...] = ()
    votes: Votes | None = None


class Insight(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What one reasoner claims of one module; of a model, the merge of its generations.

    Claims of a symbol carry its code digest in their support, so that an Insight of an older text still
    serves for the symbols that are as they were.
    """

    path: str
    key: str
    """The digest of all that it was made from and that makes another one necessary."""
    summary: str = ""
    """Two sentences about the module."""
    invariants: tuple[Invariant, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    questions: tuple[Question, ...] = ()
    generations: int = 0
    """How many replies it was merged of."""
    older: bool = False
    """What was told to the model beside the code has changed since."""
