"""What is handed to workers and comes back: plain values, sent as frames.

A job is a pure function of what it carries and of texts sent before; any worker that has been sent a
module's text may run it.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from sleeplsp.core.context import Context
from sleeplsp.core.contract import Contract
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.insight import Invariant, Suspicion


class SourceFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One module's text."""

    path: str
    language: str
    source: bytes
    """UTF-8, as in `core.text.Text`."""


class Change(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Put `text` in place of the bytes `start` to `end` of a module's text."""

    start: int
    end: int
    text: str


class FunctionJob(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Deduce one function of a module whose text the worker holds."""

    ref: str
    context: Context


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
    failure: str = ""


class Crew(Protocol):
    """Workers, as the engine sees them."""

    @property
    def size(self) -> int:
        """How many work side by side."""
        ...

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        """Read modules and keep their texts; a string says why one could not be read."""
        ...

    def deduce(self, units: Sequence[UnitJob]) -> list[FunctionResult]:
        """Deduce units side by side; all their modules have been read by this crew."""
        ...

    def close(self) -> None:
        """End the workers."""
        ...
