"""The watch: drift beside a Deduction that goes on in steps, with the base made in a thread of its own.

It must not know who is told of drift.
"""

import logging
import threading
from collections.abc import Callable, Collection, Mapping

from sleeplsp.core.insight import Suspicion
from sleeplsp.core.resolved import path_in
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.drift.keeper import DriftKeeper, Making
from sleeplsp.engine.errors import SleepError

log = logging.getLogger(__name__)


class DriftWatch:
    """What has drifted in one workspace; for one thread."""

    def __init__(self, keeper: DriftKeeper) -> None:
        self._keeper = keeper
        self._making: threading.Thread | None = None
        self._held: set[str] = set()
        self._found: dict[str, tuple[Suspicion, ...]] = {}

    def hold(self, held: Collection[str], closed: Collection[str]) -> None:
        """Take note of modules whose text an editor holds, and of those whose file counts again."""
        self._held.difference_update(closed)
        self._held.update(held)

    def note(self, paths: Collection[str]) -> None:
        """Take note of modules of which something else is known than before."""
        self._keeper.note(paths)

    def of(self, path: str) -> tuple[Suspicion, ...]:
        """Return what has drifted in a module."""
        return self._found.get(path, ())

    @property
    def all(self) -> Mapping[str, tuple[Suspicion, ...]]:
        """Return what has drifted, by module."""
        return self._found

    def follow(self, deduction: Deduction) -> set[str] | None:
        """After a run, return the modules of which something else is told than before.

        None while the base is being made: the Deduction's mail says when it is.
        """
        if self._making is not None:
            return None
        making = self._keeper.update(deduction, self._held)
        if making is not None:
            wake = deduction.mail.put
            self._making = threading.Thread(target=self._make, args=(making, wake), daemon=True)
            self._making.start()
            return None
        before, self._found = self._found, {}
        for _, suspicion in self._keeper.drifted(deduction):
            path = path_in(suspicion.place.ref)
            self._found[path] = (*self._found.get(path, ()), suspicion)
        return {path for path in before.keys() | self._found.keys() if before.get(path) != self.of(path)}

    def _make(self, making: Making, wake: Callable[[], object]) -> None:
        try:
            self._keeper.take(making.run())
        except SleepError as error:
            log.warning("what was promised at HEAD is not known: %s", error)
        except Exception:
            log.exception("what was promised at HEAD is not known")
        finally:
            self._making = None
            wake()
