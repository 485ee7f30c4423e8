"""What a run tells: how far it is, and what it came to. Values alone."""

import msgspec


class Progress(msgspec.Struct, frozen=True):
    """How far a run is. `stage` is one of 'waiting', 'reading', 'deducing', 'reflecting', 'verifying'.

    Counts are of functions while they are deduced, else of modules.
    """

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


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a model's claims that can be tried on calls; counts, of all modules."""

    state: str
    """'on'; 'off': it is not allowed to call functions; 'unavailable': there is nobody who could."""
    why: str = ""
    """With 'unavailable': what is missing, and what to do about it."""
    waiting: int
    """Could be tried, and have not been."""
    tested: int
    """Held for all calls."""
    refuted: int
    """Did not hold for a call, and are told no more."""
    open: int
    """Nothing could be said of them in this run."""


class Reflected(msgspec.Struct, frozen=True, kw_only=True):
    """What a model's part of a run came to. Counts of modules, calls and tokens."""

    model: str
    modules: int
    """Thought about in this run."""
    known: int
    """Thought about in this run or before."""
    left: int
    """Not reached."""
    calls: int
    """Sent; those whose answers were stored are no calls."""
    weighed: int
    """Calls that asked how likely a question is; their tokens are in the books alone."""
    replayed: int
    """Of the calls, answered by a recording."""
    cancelled: int
    """Of the calls, not wanted any more."""
    prompt_tokens: int
    """Of calls that were answered, as the two below; the books have those that failed, too."""
    cached_tokens: int
    completion_tokens: int
    cost: float
    claims: dict[str, int]
    """Of all modules known, by kind."""
    drops: dict[str, int]
    """What of the replies about them was not believed, by reason."""
    failed: dict[str, str]
    """Modules about which no reply was of use, with the reason."""
    is_trusted: bool
    """False: too much of what it claims is plainly wrong, and only what generations agree on is told."""
    stopped: str
    """Why it ended before its time: a limit, or an endpoint that is gone; '' if it did not."""
    is_capped: bool
    """It was a limit of tokens or money."""
    is_away: bool = False
    """It was the endpoint, which is gone, fails or has too much to do: that may be over at any time."""
    seconds: float
    module_seconds: float
    """Of replies about one module, on average of all known."""
    verified: Verified | None = None
    """None where no claim can be tried on calls."""
