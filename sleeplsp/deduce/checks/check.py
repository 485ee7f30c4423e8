"""What a check is, and what it finds."""

from collections.abc import Callable, Iterator

import msgspec

from sleeplsp.core.insight import Evidence, Severity
from sleeplsp.deduce.analysis import Analysis


class Step(msgspec.Struct, frozen=True):
    """A step of evidence in the function's own text: bytes `start` to `end`, and a sentence."""

    start: int
    end: int
    sentence: str


class Replacement(msgspec.Struct, frozen=True):
    """Put `text` in place of the bytes `start` to `end`; with start == end it is inserted there."""

    start: int
    end: int
    text: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One likely bug, not yet a Suspicion: offsets instead of places."""

    start: int
    end: int
    """What the mark is put under."""
    message: str
    """One sentence; code in backquotes."""
    evidence: tuple[Step | Evidence, ...]
    """From cause to crash; steps in other functions come as Evidence from their contracts."""
    fix_title: str = ""
    fix: tuple[Replacement, ...] = ()
    weak: bool = False
    """Right only if something happens that the text does not show: hover only, never a diagnostic."""


class Guards:
    """A check's guards: reasons to stay quiet, each of which can be switched off by `check:guard`."""

    def __init__(self, check: str, names: dict[str, str], off: frozenset[str]) -> None:
        self._check = check
        self._names = names
        self._off = off

    def __call__(self, name: str, *, holds: bool) -> bool:
        """Tell whether to stay quiet: the guard's condition holds and the guard is on."""
        if name not in self._names:
            raise LookupError(name)
        return holds and f"{self._check}:{name}" not in self._off


class Check(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One kind of likely bug."""

    name: str
    """Lower case with hyphens; the setting, the category and the fixture's file."""
    title: str
    """What it finds, in a few words."""
    explanation: str
    """Why it matters: a sentence or two for the documentation."""
    severity: Severity
    guards: dict[str, str]
    """Name -> when it keeps the check quiet. Names that begin with `narrow:` are the evaluation's."""
    find: Callable[[Analysis, Guards], Iterator[Finding]]
    precision: float | None = None
    """Share of its shown findings judged real or plausible on code not used to tune it; None: fewer than five
    were judged."""
    instead_of: tuple[str, ...] = ()
    """Checks that would report the same code and tell less: their findings there are dropped."""
    scripts: bool = True
    """Whether it also looks at the code of modules and classes, outside functions."""
