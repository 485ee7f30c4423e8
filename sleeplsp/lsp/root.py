"""A root: one workspace folder with its open modules, its Sleeper and its settings."""

import os
from pathlib import Path

from sleeplsp.core.snapshot import OpenModule
from sleeplsp.engine.settings import Settings
from sleeplsp.engine.sleeper import Listener, Reasoner, Sleeper
from sleeplsp.engine.workspace import Workspace


class Root:
    """One folder the editor has open."""

    def __init__(self, folder: Path, settings: Settings, reasoner: Reasoner, listener: Listener) -> None:
        self.folder = folder
        self.settings = settings
        self.workspace = Workspace()
        self.sleeper = Sleeper(self.workspace, reasoner, listener, idle_s=settings.idle_s)

    def relative(self, path: Path) -> str | None:
        """Return a file's path within the root; None if it lies outside."""
        for folder in (self.folder, Path(os.path.realpath(self.folder))):
            if path.is_relative_to(folder):
                return path.relative_to(folder).as_posix()
        return None

    def module(self, path: str) -> OpenModule | None:
        """Return an open module."""
        return self.workspace.snapshot.modules.get(path)
