"""Watching: the files of one workspace as they change on disk, for an editor that does not tell.

Folders of tools and of other people's code are not watched, where they are found near the top, and never
told of. Of git's own folder, only what is checked out is. This module must not know who listens.
"""

import logging
import os
import threading
from collections.abc import AsyncGenerator, Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import anyio
import anyio.to_thread

from sleeplsp.core.spelling import portable
from sleeplsp.engine.agenda import EVERYTHING
from sleeplsp.engine.concern import concerns
from sleeplsp.engine.ports import Changed, WatchError
from sleeplsp.repo.heads import heads_of
from sleeplsp.repo.names import ENVIRONMENT_MARKS, TOOL_FOLDERS, VENDORED_FOLDERS

log = logging.getLogger(__name__)

QUIET_MS = 100
"""Milliseconds without a change after which those so far are told."""

TOLD_AFTER_MS = 1000
"""Milliseconds after which they are told though there are more."""

GONE_S = 1.0
"""Seconds after which a folder that is gone is given up, and watching that failed is tried again."""

HELD_S = 60.0
"""Seconds after which watching that loses changes had held: it does not fail over and over."""

TRIES_MAX = 5
"""Times that it may lose changes without having held: that files are read is enough for it to fail again."""

LEVELS = 3
"""Folders from the top down that are looked through for some to leave out."""

_LEFT_OUT = TOOL_FOLDERS | VENDORED_FOLDERS


class Plan(NamedTuple):
    """Which folders are watched."""

    alone: tuple[Path, ...]
    """Only what lies in them itself."""
    whole: tuple[Path, ...]
    """With all that is below."""
    heads: frozenset[Path] = frozenset()
    """What changes among them when HEAD moves."""


class LostError(Exception):
    """Changes were lost: watchfiles stops at the first name that is not UTF-8."""


class FileWatch:
    """The files below a folder. Fulfils the port `Watch`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def run(self, tell: Callable[[Changed], None]) -> None:
        """Tell what has changed, over and over. Raises WatchError where that cannot be watched."""
        if find_spec("watchfiles") is None:  # there is no build of it for every platform
            log.info("%s is not watched: watchfiles is not installed", self._root)
            return
        if not _is_unicode(self._root):
            raise WatchError("the name of the folder is not UTF-8")
        lost = 0
        while self._root.is_dir():
            plan, begun = await anyio.to_thread.run_sync(plan_of, self._root), anyio.current_time()
            if (failure := await self._keep_to(plan, tell)) is None:
                continue
            if isinstance(failure, LostError):
                lost = lost + 1 if anyio.current_time() - begun < HELD_S else 1
                if lost >= TRIES_MAX:
                    raise WatchError(str(failure)) from failure
            await anyio.sleep(GONE_S)
            tell(Changed(frozenset((EVERYTHING,))))  # what was not seen may be anything
        raise WatchError("the folder is gone")

    async def _keep_to(self, plan: Plan, tell: Callable[[Changed], None]) -> Exception | None:
        """Watch as planned until another plan is needed; return what failed, if it is worth another try."""
        stop, failures = threading.Event(), list[OSError | LostError]()

        async def watch(folders: tuple[Path, ...], *, whole: bool) -> None:
            try:
                async for paths in _changes(folders, stop, whole=whole):
                    if told := self._told(paths, plan.heads):
                        tell(told)
                    if any(path.is_dir() or path in plan.heads for path in paths):
                        needed = await anyio.to_thread.run_sync(plan_of, self._root)
                        if needed != plan:
                            break
            except (OSError, LostError) as error:
                failures.append(error)
            tasks.cancel_scope.cancel()

        try:
            async with anyio.create_task_group() as tasks:
                if plan.alone:
                    tasks.start_soon(partial(watch, plan.alone, whole=False))
                if plan.whole:
                    tasks.start_soon(partial(watch, plan.whole, whole=True))
        finally:
            stop.set()
        for error in failures:
            # A folder may have gone before it was watched: another plan is needed.
            if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
                raise WatchError(error.strerror or str(error)) from error
        return next(iter(failures), None)

    def _told(self, paths: set[Path], heads: frozenset[Path]) -> Changed | None:
        """Return what is to be told of changed paths."""
        found, switched = set(), False
        for path in paths:
            if path in heads:
                switched = True
            elif (inner := self._inner(path)) is not None and (concerns(inner) or _may_be_folder(path)):
                found.add(inner)
        return Changed(frozenset(found), switched) if found or switched else None

    def _inner(self, path: Path) -> str | None:
        """Return a path from the root on; None for what lies elsewhere, or in a folder that is left out."""
        if path == self._root or not path.is_relative_to(self._root):
            return None
        inner = path.relative_to(self._root)
        left_out = any(part.lower() in _LEFT_OUT for part in inner.parts)
        return portable(str(inner)) if not left_out else None


def plan_of(root: Path) -> Plan:
    """Return which folders to watch, so that as few as possible are watched that are left out."""
    is_whole, alone, whole = _planned(root, LEVELS)
    alone, whole = ([], [root]) if is_whole else (alone, whole)
    heads = heads_of(root)
    alone += sorted({each.parent for each in heads})
    return Plan(tuple(filter(_is_unicode, alone)), tuple(filter(_is_unicode, whole)), heads)


def _planned(folder: Path, levels: int) -> tuple[bool, list[Path], list[Path]]:
    if levels == 0:
        return True, [], [folder]
    is_whole, alone, whole = True, [folder], list[Path]()
    for each in _folders(folder):
        if _is_left_out(each):
            is_whole = False
            continue
        below_is_whole, below_alone, below_whole = _planned(each, levels - 1)
        is_whole = is_whole and below_is_whole
        alone += below_alone
        whole += below_whole
    return (True, [], [folder]) if is_whole else (False, alone, whole)


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return sorted(folder / each.name for each in entries if each.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _is_left_out(folder: Path) -> bool:
    return folder.name.lower() in _LEFT_OUT or any((folder / mark).exists() for mark in ENVIRONMENT_MARKS)


def _is_unicode(path: Path) -> bool:
    """Tell whether a path can be told to watchfiles: its bytes may be anything."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _may_be_folder(path: Path) -> bool:
    """Tell whether a path is a folder, or may have been one: moved away, what was in it is not told."""
    return path.is_dir() or (not os.path.lexists(path) and "." not in path.name)


async def _changes(
    folders: tuple[Path, ...], stop: threading.Event, *, whole: bool
) -> AsyncGenerator[set[Path], None]:
    """Yield what changes in folders until it is stopped; it waits in a thread of its own."""
    # Most editors watch themselves.
    from watchfiles import watch  # noqa: PLC0415
    from watchfiles._rust_notify import WatchfilesRustInternalError  # noqa: PLC0415

    found = watch(
        *folders,
        watch_filter=None,
        debounce=TOLD_AFTER_MS,
        step=QUIET_MS,
        stop_event=stop,
        recursive=whole,
        ignore_permission_denied=True,
        raise_interrupt=False,
    )
    limiter = anyio.CapacityLimiter(1)
    while True:
        try:
            changes = await anyio.to_thread.run_sync(
                next, found, None, limiter=limiter, abandon_on_cancel=True
            )
        except WatchfilesRustInternalError as error:
            raise LostError(str(error)) from error
        if changes is None:
            return
        yield {Path(path) for _, path in changes}
