"""One check, tried on calls of one function until it fails or has held often enough.

It must not know where checks come from, nor who is told.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Flaky, HypothesisException, Unsatisfiable

from .calling import OUT_OF_MEMORY, Checked, UnclearError
from .drawing import Drawn, Plan
from .loading import in_short
from .spelling import in_one_line, spelled
from .timing import TooLongError

RUNS_MIN = 20
"""Different calls that a check must have held for, unless there are no more of them.

Not all may have returned the same, or a claim about what is returned was hardly tried."""

LONG_CALLS_MAX = 2
"""Calls of one check that may take too long; after one more nothing is said."""


@dataclass(frozen=True)
class Verdict:
    """What came of one check."""

    result: str
    runs: int = 0
    example: str = ""
    reason: str = ""
    is_spent: bool = False
    """The process is of no use any more: its memory is full."""


class _RefutedError(Exception):
    """The check does not hold for a call, which is the text."""


class Trying:
    """A check of a function, and what is known of it so far."""

    def __init__(
        self, checked: Checked, plan: Plan, calls_max: int, shrinking_calls_max: int, seconds: float
    ) -> None:
        self._checked = checked
        self._plan = plan
        self._calls_max = calls_max
        self._shrinking_calls_max = shrinking_calls_max
        self._ends_at = time.monotonic() + seconds
        self._seen: set[int] = set()
        self._held: set[int] = set()
        self._results: set[int] = set()
        self._result = ""
        self._refuting: set[int] = set()
        self._shrinking_calls = 0
        self._long_calls = 0
        self._hindrance = ""

    def verdict(self) -> Verdict:
        """Try it."""

        def once(drawn: Drawn) -> None:
            self._once(drawn)

        try:
            _often(once, self._plan, self._calls_max)
        except _RefutedError as found:
            return Verdict("refuted", len(self._held), str(found))
        except Flaky:
            return self._open("it does not do the same twice")
        except UnclearError as error:
            return self._open(str(error), is_spent=error.is_spent)
        except MemoryError:
            return self._open(OUT_OF_MEMORY, is_spent=True)
        except TooLongError:
            return self._open(f"making its arguments takes longer than {self._checked.seconds:g} s")
        except Unsatisfiable:
            return self._open("no arguments could be made")
        except HypothesisException as error:
            return self._open(f"no arguments could be made: {in_short(error)}")
        return self._after_all()

    def _once(self, drawn: Drawn) -> None:
        """Try one call. Raises _RefutedError, to have a shorter one looked for; UnclearError to give up."""
        call = hash(tuple((key, spelled(each)) for key, each in drawn.values.items()))
        if self._is_over() and call not in self._refuting:
            return
        self._seen.add(call)
        self._shrinking_calls += bool(self._refuting)
        try:
            outcome = self._checked.call(drawn.values)
        except UnclearError:
            if self._refuting:  # a shorter example of which nothing can be said is none
                return
            raise
        if outcome.holds:
            self._held.add(call)
            self._result = outcome.result
            self._results.add(hash(self._result))
        elif outcome.holds is None:
            self._hindrance = outcome.text
            self._long_calls += outcome.is_long
            if self._long_calls > LONG_CALLS_MAX and not self._refuting:
                raise UnclearError(outcome.text)
        else:
            self._refuting.add(call)
            raise _RefutedError(outcome.text)

    def _is_over(self) -> bool:
        return time.monotonic() > self._ends_at or self._shrinking_calls > self._shrinking_calls_max

    def _after_all(self) -> Verdict:
        runs = len(self._held)
        if runs and len(self._seen) == self._plan.count:
            return Verdict("tested", runs)
        if runs >= RUNS_MIN:
            if len(self._results) > 1:
                return Verdict("tested", runs)
            return self._open(f"all {runs} calls returned the same: {in_one_line(self._result)}")
        others = self._hindrance or ("no time was left" if self._is_over() else "")
        if not runs:
            return self._open(f"no call returned: {others}" if others else "no call returned")
        few = f"only {runs} different call{'s'[: runs != 1]} returned"
        return self._open(f"{few}; of others: {others}" if others else few)

    def _open(self, reason: str, *, is_spent: bool = False) -> Verdict:
        return Verdict("open", len(self._held), reason=reason, is_spent=is_spent)


def _often(once: Callable[[Drawn], None], plan: Plan, calls_max: int) -> None:
    """Have hypothesis make arguments: always the same ones, and nothing is kept of them."""
    often = settings(
        database=None,
        deadline=None,
        derandomize=True,
        max_examples=calls_max,
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    often(given(plan.strategy)(once))()
