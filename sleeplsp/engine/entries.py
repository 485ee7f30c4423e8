"""Entries: what a Journal is told, a value for each kind of event.

A workspace is named by a digest of its path, a module by its path in it; nothing here holds source text.
Times are seconds since the epoch. It must not know where a journal lies, nor what is made of the entries.
"""

import hashlib
import re
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from sleeplsp.core.insight import Suspicion

REASON_CHARACTERS_MAX = 200

_TYPE = re.compile(r"\b(\w*(?:Error|Exception|Exit|Interrupt|Warning)):.*", re.DOTALL)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_PATH = re.compile(r"(?<![\w.])(?:~|[A-Za-z]:(?=[/\\]))?[/\\][^\s,;:()]*")


class Act(StrEnum):
    """What somebody did about a suspicion."""

    APPLIED = "applied"
    """Its fix was taken."""
    IGNORED = "ignored"
    """A comment, or whoever dismissed it, silences it."""
    MENDED = "mended"
    """It was shown, and after an edit it is not suspected any more."""


class RunBegun(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody begins to think about a workspace."""

    root: str
    run: str
    """Names the run among all."""
    who: str
    """`server`, or the command."""
    cause: str
    at: float


class RunEnded(msgspec.Struct, frozen=True, kw_only=True):
    """A run is over. Counts of modules and functions."""

    root: str
    run: str
    at: float
    modules: int = 0
    deduced: int = 0
    kept: int = 0
    in_vain: int = 0
    """Functions deduced of which nobody wanted to know any more when that was done."""
    failed: dict[str, str] = {}
    """Modules that could not be thought about, with the reason."""
    seconds: float = 0.0
    failure: str = ""
    """Why the run as a whole failed; all else says nothing then."""


class Suspect(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A suspicion by its names alone."""

    id: str
    check: str
    about: str
    """Digest of check, module and symbol: the same for what an edit of the suspected code makes of it."""


class Suspected(msgspec.Struct, frozen=True, kw_only=True):
    """All that is suspected of some modules now; what was suspected of them before is over."""

    root: str
    recipe: str
    """What thought so: another may change its mind without an edit."""
    at: float
    modules: dict[str, tuple[Suspect, ...]]
    removed: tuple[str, ...] = ()
    """Modules that are gone."""
    unknown: tuple[str, ...] | None = None
    """If given: there are no other modules but these, of which nothing can be said now."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Suspicions of one module were shown to somebody."""

    root: str
    path: str
    at: float
    suspects: tuple[Suspect, ...]


class Acted(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody did something about a suspicion."""

    root: str
    suspicion: str
    act: Act
    at: float


class Queried(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody asked about a module."""

    root: str
    path: str
    kind: str
    """`hover`, for instance."""
    found: bool
    at: float


Entry = RunBegun | RunEnded | Suspected | Shown | Acted | Queried


def root_digest(root: str) -> str:
    """Return what a workspace is called in a journal; `root` is its absolute path, or '' for none."""
    return _digest(root)


def suspects(path: str, suspicions: Iterable[Suspicion]) -> tuple[Suspect, ...]:
    """Return suspicions of a module by their names."""
    return tuple(
        Suspect(each.id, each.category, _digest(each.category, path, each.symbol)) for each in suspicions
    )


def without_quotations(reason: str) -> str:
    """Return a reason without what it may quote of code, of values or of places outside the workspace."""
    told = _TYPE.sub(r"\1", reason)
    told = _PATH.sub("…", _QUOTED.sub("…", told))
    return " ".join(told.split())[:REASON_CHARACTERS_MAX]


def _digest(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=8).hexdigest()
