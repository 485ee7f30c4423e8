"""The history of a workspace: which of its files differ from a commit, and what they were then.

Reads blobs as they are stored: no filter, external diff or text converter that a repository names is run on
them. Fulfils `engine.drift.History`. This module must not know what is done with the texts.
"""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from sleeplsp.core.languages import language_of
from sleeplsp.core.spelling import native, portable
from sleeplsp.engine.drift.history import Differing
from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.settings import Settings
from sleeplsp.repo import git
from sleeplsp.repo.contents import reason_of_contents

CHURN_COMMITS_MAX = 300
"""Commits that are looked at for what changes often."""

DIFFERING_MAX = 20_000
"""Files that may differ from a commit; with more, nothing is told: that is another program."""

DIFFERING_BYTES_MAX = 256 * 2**20
"""Bytes of what they were, all together."""

_COMPARE = ("diff", "--raw", "-z", "-M", "--no-abbrev", "--relative", "--ignore-submodules=all")
_HEAD_BYTES = 200  # a name, a word and a number
_REGULAR = frozenset((b"100644", b"100755"))


class GitHistory:
    """The git history of one folder."""

    def __init__(self, root: str | Path, settings: Settings | None = None) -> None:
        self._root = str(root)
        self._settings = settings or Settings()

    def head(self) -> str | None:
        """Return the commit that is checked out, in hex; None where there is none."""
        return git.head(self._root)

    def commit(self, revision: str) -> str:
        """Return the commit a revision names, in hex. Raises UsageError."""
        try:
            return git.commit(self._root, revision)
        except git.GitError as error:
            raise UsageError(f"drift against {revision!r} cannot be told: {error}") from error

    def churn(self) -> dict[str, int]:
        """Return how many of the last commits changed each file; nothing where that cannot be told."""
        command = ("log", f"--max-count={CHURN_COMMITS_MAX}", "--no-merges", "--name-only", "--relative")
        try:
            listed = git.run(self._root, *command, "--format=", "-z")
        except git.GitError:
            return {}
        return dict(Counter(portable(os.fsdecode(each)) for each in listed.split(b"\0") if each.strip()))

    def subjects(self, path: str, count: int) -> tuple[str, ...]:
        """Return the subject lines of the last commits that changed a file; nothing where that is unknown."""
        command = ("log", f"--max-count={count}", "--no-merges", "--format=%s", "-z")
        try:
            told = git.run(self._root, *command, "--", f":(literal){native(path)}")
        except (git.GitError, ValueError):
            return ()
        return tuple(each.decode("utf-8", "replace") for each in told.split(b"\0") if each.strip())

    def differing(self, commit: str) -> Differing | None:
        """Return which files differ from a commit; None if that cannot be told."""
        try:
            return self._differing(commit)
        except git.GitError:
            return None

    def _differing(self, commit: str) -> Differing | None:
        changed = list(_changed(git.run(self._root, *_COMPARE, commit, "--")))
        blobs = {each.then: each.blob for each in changed if each.blob}
        if len(blobs) > DIFFERING_MAX:
            return None
        texts = self._texts(blobs)
        if texts is None:
            return None
        untracked = (portable(path) for path in git.untracked_files(self._root))
        present = {each.now for each in changed if each.now} | set(filter(language_of, untracked))
        return Differing(
            texts,
            added=frozenset(present - blobs.keys()),
            renamed={
                each.now: each.then for each in changed if each.blob and each.now not in ("", each.then)
            },
            unknown=frozenset(blobs.keys() - texts.keys()),
        )

    def _texts(self, blobs: Mapping[str, str]) -> dict[str, bytes] | None:
        """Return what files were, without those that are not to be read; None if that is too much."""
        sizes = self._sizes(set(blobs.values()))
        small = {blob for blob, size in sizes.items() if size <= self._settings.file_bytes_max}
        if sum(sizes[blob] for blob in small) > DIFFERING_BYTES_MAX:
            return None
        contents = self._contents(small)
        return {
            path: contents[blob]
            for path, blob in blobs.items()
            if blob in contents and reason_of_contents(contents[blob], self._settings.line_bytes_max) is None
        }

    def _sizes(self, blobs: Collection[str]) -> dict[str, int]:
        """Return how many bytes blobs have; those that are not here are left out."""
        if not blobs:
            return {}
        answers = git.run(self._root, "cat-file", "--batch-check", given=_lines(blobs)).splitlines()
        told = (answer.split(b" ") for answer in answers)
        return {words[0].decode(): int(words[2]) for words in told if len(words) == 3}

    def _contents(self, blobs: Collection[str]) -> dict[str, bytes]:
        if not blobs:
            return {}
        answer = git.run(self._root, "cat-file", "--batch", given=_lines(blobs))
        found, at = {}, 0
        while at < len(answer):
            head, _, _ = answer[at : at + _HEAD_BYTES].partition(b"\n")
            words = head.split(b" ")
            at += len(head) + 1
            if len(words) == 3:
                size = int(words[2])
                found[words[0].decode()] = answer[at : at + size]
                at += size + 1
        return found


class _Changed(NamedTuple):
    """One file that changed: `then` and `now` are '' where it was not there; `blob` what it was."""

    then: str
    now: str
    blob: str


def _changed(raw: bytes) -> Iterator[_Changed]:
    """Read what `git diff --raw -z` prints: modes, blobs and a letter, then one path or two."""
    parts = iter(raw.split(b"\0"))
    for described in parts:
        words = described.removeprefix(b":").split(b" ")
        if len(words) < 5:
            continue
        mode, mode_now, blob, _, status = words[:5]
        first = portable(os.fsdecode(next(parts)))
        second = portable(os.fsdecode(next(parts))) if status[:1] in b"RC" else first
        then = first if mode in _REGULAR and status[:1] != b"C" else ""
        now = second if mode_now in _REGULAR else ""
        if status != b"U" and language_of(then or now) is not None:
            yield _Changed(then, now, blob.decode() if then else "")


def _lines(blobs: Iterable[str]) -> bytes:
    return "".join(f"{blob}\n" for blob in sorted(blobs)).encode()
