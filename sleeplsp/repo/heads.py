"""Heads: the files of git's own folder that change when HEAD moves, as they are now.

Git writes down a move of HEAD in more than one place, and leaves some of them out by its settings or
until there is a first commit. This module must not know who watches them.
"""

import os
from pathlib import Path, PurePosixPath

_GIT = ".git"
_FILE_BYTES_MAX = 4096


def heads_of(root: Path) -> frozenset[Path]:
    """Return what to look at for the work tree that a folder lies in; each lies in a folder there is."""
    git = git_folder(root)
    if git is None:
        return frozenset()
    # What all work trees have in common, where this one is not the first.
    common = Path(os.path.normpath(git / _said(git / "commondir")))
    files = [git / "HEAD", git / "logs" / "HEAD", common / "packed-refs"]
    ref = PurePosixPath(_said(git / "HEAD").removeprefix("ref:").strip())
    if ref.parts[:1] == ("refs",) and ".." not in ref.parts:
        files.append(common / ref)
    return frozenset(map(_awaited, files))


def git_folder(root: Path) -> Path | None:
    """Return git's own folder for the work tree that a folder lies in."""
    for folder in (root, *root.parents):
        mark = folder / _GIT
        if mark.is_dir():
            return mark
        said = _said(mark)
        if said.startswith("gitdir:"):  # a work tree beside the first one, or a submodule
            real = Path(os.path.realpath(folder / said.removeprefix("gitdir:").strip()))
            return real if real.is_dir() else None
    return None


def _awaited(file: Path) -> Path:
    """Return a file, or the first folder on the way to it that is not there yet."""
    while not file.parent.is_dir():
        file = file.parent
    return file


def _said(file: Path) -> str:
    """Return what one of git's small files says; nothing where there is none."""
    try:
        with file.open("rb") as opened:
            return os.fsdecode(opened.read(_FILE_BYTES_MAX)).strip()
    except OSError:
        return ""
