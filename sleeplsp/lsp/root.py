"""A root: one workspace folder with its open modules, its Sleeper and its settings.

The documents that lie in no folder have a root as well, without one: each is thought about by itself.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from sleeplsp.core.snapshot import OpenModule
from sleeplsp.core.spelling import native, portable
from sleeplsp.engine.explaining import Explain
from sleeplsp.engine.ledger import Books
from sleeplsp.engine.noting import Notes
from sleeplsp.engine.ports import Baselines, Watch
from sleeplsp.engine.reasoner import Reasoner
from sleeplsp.engine.replied import Ask
from sleeplsp.engine.settings import UNASKED, Settings, is_thought_alike
from sleeplsp.engine.silence import NO_JOURNAL
from sleeplsp.engine.sleeper import Sleeper
from sleeplsp.engine.status import Listener
from sleeplsp.engine.workspace import Workspace
from sleeplsp.lsp.convert import uri_of

KeepReport = Callable[[str, str], Path]
"""Writes the report of a module, a path and a text, and returns the file; raises SleepError."""


class Opened(NamedTuple):
    """What a root needs from outside."""

    settings: Settings
    reasoner: Reasoner
    keep_report: KeepReport
    warnings: tuple[str, ...] = ()
    """Values that were not used, and why: one line each."""
    watch: Watch | None = None
    """Who notices what changes in the folder, should the editor not tell."""
    notes: Notes = Notes(NO_JOURNAL, "", "server")
    books: Callable[[], Books] = Books
    """Reads what calls of a model cost by now; waits, and raises JournalError."""
    explain: Explain | None = None
    """Says what a pasted traceback comes from."""
    ask: Ask | None = None
    """Answers questions that nothing at hand answers."""
    baselines: Baselines | None = None
    """Keeps what its repository says is to be left."""
    busy: Callable[[], str] = lambda: ""
    """Says why work that nobody waits for should wait."""


OpenRoot = Callable[[Path | None, Mapping[str, object]], Opened]
"""Makes what a root needs, of its folder and the editor's settings; raises SleepError."""


class Root:
    """One folder the editor has open, or all that lies in none."""

    def __init__(self, folder: Path | None, opened: Opened, listener: Listener) -> None:
        self.folder = folder
        self.settings = opened.settings
        self.keep_report = opened.keep_report
        self.warnings = opened.warnings
        self.baselines = opened.baselines
        self.watch, self.explain, self.ask = opened.watch, opened.explain, opened.ask
        self.editor_settings: dict[str, object] = {}
        """What the editor sets here."""
        self.workspace = Workspace()
        self.notes, self._busy, self.books = opened.notes, opened.busy, opened.books
        self.sleeper = Sleeper(
            self.workspace,
            opened.reasoner,
            listener,
            idle_s=opened.settings.idle_s,
            notes=opened.notes,
            busy=self._is_busy,
        )
        if opened.settings.paused:
            self.sleeper.pause()
        self.uris: dict[str, str] = {}
        """What the editor calls the modules that are open."""
        self._folders = (folder, Path(os.path.realpath(folder))) if folder is not None else ()

    @property
    def name(self) -> str:
        """What the user may call it."""
        return self.folder.name or str(self.folder) if self.folder is not None else "single files"

    def configure(self, opened: Opened) -> tuple[str, ...]:
        """Take up settings as they are now; return the warnings that are new.

        What is known stays: if another reasoner is needed, it says what is not right any more.
        """
        before, self.settings, self._busy = self.settings, opened.settings, opened.busy
        self.books = opened.books
        if not is_thought_alike(before, opened.settings):
            self.sleeper.replace(opened.reasoner, idle_s=opened.settings.idle_s)
            self.explain, self.ask = opened.explain, opened.ask
        if before.paused != opened.settings.paused:
            (self.sleeper.pause if opened.settings.paused else self.sleeper.resume)()
        known, self.warnings = self.warnings, opened.warnings
        return tuple(line for line in opened.warnings if line not in known)

    @property
    def unasked(self) -> str:
        """Why no model is asked here, for the user; empty if one is."""
        if self.settings.has_model or self.settings.replay is not None:
            return ""
        faults = (line for line in self.warnings if line.startswith(UNASKED))
        return next(faults, "none is named" if self.settings.consult else "the setting `consult` is off")

    def _is_busy(self) -> str:
        return self._busy()

    def relative(self, path: Path) -> str | None:
        """Return a file's path within the root; None if it lies outside."""
        for folder in self._folders:
            if path.is_relative_to(folder):
                return portable(path.relative_to(folder).as_posix())
        return None

    def module(self, path: str) -> OpenModule | None:
        """Return an open module."""
        return self.workspace.snapshot.modules.get(path)

    def uri(self, path: str) -> str:
        """Return the URI of a module: the editor's own if it is open."""
        return self.uris.get(path) or uri_of((self.folder or Path("/")) / native(path))
