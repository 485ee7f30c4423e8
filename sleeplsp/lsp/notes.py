"""What the journal is told of what an editor shows and its user does. Nobody waits for it."""

from collections.abc import Iterable
from itertools import groupby

from sleeplsp.answers.hover import Hover
from sleeplsp.core.ignores import is_ignored
from sleeplsp.core.insight import Suspicion
from sleeplsp.core.resolved import path_in
from sleeplsp.engine.entries import Act
from sleeplsp.lsp.root import Root


def note_shown(root: Root, suspicions: Iterable[Suspicion]) -> None:
    """Take note that suspicions are told as diagnostics."""
    for path, found in groupby(suspicions, key=lambda each: path_in(each.place.ref)):
        root.notes.shown(path, found)


def note_hover(root: Root, path: str, told: Hover | None) -> None:
    """Take note of a hover, and of what it shows."""
    root.notes.queried(path, "hover", found=told is not None)
    if told is not None and told.suspicions:
        root.notes.shown(path, told.suspicions)


def note_ignored(root: Root, paths: Iterable[str]) -> None:
    """Take note of what was shown of modules and is silenced by a comment now."""
    for path in paths:
        module = root.module(path)
        if module is None or not module.settled:
            continue
        for mark in module.marks:
            suspicion = mark.claim.suspicion
            reach = max(mark.end, mark.comment_at)
            if root.notes.has_shown(suspicion.id) and is_ignored(
                module.text, mark.start, reach, suspicion.category
            ):
                root.notes.acted(suspicion.id, Act.IGNORED)


def note_applied(root: Root, suspicion: str) -> None:
    """Take note that the fix of a suspicion, named by its id, is taken."""
    root.notes.acted(suspicion, Act.APPLIED)
