"""Ignore files: what git's patterns say about one file or folder, entry by entry from the root.

Git asks for each folder on the way down, and looks into no folder that is ignored; so must whoever
uses this module. What git knows and pathspec does not: character classes (`[[:alpha:]]`), and
backslashes within brackets. It must not know which files there are, nor why a file might be left
out otherwise.
"""

import contextlib
import os
import re
import stat
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_IGNORE_FILE_BYTES_MAX = 1024 * 1024
# pathspec answers for everything below a match as well. No name holds a NUL: with one at the end of
# pattern and path, a pattern matches the very entry that is asked about, as it does in git.
_END = "\0"
_COMMENT = "#"
_TRAILING_SPACES = re.compile(r"(?<!\\)((?:\\\\)*) +$")
_TRAILING_BACKSLASHES = re.compile(r"\\*$")


class Patterns:
    """The patterns of one ignore file. Paths are relative to the folder that holds it."""

    def __init__(self, raw: bytes) -> None:
        lines = [_trimmed(line) for line in _text(raw.removeprefix(b"\xef\xbb\xbf")).split("\n")]
        kept = [line for line in lines if line.strip("/") and not line.startswith(_COMMENT)]
        self._for_folders = _Matcher([line.removesuffix("/") for line in kept])
        self._for_files = _Matcher([line for line in kept if not line.endswith("/")])

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Tell whether the entry is ignored (True), taken in again (False) or not named (None)."""
        return (self._for_folders if is_folder else self._for_files).verdict(path)


class _Matcher:
    """Patterns in order; those without a slash are asked once for each name, not for each path."""

    def __init__(self, lines: list[str]) -> None:
        self._of_names = _compiled([_COMMENT if "/" in line else line for line in lines])
        self._of_paths = _compiled([line if "/" in line else _COMMENT for line in lines])
        self._known: dict[str, tuple[int, bool | None]] = {}

    def verdict(self, path: str) -> bool | None:
        name = path[path.rfind("/") + 1 :]
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = _last_match(self._of_names, name)
        # The pattern that stands further down in the file has the word.
        return max(found, _last_match(self._of_paths, path), key=lambda each: each[0])[1]


def _last_match(spec: "GitIgnoreSpec | None", path: str) -> tuple[int, bool | None]:
    """Return the number of the last pattern that matches, -1 for none, and what it says."""
    if spec is None:
        return -1, None
    result = spec.check_file(path + _END)
    return (-1, None) if result.index is None else (result.index, result.include)


class Rules:
    """The ignore files that apply in one folder, from the root down; the last one has the word."""

    def __init__(self, levels: tuple[tuple[str, Patterns], ...] = ()) -> None:
        self._levels = levels

    def within(self, folder: str, patterns: Patterns | None) -> "Rules":
        """Return the rules of a folder (`a/b/`, or empty for the root) with its own ignore file."""
        return self if patterns is None else Rules((*self._levels, (_comparable(folder), patterns)))

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Tell what the rules say of an entry, given its path from the root, as `Patterns` does."""
        if not self._levels:
            return None
        path = _comparable(path)
        for folder, patterns in reversed(self._levels):
            verdict = patterns.verdict(path[len(folder) :], is_folder=is_folder)
            if verdict is not None:
                return verdict
        return None


def read_patterns(file: str) -> Patterns | None:
    """Return the patterns of an ignore file; None where there is no such regular file.

    A link is not followed, as git does not: the file it leads to may be anyone's.
    """
    # Nearly every folder has none, and this says so at a quarter of the cost of a failing open.
    if not os.access(file, os.R_OK):
        return None
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with os.fdopen(os.open(file, flags), "rb") as opened:
            if stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                return Patterns(opened.read(_IGNORE_FILE_BYTES_MAX))
    except OSError:
        pass
    return None


def patterns_of(lines: Sequence[str]) -> Patterns | None:
    """Return patterns that a setting lists, or None for none."""
    encoded = []
    for line in lines:
        with contextlib.suppress(UnicodeEncodeError):  # with half a character in it no name is matched
            encoded.append(line.encode("utf-8", "surrogateescape"))
    return Patterns(b"\n".join(encoded)) if encoded else None


def _trimmed(line: str) -> str:
    line = _TRAILING_SPACES.sub(r"\1", line.removesuffix("\r"))
    found = _TRAILING_BACKSLASHES.search(line)
    # A pattern that ends in the midst of an escape matches nothing.
    return "" if found and len(found[0]) % 2 else line


def _compiled(lines: list[str]) -> "GitIgnoreSpec | None":
    """Compile lines so that a pattern's number is its line's; a line that fails matches nothing."""
    ended = [line if line.endswith("/**") else line + _END for line in lines]
    if all(line.startswith(_COMMENT) for line in ended):
        return None
    return _spec(ended) or _spec([line if _spec([line]) else _COMMENT for line in ended])


def _spec(lines: list[str]) -> "GitIgnoreSpec | None":
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 50 ms that most commands do not need

    with warnings.catch_warnings():
        # A bracket such as `[[]` is fine in git; to Python's `re` it is doubtful, and it says so.
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return GitIgnoreSpec.from_lines(lines)
        except (ValueError, re.error):
            return None


def _comparable(path: str) -> str:
    """Return the path's bytes as characters: git compares bytes, `?` stands for one of them."""
    return path if path.isascii() else _text(os.fsencode(path))


def _text(raw: bytes) -> str:
    return raw.decode("latin-1")
