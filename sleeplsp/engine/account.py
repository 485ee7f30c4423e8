"""The account a Journal gives of one workspace: its runs, its failures, and what became of suspicions.

Values alone. It must not know how they were kept.
"""

import msgspec


class RunNote(msgspec.Struct, frozen=True, kw_only=True):
    """One run. Times in seconds since the epoch, counts of modules and functions."""

    who: str
    cause: str
    begun_at: float
    ended_at: float | None
    """None: it has not ended, or nobody was left to say so."""
    modules: int
    deduced: int
    kept: int
    in_vain: int = 0
    """Functions deduced of which nobody wanted to know any more when that was done."""
    failed: int
    seconds: float
    failure: str
    """Why it failed as a whole; '' if it did not."""


class FunnelLine(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one check's suspicions: how many were made, of these shown, of these acted on."""

    check: str
    made: int
    shown: int
    applied: int = 0
    """The fix was taken."""
    ignored: int = 0
    """A comment, or whoever dismissed it, silences it."""
    mended: int = 0
    """Gone after an edit."""

    @property
    def acted(self) -> int:
        """All that somebody has done something about."""
        return self.applied + self.ignored + self.mended


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    last: RunNote | None = None
    success: RunNote | None = None
    """The last run that did not fail."""
    failure: RunNote | None = None
    """The last that did."""
    failed: tuple[tuple[str, str], ...] = ()
    """Modules that could not be thought about when last tried, and why."""
    funnel: tuple[FunnelLine, ...] = ()
    """By name of the check."""
    found: int = 0
    """Queries to which something was known, and `missed` to which nothing was."""
    missed: int = 0
    asked: dict[str, int] = {}
    """How often there were queries about each module."""
    dropped: int = 0
    """Entries of any workspace that were lost: the disk was full, for instance."""
