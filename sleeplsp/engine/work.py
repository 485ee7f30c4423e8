"""What is handed to workers and comes back: plain values, sent as frames.

A job is a pure function of what it carries and of texts sent before; any worker that has been sent a
module's text may run it.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from sleeplsp.core.context import Context
from sleeplsp.core.contract import UNKNOWN_CONTRACT, Contract
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.insight import Invariant, Suspicion


class SourceFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One module's text."""

    path: str
    language: str
    source: bytes
    """UTF-8, as in `core.text.Text`."""


Sources = Callable[[str], SourceFile | None]
"""Gives the text of a module by its path; None if it is not what it was."""


IsCurrent = Callable[[], bool]
"""Whether somebody still wants what is being done; asked from any thread."""


def always() -> bool:
    """Be current whatever happens."""
    return True


OUT_OF_MEMORY = "more memory needed than worker_bytes_max allows"
"""The failure of what a worker could not do for want of memory."""


class Change(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Put `text` in place of the bytes `start` to `end` of a module's text."""

    start: int
    end: int
    text: str


class FunctionJob(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Deduce one function of a module whose text the worker holds."""

    ref: str
    context: Context
    effort: int


class UnitJob(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Deduce functions that call each other, or one alone, until their contracts are stable."""

    functions: tuple[FunctionJob, ...]
    contracts: dict[str, Contract]
    """Contracts of what they call outside the unit."""


class FunctionResult(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What was deduced of one function.

    The suspicions' fixes are not verified; `changes` says the same as offsets, one tuple per suspicion.
    """

    ref: str
    contract: Contract
    invariants: tuple[Invariant, ...]
    suspicions: tuple[Suspicion, ...]
    changes: tuple[tuple[Change, ...], ...]
    complete: bool
    cut: bool = False
    """With more effort more may be known."""
    failure: str = ""


class Worker(Protocol):
    """One worker, as the engine sees it: it does one thing at a time, and whoever asks waits."""

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        """Read modules and keep their texts; a string says why one could not be read."""
        ...

    def deduce(
        self, units: Sequence[UnitJob], sources: Sources, is_current: IsCurrent = always
    ) -> list[FunctionResult]:
        """Deduce units one after the other; texts that are not at hand are asked for.

        Once this is not current any more the answer holds only what was deduced till then, unit by unit.
        """
        ...

    def recall(self) -> None:
        """Let it look up whether what it deduces is current; from any thread, without waiting."""
        ...

    def is_ready(self) -> bool:
        """Tell whether it can be asked now; a machine has only so many workers at a time."""
        ...

    def is_wanted(self) -> bool:
        """Tell whether another process waits for what it holds."""
        ...

    def rest(self) -> None:
        """Give back what it holds; it can be asked again."""
        ...

    def close(self) -> None:
        """End for good, in the midst of its work too; what is asked from now on fails."""
        ...


def failed(ref: str, reason: str) -> FunctionResult:
    """Return the result for a function that could not be deduced."""
    return FunctionResult(
        ref=ref,
        contract=UNKNOWN_CONTRACT,
        invariants=(),
        suspicions=(),
        changes=(),
        complete=False,
        failure=reason,
    )
