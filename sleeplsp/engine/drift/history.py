"""What the engine needs of a workspace's history, as a protocol; an adapter fulfils it."""

from typing import Protocol

import msgspec


class Differing(msgspec.Struct, frozen=True):
    """Modules that are not now what they were at a commit. All paths as in a `Listing`."""

    texts: dict[str, bytes]
    """What they were, by the path they had: of those that changed, are gone, or have another path."""
    added: frozenset[str] = frozenset()
    """Those that were not there."""
    renamed: dict[str, str] = {}
    """Path now -> path then, for those of which the history says so."""
    unknown: frozenset[str] = frozenset()
    """Those that were there, but what they were cannot be read."""

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing differs."""
        return not (self.texts or self.added or self.unknown)


class History(Protocol):
    """The commits behind one workspace."""

    def head(self) -> str | None:
        """Return the commit that is checked out, in hex; None where there is none."""
        ...

    def differing(self, commit: str) -> Differing | None:
        """Return which files differ from a commit; None if that cannot be told."""
        ...
