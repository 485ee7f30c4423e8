"""What the engine needs of the outside world, as protocols; adapters fulfil them.

Adapters (`repo`, `cache`, `workers`, ...) may import this module and its values. It must not know how
any of them works.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Protocol

import msgspec

from sleeplsp.core.baseline import Baseline, Dismissal
from sleeplsp.engine.account import Account
from sleeplsp.engine.entries import Entry


class Baselines(Protocol):
    """The file of a repository that says which suspicions are to be left."""

    def read(self) -> tuple[Baseline, tuple[str, ...]]:
        """Return what it says, and what is wrong with it, a line each."""
        ...

    def add(self, entry: Dismissal) -> None:
        """Write one more entry. Raises UsageError."""
        ...


class SkipReason(StrEnum):
    """Why a file that was found is not read. The value is what the user is shown."""

    DENIED = "denied: may hold secrets"
    VENDORED = "vendored"
    GENERATED = "generated"
    MINIFIED = "minified"
    BINARY = "binary"
    TOO_LARGE = "larger than file_bytes_max"
    LINE_TOO_LONG = "a line longer than line_bytes_max"
    TOO_DEEP = "deeper than depth_max"
    OVER_LIMIT = "beyond files_max"
    EXCLUDED = "excluded by a setting or .sleeplspignore"
    LINKED = "a symbolic link"
    UNREADABLE = "unreadable"


class FileStamp(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file worth reading, as the directory says it is."""

    path: str
    """Relative to the workspace root, with forward slashes. What is not UTF-8 in it is spelled
    `\\udcXX`, so that any encoder accepts it; `Files.read` understands that spelling."""
    size_bytes: int
    mtime_ns: int


class SkippedFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file that was found and not read; or one folder that was not looked into.

    A folder left out as a whole (vendored, excluded, too deep, a link) is one entry, whose path ends
    with a slash: the files inside are neither listed nor counted.
    """

    path: str
    reason: SkipReason


class Listing(msgspec.Struct, frozen=True):
    """All files of a workspace: those to think about, those left out. Both sorted by path.

    Only files of a known language are `files`; files that no language claims are counted in `other`,
    but those that may hold secrets are listed, whatever their language.
    """

    files: tuple[FileStamp, ...]
    skipped: tuple[SkippedFile, ...]
    other: int


class Files(Protocol):
    """The files of one workspace."""

    def scan(self) -> Listing:
        """List the workspace without reading contents; never raises for a single bad file."""
        ...

    def read(self, path: str) -> bytes | SkipReason:
        """Return a file's bytes, or why its contents are not to be used; never raises."""
        ...


class Changed(msgspec.Struct, frozen=True):
    """Files that changed on disk at about the same time, from the workspace's root; and folders that did."""

    paths: frozenset[str]
    """EVERYTHING among them: any file may have changed."""
    switched: bool = False
    """Another branch or commit was checked out."""


class WatchError(Exception):
    """Files cannot be watched; the text is the reason."""


class Watch(Protocol):
    """Whoever notices what changes in a workspace."""

    async def run(self, tell: Callable[[Changed], None]) -> None:
        """Tell what has changed, over and over; raises WatchError."""
        ...


class Gate(Protocol):
    """What only so many processes of the machine may have at a time."""

    def enter(self) -> bool:
        """Try to pass, without waiting; tell whether it was possible. Who has passed passes again."""
        ...

    def leave(self) -> None:
        """Let others pass."""
        ...

    def beat(self) -> None:
        """Give a sign of life while others wait; who has stopped to give any is passed by."""
        ...

    def is_wanted(self) -> bool:
        """Tell whether somebody has tried to pass just now and could not."""
        ...


class OpenGate:
    """A gate that keeps nobody waiting."""

    def enter(self) -> bool:
        """Pass."""
        return True

    def leave(self) -> None:
        """Do nothing."""

    def beat(self) -> None:
        """Do nothing."""

    def is_wanted(self) -> bool:
        """Be wanted by nobody who waits."""
        return False


class Store(Protocol):
    """Bytes under string keys, shared by all processes of the machine. Losing it costs work, never truth."""

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what is stored of `keys`; a missing or unreadable row is simply absent."""
        ...

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        """Store all rows in one transaction; raises StoreError when that is impossible."""
        ...

    def close(self) -> None:
        """Release files and locks."""
        ...


class Journal(Protocol):
    """What happened: shared by all processes of the machine, and never evicted."""

    notices: list[str]
    """What the user should know, one line each: entries cannot be kept, for instance."""

    def tell(self, entry: Entry) -> None:
        """Take an entry; never waits and never raises."""
        ...

    def flush(self) -> bool:
        """Wait until all that was told is kept; tell whether it is."""
        ...

    def account(self, root: str) -> Account:
        """Return what is known of a workspace, by its digest; reads a file, raises JournalError."""
        ...

    def close(self) -> None:
        """Keep what was told, and end."""
        ...
