"""The survey: which modules of a workspace wait for a model, and what each is worth.

All of them are looked at once; from then on those that may have changed. It must not know who asks the model.
"""

from collections.abc import Callable, Collection, Iterable

from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.ranking import Signals
from sleeplsp.engine.reflection.known import Known
from sleeplsp.engine.reflection.worth import Worth


class Survey:
    """The modules of one workspace that wait; for one thread."""

    def __init__(self, deduction: Deduction, known: Known, look_for_signals: Callable[[], Signals]) -> None:
        self.waiting: dict[str, float] = {}
        """Modules to be thought about and their worth, the worthiest first."""
        self.again: set[str] = set()
        """Modules that somebody wants to be thought about anew."""
        self.deeper: set[str] = set()
        """Modules that somebody wants to be thought about more than they are worth by themselves."""
        self._left: set[str] = set()
        """Modules that were not reached."""
        self._deduction, self._known = deduction, known
        self._look_for_signals = look_for_signals
        self._changed = deduction.watch()
        self._worth: Worth | None = None
        self._shown: frozenset[str] = frozenset()
        self._edited: set[str] = set()
        self._unsaved: frozenset[str] = frozenset()

    def look(self, shown: Collection[str], edited: Collection[str], underway: Collection[str]) -> None:
        """Find out what waits, as of now. Modules under way do not."""
        knowledge = self._deduction.knowledge
        before, self._shown = self._shown, frozenset(shown)
        were_unsaved, self._unsaved = self._unsaved, frozenset(self._deduction.unsaved)
        self._edited.update(edited)
        if self._worth is None:
            self._known.load()
            self._worth = Worth(knowledge, self._look_for_signals(), self._known.gains)
            paths: set[str] = set(knowledge.facts)
        else:
            users = (knowledge.contexts.users(path) for path in self._changed)
            paths = self._changed.union(*users, before ^ self._shown, were_unsaved ^ self._unsaved)
            paths |= self.again | self.deeper | self._edited | self._left
        self._changed.clear()
        self._left.clear()
        worth = {path: each for path, each in self.waiting.items() if path not in paths}
        worth.update(self._waiting(paths.difference(underway)))
        self.waiting = dict(sorted(worth.items(), key=lambda item: (-item[1], item[0])))

    def failed(self, path: str) -> None:
        """Take note that no reply about a module was of use: it is left until it changes, or is asked for."""
        self.again.discard(path)
        self.deeper.discard(path)

    def leave(self, paths: Iterable[str]) -> None:
        """Take note that some modules are not reached in this run: they wait for the next."""
        self._left.update(paths)

    def done(self, path: str) -> None:
        """Take note that a module was thought about."""
        self.again.discard(path)
        self.deeper.discard(path)
        self._edited.discard(path)

    def cause(self, path: str, worth: float) -> str:
        """Return why it is a module's turn."""
        if path in self.deeper or path in self.again:
            return "it was asked for"
        if path in self._shown:
            return "it is open"
        return "it was edited" if path in self._edited else f"it is worth {worth:.0%}"

    def _waiting(self, paths: Iterable[str]) -> Iterable[tuple[str, float]]:
        for path in paths:
            # Half a thought of somebody is not sent.
            if path in self._deduction.knowledge.facts and path not in self._unsaved:
                worth = self._worth_of(path)
                if worth is not None and self._is_wanted(path):
                    yield path, worth

    def _worth_of(self, path: str) -> float | None:
        if path in self.again or path in self.deeper:
            return 1.0
        if self._worth is None:
            return None
        return self._worth.of(path, is_shown=path in self._shown, is_edited=path in self._edited)

    def _is_wanted(self, path: str) -> bool:
        if path in self.again or path in self.deeper:
            return True
        if self._known.has_failed(path):
            return False
        if self._known.is_current(path):
            self._known.mark_older(path)
            return False
        return True
