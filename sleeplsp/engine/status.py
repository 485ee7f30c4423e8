"""The status of a Sleeper, and who is told of it. Values and a protocol."""

from typing import Protocol

import msgspec

from sleeplsp.engine.outcome import Outcome, Progress, Reflected


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What the Sleeper is doing."""

    thinking: bool
    paused: bool = False
    """No run begins: what waits is thought about when the pause is over."""
    waiting: str = ""
    """Why no run begins though there is something to think about."""
    cause: str = ""
    about: tuple[str, ...] = ()
    """The modules that a run is about; none if it is the whole workspace."""
    progress: Progress | None = None
    outcome: Outcome | None = None
    """Of the last run that finished."""
    reflected: Reflected | None = None
    """What a model's part of the last run that finished came to."""
    failure: str = ""
    """Of the last run, if it failed."""

    @property
    def state(self) -> str:
        """What it does, in one word."""
        if self.thinking:
            return "thinking"
        return "paused" if self.paused else "waiting" if self.waiting else "asleep"


class Listener(Protocol):
    """Told of everything, on the event loop."""

    def learned(self, path: str) -> None:
        """Take note that claims of an open module came, or that it was read afresh."""
        ...

    def noticed(self, line: str) -> None:
        """Take note of something that the user should know."""
        ...

    def slept(self, status: Status) -> None:
        """Take note that a run began, came further, finished or failed."""
        ...
