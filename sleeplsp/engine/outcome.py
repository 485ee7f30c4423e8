"""What a run tells: how far it is, and what it came to. Values alone."""

import msgspec


class Progress(msgspec.Struct, frozen=True):
    """How far a run is. `stage` is 'waiting', 'reading' or 'deducing'; counts are modules or functions."""

    stage: str
    done: int
    total: int
    path: str = ""
    """The module whose turn it is."""
    cause: str = ""
    """Why it is its turn."""


class FixCounts(msgspec.Struct, frozen=True):
    """Fixes thought of, by what became of them."""

    offered: int = 0
    withheld: int = 0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a run came to. Counts of functions and modules."""

    modules: int
    deduced: int
    """Functions deduced in this run."""
    considered: int = 0
    """Functions looked at because what they rest on may have changed; those deduced are among them."""
    in_vain: int = 0
    """Functions deduced of which nobody wanted to know any more when that was done."""
    kept: int
    """Functions whose earlier deduction still holds."""
    failed: dict[str, str]
    """Modules that could not be thought about, with the reason."""
    skipped: dict[str, str]
    """Files and folders left out, with the reason."""
    other: int
    fixes: FixCounts
    seconds: float
