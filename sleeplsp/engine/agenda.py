"""The Agenda: which modules wait to be thought about, and why.

A value: each operation returns a new one. It must not know time or who empties it.
"""

import msgspec

EVERYTHING = ""
"""The path that stands for the whole workspace."""


class Agenda(msgspec.Struct, frozen=True):
    """Modules that wait, in the order in which they came, each with the cause that came last."""

    waiting: dict[str, str] = {}

    def add(self, path: str, cause: str) -> "Agenda":
        """Return the agenda with a module that waits because of `cause`."""
        return Agenda({**self.waiting, path: cause})

    def joined(self, later: "Agenda") -> "Agenda":
        """Return the agenda of both."""
        return Agenda({**self.waiting, **later.waiting})

    def __bool__(self) -> bool:
        return bool(self.waiting)

    def cause(self) -> str:
        """Return why the next run is made, for the log and for whoever asks."""
        return ", ".join(dict.fromkeys(self.waiting.values()))


NOTHING = Agenda()
