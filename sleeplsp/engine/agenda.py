"""The Agenda: which modules wait to be thought about, and why.

A value: each operation returns a new one. It must not know time or who empties it.
"""

from collections.abc import Container

import msgspec

EVERYTHING = ""
"""The path that stands for the whole workspace."""

FEW_MAX = 50
"""Modules that are thought about at once, however busy the machine is."""


OF_ONE = frozenset(("opened", "edited", "closed"))
"""Causes that concern one module alone, whose text an editor holds: no other file has changed with them."""


class Agenda(msgspec.Struct, frozen=True):
    """Modules that wait, in the order in which they came, each with the cause that came last."""

    waiting: dict[str, str] = {}
    scan: bool = False
    """Files may have changed, come or gone."""
    again: frozenset[str] = frozenset()
    """Modules to be thought about again whatever is known of them; EVERYTHING for all."""
    deeper: frozenset[str] = frozenset()
    """Modules a model is to think about more than they are worth by themselves; EVERYTHING for all."""

    def add(self, path: str, cause: str, *, again: bool = False, deeper: bool = False) -> "Agenda":
        """Return the agenda with a module that waits because of `cause`."""
        return Agenda(
            {**self.waiting, path: cause},
            self.scan or path == EVERYTHING or cause not in OF_ONE,
            self.again | {path} if again else self.again,
            self.deeper | {path} if deeper else self.deeper,
        )

    def joined(self, later: "Agenda") -> "Agenda":
        """Return the agenda of both."""
        waiting = {**self.waiting, **later.waiting}
        return Agenda(waiting, self.scan or later.scan, self.again | later.again, self.deeper | later.deeper)

    def decided(self) -> "Agenda":
        """Return what of it is left for a model, who remembers which modules were asked for."""
        return Agenda(self.waiting)

    def __bool__(self) -> bool:
        return bool(self.waiting)

    def about(self) -> tuple[str, ...]:
        """Return the modules that wait; none if it is the whole workspace."""
        return () if EVERYTHING in self.waiting else tuple(self.waiting)

    def is_long(self, shown: Container[str]) -> bool:
        """Tell whether what waits is much, and nothing of it is shown to somebody."""
        if any(path in shown for path in self.waiting):
            return False
        return EVERYTHING in self.waiting or len(self.waiting) > FEW_MAX

    def cause(self) -> str:
        """Return why the next run is made, for the log and for whoever asks."""
        return ", ".join(dict.fromkeys(self.waiting.values()))


NOTHING = Agenda()


CROWD_MIN = 500
"""Open modules from which on thinking waits for a pause in what comes, as after an edit."""

LOOK_S = 20e-6
"""Seconds that a look at one of them costs, and each run begins with a look at all."""


SAVED_S = 0.1
"""Seconds that are waited after a save: several files are saved at once, and formatters save once more."""


def pause_s(open_modules: int, cause: str) -> float:
    """Return how long to wait for more before a run begins, so that what comes in one go makes one."""
    crowd = open_modules * LOOK_S if open_modules >= CROWD_MIN else 0.0
    return max(crowd, SAVED_S if cause == "saved" else 0.0)
