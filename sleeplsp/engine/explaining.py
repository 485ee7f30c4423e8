"""An explanation of a crash as it travels from who knows the workspace to who shows it.

It must not know how a cause is found.
"""

from collections.abc import Awaitable, Callable

import msgspec

from sleeplsp.core.located import Spot

TEXT_CHARACTERS_MAX = 1_000_000
"""Of a longer text the end is sent."""


class ExplainedStep(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One step, and where it stands now."""

    spot: Spot
    sentence: str
    """Code in backquotes."""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What explains a traceback."""

    certainty: str
    """As `answers.why.cause` has it: certain, likely, partly, unknown, elsewhere."""
    markdown: str
    steps: tuple[ExplainedStep, ...] = ()
    """From the cause to the crash, which is the last."""
    early: bool = False
    """It was asked for before all of the workspace was known."""


Explain = Callable[[str], Awaitable[Explanation | None]]
"""Explains the last traceback of a text; None if there is none. Raises ReasonerError."""
