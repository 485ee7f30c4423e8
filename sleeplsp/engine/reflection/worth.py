"""Worth: which modules a model is to think about, and in which order.

The expected benefit of thinking about a module beforehand is how likely somebody asks about it before it is
edited again, times how predictable the questions are, times the tokens that need not be read then. It must
not know who thinks, nor what it costs.
"""

import math
from collections.abc import Mapping

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.languages import CALLABLE_KINDS
from sleeplsp.core.resolved import path_in
from sleeplsp.deduce.idioms.tests import is_test
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.ranking import Signals

WORTH_MIN = 0.02
"""A module of less is not thought about unless somebody asks for it."""

PREDICTABILITY = 0.5
"""Of a module whose questions were never weighed."""

LINES_MIN = 5
"""Lines of the smallest module that does not say all there is to know itself."""

LINES_HALF = 30
"""Lines of a module of which half of the benefit of a large one is to be had."""

TEST_SHARE = 0.3
"""How much less often anybody asks about a test."""


EDITED = 0.5
"""What a module is worth at least that somebody works on."""


class Worth:
    """What modules of one workspace are worth; the signals are those of when it was made.

    `gains` are the predictabilities measured before, in nats per token, by module.
    """

    def __init__(self, knowledge: Knowledge, signals: Signals, gains: Mapping[str, float]) -> None:
        self._knowledge = knowledge
        self._signals = signals
        self._gains = gains
        self._called = _callers(knowledge)

    def of(self, path: str, *, is_shown: bool, is_edited: bool) -> float | None:
        """Return a module's worth, 0 to 1; None if it is not to be thought about unless asked for."""
        facts = self._knowledge.facts[path]
        if not _has_functions(facts) or facts.lines < LINES_MIN:
            return None
        if is_shown:
            return 1.0
        worth = worth_of(path, facts.lines, self._signals, self._called.get(path, 0), self._gains.get(path))
        worth = max(worth, EDITED) if is_edited else worth
        return worth if worth >= WORTH_MIN else None


def worth_of(path: str, lines: float, signals: Signals, callers: int = 0, gain: float | None = None) -> float:
    """Return what a module is worth that nobody looks at, 0 to 1."""
    queries = signals.asked.get(path, 0) + 1 + math.log2(1 + callers)
    edits = signals.churn.get(path, 0) + 1
    likely = queries / (queries + edits)  # of two events at these rates, which comes first
    share = TEST_SHARE if is_test(path) else 1.0
    return likely * predictable(gain) * lines / (lines + LINES_HALF) * share


def predictable(gain: float | None) -> float:
    """Return how predictable a module's questions are, 0 to 1, of their mean gain in nats per token."""
    if gain is None:
        return PREDICTABILITY
    return 1 - math.exp(-max(gain, 0.05))


def _callers(knowledge: Knowledge) -> dict[str, int]:
    """Return from how many other modules' functions each module is called."""
    counts: dict[str, int] = {}
    for ref, callers in knowledge.callers.items():
        path = path_in(ref)
        counts[path] = counts.get(path, 0) + sum(path_in(each) != path for each in callers)
    return counts


def _has_functions(facts: ModuleFacts) -> bool:
    return any(each.kind in CALLABLE_KINDS for each in facts.symbols)
