"""The tally: what one run of a model over a workspace comes to, counted as it goes on.

It must not know what is counted for.
"""

import time
from collections.abc import Iterable, Mapping

from sleeplsp.engine.model import Answer, CapError, ModelError, Usage
from sleeplsp.engine.outcome import Reflected
from sleeplsp.engine.reflection.failing import is_away
from sleeplsp.engine.reflection.rows import Study


class Tally:
    """Counts of one run."""

    def __init__(self) -> None:
        self.total = 0
        """Modules that waited when the run began."""
        self.modules = self.calls = self.weighed = self.cancelled = self.replayed = self.left = 0
        self.stopped = ""
        self.is_capped = self.is_away = False
        self._usage = Usage()
        self._cost = 0.0
        self._begun_at = time.monotonic()

    def answered(self, answer: Answer) -> None:
        """Count an answer."""
        self.calls += 1
        self._usage = added(self._usage, answer.usage)
        self._cost += answer.cost
        self.replayed += answer.replayed

    def stop(self, error: ModelError) -> None:
        """Take note of what has ended the run; what came first is told, but for a limit."""
        self.is_away = is_away(error) and (self.is_away or not self.stopped)
        self.stopped = self.stopped or str(error)
        self.is_capped = self.is_capped or isinstance(error, CapError)

    def outcome(
        self, model: str, studies: Mapping[str, Study], failed: dict[str, str], *, is_trusted: bool
    ) -> Reflected:
        """Return what the run came to; `studies` are of all modules that were ever thought about."""
        return Reflected(
            model=model,
            modules=self.modules,
            known=len(studies),
            left=self.left,
            calls=self.calls,
            weighed=self.weighed,
            replayed=self.replayed,
            cancelled=self.cancelled,
            prompt_tokens=self._usage.prompt,
            cached_tokens=self._usage.cached,
            completion_tokens=self._usage.completion,
            cost=self._cost,
            claims=summed(each.kept for each in studies.values()),
            drops=summed(each.drops for each in studies.values()),
            failed=failed,
            is_trusted=is_trusted,
            stopped=self.stopped,
            is_capped=self.is_capped,
            is_away=self.is_away,
            seconds=time.monotonic() - self._begun_at,
            module_seconds=sum(each.seconds for each in studies.values()) / max(len(studies), 1),
        )


def added(*usages: Usage) -> Usage:
    """Return the sum of what several calls took."""
    return Usage(
        sum(each.prompt for each in usages),
        sum(each.cached for each in usages),
        sum(each.completion for each in usages),
        sum(each.reasoning for each in usages),
        estimated=any(each.estimated for each in usages),
    )


def summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sum of several counts, the greatest first."""
    total: dict[str, int] = {}
    for each in counts:
        for name, count in each.items():
            total[name] = total.get(name, 0) + count
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))
