"""The Ledger as the engine sees it: what calls of a model may cost, and what they did.

A call first reserves the most it can cost and is settled afterwards, so that limits hold across all
processes of the machine. Any thread may use it. It must not be known here where the books are kept.
"""

from typing import Protocol

import msgspec

from sleeplsp.engine.model import Phase, Usage

LOST_S = 3600.0
"""Seconds after which a call that was never settled is taken for lost: whoever made it has died. Until
then all that was reserved for it counts as spent, afterwards nothing."""

LOST, CANCELLED = "lost", "cancelled"
"""Outcomes of calls that came to nothing, beside the names of errors."""

UNABLE = "unable"
"""Outcome of a trial that showed what an endpoint cannot do: that is what was to be found out."""


class Caps(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of tokens and of money; None: none. Days are counted in UTC."""

    tokens_day: int | None = None
    tokens_run: int | None = None
    tokens_module: int | None = None
    """A day."""
    cost_day: float | None = None
    cost_run: float | None = None
    cost_module: float | None = None
    """A day."""


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """What a call is for and what it may cost at most."""

    root: str
    """Digest of the workspace, as `engine.entries.root_digest` gives it."""
    run: str
    """Names the run of one server or command, of which `Caps.tokens_run` are the limits."""
    phase: Phase
    path: str
    key: str
    model: str
    tokens: int
    cost: float
    seconds: float = 0.0
    """The longest it may take, where that may be more than `LOST_S`."""


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What a call came to."""

    outcome: str
    """The finish reason, or the name of the error: 'stop', 'TruncatedError', 'cancelled', 'unable'."""
    usage: Usage
    cost: float
    seconds: float
    ttft_s: float | None = None
    retries: int = 0

    @property
    def is_failed(self) -> bool:
        """Whether the call came to nothing."""
        return self.outcome in (CANCELLED, LOST) or self.outcome.endswith("Error")


class PhaseSum(msgspec.Struct, frozen=True, kw_only=True):
    """All calls of one phase and model that are over, added up. Tokens, seconds, and money."""

    phase: str
    model: str
    calls: int
    failed: int
    prompt: int
    cached: int
    completion: int
    reasoning: int
    estimated: int
    """Calls of which the endpoint did not say how many tokens they were."""
    retries: int
    seconds: float
    cost: float


class Books(msgspec.Struct, frozen=True, kw_only=True):
    """What the Ledger says of today and of all days it remembers."""

    today: tuple[PhaseSum, ...] = ()
    ever: tuple[PhaseSum, ...] = ()
    tokens_today: int = 0
    """Of all workspaces, what is reserved included: what `Caps.tokens_day` counts."""
    cost_today: float = 0.0
    reserved: int = 0
    """Tokens of calls of all workspaces that are under way, or whose process died: see `LOST_S`."""
    under_way: int = 0
    """How many calls these are."""


class Ledger(Protocol):
    """The books of all processes of this user on this machine."""

    def reserve(self, reservation: Reservation, caps: Caps) -> int:
        """Book the most a call can cost, in one transaction; return its number.

        Raises CapError, naming the limit and what is left of it; JournalError where nothing can be booked,
        and then nothing may be sent. Waits for the disk, and for other processes.
        """
        ...

    def settle(self, number: int, settlement: Settlement) -> None:
        """Put what a call came to in the place of what was reserved; once, or in vain.

        Raises JournalError where that cannot be written now; it is then written with the next call.
        """
        ...

    def books(self, root: str | None = None) -> Books:
        """Return the sums, of one workspace or of all; raises JournalError."""
        ...
