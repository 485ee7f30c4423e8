"""The model reasoner over one workspace: a model thinks, and then its claims are tried that can be.

For the thread of its Deduction, which it stands beside. It must not know endpoints, nor how code is run.
"""

from collections.abc import Callable, Collection

import msgspec

from sleeplsp.engine.outcome import Progress, Reflected
from sleeplsp.engine.reflection.known import Known
from sleeplsp.engine.reflection.reflection import Reflection
from sleeplsp.engine.verification.verification import Verification

Tell = Callable[[Progress], None]


class ModelReasoner:
    """A Reflection, and the Verification of what comes of it, as one."""

    def __init__(self, reflection: Reflection, verification: Verification) -> None:
        self._reflection, self._verification = reflection, verification

    @property
    def known(self) -> Known:
        """What is known by now."""
        return self._reflection.known

    @property
    def outcome(self) -> Reflected | None:
        """Of the last run, once all of it has ended."""
        return self._reflection.outcome if self._verification.is_over else None

    @property
    def told(self) -> Reflected | None:
        """What there is to tell of the last run; None if nobody was to be asked, and nothing is known."""
        told = self._reflection.told
        if told is None or not self._verification.is_over:
            return None
        return msgspec.structs.replace(told, verified=self._verification.told)

    def ask(
        self,
        shown: Collection[str],
        edited: Collection[str] = (),
        again: Collection[str] = (),
        deeper: Collection[str] = (),
    ) -> None:
        """Look again what there is to think about and to try, once all is decided; as `Reflection.ask`."""
        self._reflection.ask(shown, edited, again, deeper)
        self._verification.ask()

    def pause(self) -> None:
        """Begin nothing until the next `ask`."""
        self._reflection.pause()
        self._verification.pause()

    def abandon(self) -> None:
        """End the calls of the model that are under way; in a pause that lasts."""
        self._reflection.abandon()

    def step(self, tell: Tell) -> bool:
        """Do a little; tell whether there is more to do at once, without mail. Raises StoreError."""
        if self._reflection.outcome is None:
            return self._reflection.step(tell) or self._reflection.outcome is not None
        is_busy = self._verification.step(tell)
        if self._verification.is_over and self._reflection.asks:
            self.known.keep(at_once=True, last=self.told)
        return is_busy

    @property
    def is_underway(self) -> bool:
        """Whether any call of the model is."""
        return self._reflection.is_underway

    @property
    def patience_s(self) -> float | None:
        """Seconds to wait for mail before another step; None if there is nothing to do without."""
        return self._reflection.patience_s if self._reflection.outcome is None else None

    def look(self, take: Callable[[bool], None]) -> None:
        """Find out whether anybody answers at the endpoint; `take` comes by mail."""
        self._reflection.look(take)

    def close(self) -> None:
        """Give back what it holds, and keep what it has."""
        self._verification.close()
        self._reflection.close()
