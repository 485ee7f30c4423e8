"""A session: one workspace with its settings, files, store and reasoner, joined for a front end.

Commands and the server's deducer process open one; what went wrong on the way is told in `warnings`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from sleeplsp.cache.disk import DiskStore
from sleeplsp.cache.memory import MemoryStore
from sleeplsp.cli.crew import start_crew
from sleeplsp.core.recipe import recipe
from sleeplsp.deduce.checks import CHECKS
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.settings import Layer, Origin, Settings, environment_layer, resolve
from sleeplsp.repo.files import Repository
from sleeplsp.repo.settings_files import read_settings_files
from sleeplsp.stubs.version import version as library_version

CHECK_NAMES = tuple(check.name for check in CHECKS)


class Session:
    """One workspace, open. Raises UsageError or StoreError when it cannot be."""

    def __init__(
        self,
        root: str | Path,
        flags: Mapping[str, object] | None = None,
        editor: Mapping[str, object] | None = None,
        *,
        background: bool = False,
        keep: bool = True,
    ) -> None:
        self.root = Path(os.path.realpath(root))
        if not self.root.is_dir():
            raise UsageError(f"no such folder: {root}")
        self.settings, self.warnings = settings_of(self.root, flags, editor)
        self.store = DiskStore(self.settings.cache_dir, bytes_max=self.settings.store_bytes_max) if keep else MemoryStore()
        self.files = Repository(self.root, self.settings)
        cache_dir = self._cache_dir() if keep else None
        self.deduction = Deduction(
            str(self.root),
            self.files,
            self.store,
            lambda: start_crew(self.settings, cache_dir, background=background),
            recipe(library_version()),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def notices(self) -> list[str]:
        """What happened to the store on the way: it was set aside and rebuilt, for instance."""
        return [*getattr(self.store, "notices", ()), *self.files.notices]

    def close(self) -> None:
        """End the workers and release the store."""
        self.deduction.close()
        self.store.close()

    def _cache_dir(self) -> Path:
        return Path(self.settings.cache_dir).expanduser() if self.settings.cache_dir else _default_cache_dir()


def settings_of(
    root: Path, flags: Mapping[str, object] | None = None, editor: Mapping[str, object] | None = None
) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings that hold in a workspace, and one line for each value that was not used."""
    files, warnings = read_settings_files(root)
    layers = [*files, environment_layer(os.environ)]
    if editor:
        layers.append(Layer(Origin.EDITOR, "editor", editor))
    if flags:
        layers.append(Layer(Origin.FLAGS, "command line", flags))
    settings, more = resolve(layers, CHECK_NAMES)
    return settings, (*warnings, *more)


def _default_cache_dir() -> Path:
    from sleeplsp.cache.home import default_cache_dir  # 20 ms that a named folder need not wait

    return default_cache_dir()
