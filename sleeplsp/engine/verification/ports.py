"""What verification needs of the outside: somebody who calls functions of the workspace.

Values and a protocol; `sleeplsp.verify` fulfils it. It must not know why a claim is tried.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import msgspec

from sleeplsp.engine.errors import SleepError


class UnverifiableError(SleepError):
    """Nothing can be tried here at all; the text says why, and what to do about it."""


class Trial(msgspec.Struct, frozen=True, array_like=True):
    """One function of a module, and the checks that are to be tried on calls of it.

    A check is a Python expression over the parameters, `result` and the names of the module.
    """

    function: str
    """Its name in the module."""
    checks: tuple[str, ...]
    modules: tuple[str, ...] = ()
    """Modules of the workspace that a call leads to, relative to the root: what runs must be these very
    files."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What trying one module may take."""

    calls_max: int
    """Calls of one function for one check."""
    seconds_max: float
    """Of the module, from start to end, its import included."""
    bytes_max: int
    """Memory of the process."""


class Result(StrEnum):
    """What came of a check."""

    TESTED = "tested"
    """It held for all calls that returned, and those were enough to say so."""
    REFUTED = "refuted"
    """It did not hold for a call."""
    OPEN = "open"
    """Nothing can be said: the reason is told."""


class Finding(msgspec.Struct, frozen=True, array_like=True):
    """What came of one check of one function."""

    function: str
    check: str
    result: Result
    runs: int = 0
    """Calls with different arguments that returned, and for which it held."""
    example: str = ""
    """Refuted by this call: `name(x=1)`, as short as could be found, and what it returned."""
    reason: str = ""
    """Why nothing can be said."""


class Verifier(Protocol):
    """Calls functions of one workspace in a process of their own."""

    def environment(self) -> str:
        """Return what runs the code, and by what rules: results of another one are not its own.

        Waits for a process the first time. Raises UnverifiableError.
        """
        ...

    def verify(
        self, path: str, trials: tuple[Trial, ...], limits: Limits, is_wanted: Callable[[], bool]
    ) -> tuple[Finding, ...]:
        """Try checks of one module; a finding for each, in order.

        Waits until that is done, or `limits.seconds_max` is over, or `is_wanted` says no: then what was found
        until then is returned, the rest is open. What the code does costs its own process alone. Raises
        UnverifiableError.
        """
        ...
