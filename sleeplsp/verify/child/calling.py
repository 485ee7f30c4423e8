"""One call of a function, and what a check says of it.

The check sees what the function was given, the very objects, as an assertion before its `return` would. If
the call has changed them, the check is also asked about copies made before: whoever wrote it may have meant
either, and where that makes a difference nothing is said. A call that raised says nothing, nor one to which
something was refused: it may return something else elsewhere. It must not know which calls there are.
"""

import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

from .loading import in_short
from .refusing import Refusals
from .spelling import cut, shown, spelled
from .timing import Ending, TooLongError

OUT_OF_MEMORY = "it needs too much memory"

EXAMPLE_LENGTH_MAX = 300
"""Characters of a call that is told."""


class UnclearError(BaseException):
    """Nothing can be said of the check, whatever other calls return; the text says why.

    No Exception: hypothesis is to give up at once, and not to look for a shorter example.
    """

    def __init__(self, reason: str, *, is_spent: bool = False) -> None:
        super().__init__(reason)
        self.is_spent = is_spent
        """The process is of no use any more: its memory is full."""


@dataclass(frozen=True)
class Outcome:
    """What one call says: that the check holds, that it does not, or nothing."""

    holds: bool | None
    text: str
    """The call and what it returned; why it says nothing."""
    is_long: bool = False
    result: str = ""
    """What it returned, all of it that can be seen."""


@dataclass(frozen=True)
class Checked:
    """A function and the check of what it returns, compiled."""

    function: Callable[..., Any]
    signature: inspect.Signature
    check: CodeType
    refusals: Refusals
    seconds: float
    """Of one call, its check included."""

    def call(self, values: dict[str, Any]) -> Outcome:
        """Call it once. Raises UnclearError."""
        bound = self.signature.bind_partial()
        bound.arguments.update(values)
        try:
            with Ending(self.seconds) as ending:
                outcome = self._outcome(
                    bound, ", ".join(f"{key}={shown(each)}" for key, each in values.items())
                )
        except TooLongError:
            return self._too_long()
        except MemoryError as error:
            raise UnclearError(OUT_OF_MEMORY, is_spent=True) from error
        return self._too_long() if ending.is_over else outcome

    def _too_long(self) -> Outcome:
        return Outcome(None, f"a call takes longer than {self.seconds:g} s", is_long=True)

    def _outcome(self, bound: inspect.BoundArguments, told: str) -> Outcome:
        refused = self.refusals.count
        before = {key: spelled(each) for key, each in bound.arguments.items()}
        copies = _copied(bound.arguments)
        try:
            result = self.function(*bound.args, **bound.kwargs)
        except (TooLongError, MemoryError):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever the workspace's code raises
            return Outcome(None, self._refused_since(refused) or in_short(error))
        if why := self._refused_since(refused):
            return Outcome(None, why)
        are_changed = _are_changed(before, bound.arguments)
        holds = self._holds(bound.arguments, result)
        if are_changed and (copies is None or self._holds(copies, result) != holds):
            raise UnclearError("the call changes its arguments, and the check may mean those before or after")
        return Outcome(
            holds,
            f"{self.function.__name__}({cut(told, EXAMPLE_LENGTH_MAX)}) returned {shown(result)}",
            result=spelled(result),
        )

    def _refused_since(self, count: int) -> str:
        return f"{self.refusals.last} is refused here" if self.refusals.count != count else ""

    def _holds(self, arguments: dict[str, Any], result: Any) -> bool:  # noqa: ANN401 - whatever it returned
        names = {**self.function.__globals__, **arguments, "result": result}
        refused = self.refusals.count
        try:
            holds = bool(eval(self.check, names))  # noqa: S307 - that is what this process is for
        except (TooLongError, MemoryError):
            raise
        except BaseException as error:
            raise UnclearError(f"the check fails: {in_short(error)}") from error
        if why := self._refused_since(refused):
            raise UnclearError(f"while it is checked {why}")
        return holds


def _copied(arguments: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return copy.deepcopy(dict(arguments))
    except (TooLongError, MemoryError):
        raise
    except BaseException:  # noqa: BLE001 - the workspace's own code
        return None


def _are_changed(before: dict[str, str], arguments: dict[str, Any]) -> bool:
    """Return whether a call may have changed them: what can be gone through once, it may have used up."""
    return any(isinstance(each, Iterator) or spelled(each) != before[key] for key, each in arguments.items())
