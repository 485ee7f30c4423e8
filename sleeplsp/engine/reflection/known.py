"""What a model has found out of one workspace by now, and which modules that is of as they are now.

It must not know who asks the model, nor in which order.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import msgspec

from sleeplsp.core.insight import Insight, Suspicion
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.outcome import Reflected
from sleeplsp.engine.reflection.course import Course
from sleeplsp.engine.reflection.rows import Entry, Failure, Shelf, Study
from sleeplsp.engine.reflection.standing import soft, standing
from sleeplsp.engine.reflection.trust import believed, is_trusted
from sleeplsp.engine.verification.verdicts import Verdicts

FAILED_S = 86_400.0
"""Seconds for which a module is left about which no reply was of use: models and filters are changed behind
their names."""

KEEP_EVERY_S = 10.0
"""Seconds between two times it is kept which modules were thought about."""


class Known:
    """The studies of one workspace; for one thread. Raises StoreError where the store does."""

    def __init__(
        self,
        shelf: Shelf,
        knowledge: Knowledge,
        verdicts: Verdicts,
        bounds: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`bounds` are limits within which a reply may be of no use, and beyond which it may be."""
        self.verdicts = verdicts
        self._now = clock
        self.insights: dict[str, Insight] = {}
        """What is told, by module; of older code too, of which single claims may still hold."""
        self.is_trusted = True
        """Whether the model is told of where it stands alone."""
        self.studies: dict[str, Study] = {}
        self.changed: set[str] = set()
        """Modules of which another Insight is known than when this was last emptied."""
        self.shelf = shelf
        self._knowledge = knowledge
        self._entries: dict[str, Entry] | None = None
        self._failures: dict[str, Failure] = {}
        self._unkept: dict[str, Entry] = {}
        self._unkept_failures: dict[str, Failure] = {}
        self._bounds = bounds
        self._kept = 0
        self._drops: Counter[str] = Counter()
        self._kept_at = time.monotonic()

    def load(self) -> None:
        """Take up what was found out earlier, the first time: as far as the modules are still there."""
        if self._entries is not None:
            return
        manifest = self.shelf.manifest()
        self._entries, self._failures = manifest.entries, manifest.failures
        known = {path: each for path, each in self._entries.items() if path in self._knowledge.facts}
        by_key = {each.key: path for path, each in known.items()}
        for key, study in self.shelf.studies((each.key, each.edition) for each in known.values()).items():
            self.learn(by_key[key], study)

    @property
    def gains(self) -> dict[str, float]:
        """How predictable the questions were, of modules where that was measured: nats per token."""
        entries = (self._entries or {}).items()
        return {path: each.predictability for path, each in entries if each.predictability is not None}

    def edition(self, path: str, key: str) -> int:
        """Return how often a module was thought about anew under a key."""
        entry = (self._entries or {}).get(path)
        return entry.edition if entry is not None and entry.key == key else 0

    def is_current(self, path: str) -> bool:
        """Tell whether a module was thought about as it is now."""
        entry = (self._entries or {}).get(path)
        return (
            entry is not None and path in self.studies and entry.standing == standing(self._knowledge, path)
        )

    def is_under(self, path: str, key: str) -> bool:
        """Tell whether a module was thought about last under a key: then it costs nothing more."""
        entry = (self._entries or {}).get(path)
        return entry is not None and path in self.studies and entry.key == key

    def mark_older(self, path: str) -> None:
        """Take note where something a model was told besides the code has changed since.

        It is not thought about anew for that: its claims rest on the code, and an edit of one module would
        cost what all that call it cost.
        """
        entry, study = (self._entries or {}).get(path), self.studies.get(path)
        if entry is None or study is None:
            return
        older = entry.soft != soft(self._knowledge, path)
        if study.insight.older is not older:
            insight = msgspec.structs.replace(study.insight, older=older)
            self.learn(path, msgspec.structs.replace(study, insight=insight))

    def as_weighed(self, study: Study) -> Study | None:
        """Return a study in the order in which its questions were weighed earlier; None if others were."""
        before = self.studies.get(study.insight.path)
        if before is None or before.insight.key != study.insight.key or before.predictability is None:
            return None
        questions = before.insight.questions
        if set(questions) != set(study.insight.questions):
            return None
        insight = msgspec.structs.replace(study.insight, questions=questions)
        return msgspec.structs.replace(study, insight=insight, predictability=before.predictability)

    def fail(self, path: str, reason: str, *, lasts: bool) -> None:
        """Take note that no reply about a module was of use; `lasts`: nor will one be as things are."""
        self._failures[path] = failure = Failure(self._mark(path), reason, self._now())
        if lasts:
            self._unkept_failures[path] = failure

    def has_failed(self, path: str) -> bool:
        """Tell whether no reply about a module as it is now was of use."""
        failure = self._failures.get(path)
        if failure is None or self._now() - failure.at > FAILED_S:
            return False
        return failure.mark == self._mark(path)

    @property
    def failed(self) -> dict[str, str]:
        """The modules as they are now about which no reply was of use, with the reason."""
        there = self._failures.keys() & self._knowledge.facts.keys()
        return {path: self._failures[path].reason for path in sorted(there) if self.has_failed(path)}

    def _mark(self, path: str) -> str:
        return f"{standing(self._knowledge, path)} {self._bounds}"

    def suspicions(self) -> Iterator[tuple[str, tuple[Suspicion, ...]]]:
        """Yield what is suspected in each module, as far as it rests on the code as it is now."""
        codes = self._knowledge.codes
        for path, insight in self.insights.items():
            found = tuple(
                each
                for each in insight.suspicions
                if all(codes.get(support.ref) == support.digest for support in each.support)
            )
            if found:
                yield path, found

    def learn(self, path: str, study: Study) -> None:
        """Take up what was found out of a module."""
        self._count(self.studies.get(path), -1)
        self._count(study, 1)
        self.studies[path] = study
        was_trusted, self.is_trusted = self.is_trusted, is_trusted(self._kept, self._drops)
        self.judge([path] if was_trusted is self.is_trusted else None)

    def judge(self, paths: Iterable[str] | None = None) -> None:
        """Say again what is told of some modules, or of all: verdicts may have come, or code have changed."""
        for each in self.studies if paths is None else paths:
            judged = self.verdicts.judged(self.studies[each].insight)
            insight = believed(judged, trusted=self.is_trusted)
            if self.insights.get(each) != insight:
                self.insights[each] = insight
                self.changed.add(each)

    @property
    def claimed(self) -> dict[str, Insight]:
        """What the model claims of each module, whatever became of it."""
        return {path: study.insight for path, study in self.studies.items()}

    def _count(self, study: Study | None, sign: int) -> None:
        if study is not None:
            self._kept += sign * sum(study.kept.values())
            for reason, count in study.drops.items():
                self._drops[reason] += sign * count

    def finish(self, course: Course, study: Study) -> None:
        """Take up what was found out of a module, for good."""
        path = course.path
        self.shelf.keep_study(course.edition, study)
        generations, later = study.depth
        entry = Entry(
            standing(self._knowledge, path),
            course.key,
            course.edition,
            soft(self._knowledge, path),
            generations,
            later,
            study.predictability,
        )
        self._unkept[path] = entry
        self._failures.pop(path, None)
        if self._entries is not None:
            self._entries[path] = entry
        self.learn(path, study)

    def keep(self, *, at_once: bool, last: Reflected | None = None) -> None:
        """Keep which modules were thought about; unless at once, not more often than now and then.

        `last` is what a run came to.
        """
        is_due = at_once or time.monotonic() - self._kept_at > KEEP_EVERY_S
        if is_due and (self._unkept or self._unkept_failures or last is not None):
            self.shelf.keep_manifest(self._unkept, self._unkept_failures, last)
            self._unkept, self._unkept_failures = {}, {}
            self._kept_at = time.monotonic()
