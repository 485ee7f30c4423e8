"""What a model has found out of one workspace by now, and which modules that is of as they are now.

It must not know who asks the model, nor in which order.
"""

import time
from collections.abc import Iterator

import msgspec

from sleeplsp.core.insight import Insight, Suspicion
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.reflection.course import Course
from sleeplsp.engine.reflection.rows import Entry, Shelf, Study
from sleeplsp.engine.reflection.standing import soft, standing

KEEP_EVERY_S = 10.0
"""Seconds between two times it is kept which modules were thought about."""


class Known:
    """The studies of one workspace; for one thread. Raises StoreError where the store does."""

    def __init__(self, shelf: Shelf, knowledge: Knowledge) -> None:
        self.insights: dict[str, Insight] = {}
        """By module; those of older code too, of which single claims may still hold."""
        self.studies: dict[str, Study] = {}
        self.changed: set[str] = set()
        """Modules of which another Insight is known than when this was last emptied."""
        self._shelf = shelf
        self._knowledge = knowledge
        self._entries: dict[str, Entry] | None = None
        self._unkept: dict[str, Entry] = {}
        self._kept_at = time.monotonic()

    def load(self) -> None:
        """Take up what was found out earlier, the first time: as far as the modules are still there."""
        if self._entries is not None:
            return
        self._entries = self._shelf.entries()
        known = {path: each for path, each in self._entries.items() if path in self._knowledge.facts}
        by_key = {each.key: path for path, each in known.items()}
        for key, study in self._shelf.studies((each.key, each.edition) for each in known.values()).items():
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

    def mark_older(self, path: str) -> None:
        """Take note where something a model was told besides the code has changed since.

        It is not thought about anew for that: its claims rest on the code, and an edit of one module would
        cost what all that call it cost.
        """
        entry, insight = (self._entries or {}).get(path), self.insights.get(path)
        if entry is None or insight is None:
            return
        older = entry.soft != soft(self._knowledge, path)
        if insight.older is not older:
            self.insights[path] = msgspec.structs.replace(insight, older=older)
            self.changed.add(path)

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
        self.studies[path] = study
        if self.insights.get(path) != study.insight:
            self.insights[path] = study.insight
            self.changed.add(path)

    def finish(self, course: Course, study: Study) -> None:
        """Take up what was found out of a module, for good."""
        path = course.path
        self._shelf.keep_study(course.edition, study)
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
        if self._entries is not None:
            self._entries[path] = entry
        self.learn(path, study)

    def keep(self, *, at_once: bool) -> None:
        """Keep which modules were thought about; unless at once, not more often than now and then."""
        if self._unkept and (at_once or time.monotonic() - self._kept_at > KEEP_EVERY_S):
            self._shelf.keep_entries(self._unkept)
            self._unkept = {}
            self._kept_at = time.monotonic()
