"""Whoever thinks, as the Sleeper sees it: what is asked for, what comes back, how it fails.

It must not know what a reasoner is made of, nor when it is asked.
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Protocol

import msgspec

from sleeplsp.core.atlas import Batch
from sleeplsp.core.located import ModuleClaims, Suspected
from sleeplsp.engine.outcome import Outcome, Progress, Reflected


class ReasonerError(Exception):
    """A run could not be finished; the message is one line for the user."""


class ReasonerDiedError(ReasonerError):
    """Whoever thought is gone, and may do better another time."""


class Notice(msgspec.Struct, frozen=True):
    """What the user should know: one line."""

    line: str


Event = Progress | ModuleClaims | Batch | Suspected | Notice | Outcome | Reflected


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a reasoner is asked for."""

    overlays: Mapping[str, bytes]
    """Texts that stand in place of files, by path."""
    shown: Mapping[str, str]
    """Modules whose claims are to be told if they differ from those held, with the digest of these."""
    scan: bool = True
    """Files may have changed, come or gone."""
    again: frozenset[str] = frozenset()
    """Modules to be thought about again whatever is known of them; EVERYTHING for all."""
    deeper: frozenset[str] = frozenset()
    """Modules a model is to think about more than they are worth by themselves; EVERYTHING for all."""
    everywhere: bool = False
    """What is suspected of modules that are not shown is to be told as well."""


class Reasoner(Protocol):
    """Whoever thinks, as the Sleeper sees it."""

    def think(self, wish: Wish) -> AsyncGenerator[Event, None]:
        """Bring the workspace up to date; tell an Outcome, and after it what a model's part came to.

        Raises ReasonerError.

        To give it up costs nothing: what is asked next goes on from where it was.
        """
        ...

    async def is_model_there(self) -> bool:
        """Tell whether anybody answers at a model's endpoint, without a call of it; raises ReasonerError."""
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...
