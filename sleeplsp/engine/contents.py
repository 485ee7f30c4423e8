"""Contents: which modules a workspace has and what they say, on disk or in an editor that holds them.

It must not know what is made of them.
"""

from collections.abc import Iterable, Mapping

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.row import Manifest, ModuleRow, address
from sleeplsp.core.text import Text
from sleeplsp.engine.gather import Gathered, Gatherer
from sleeplsp.engine.ports import Files, Store
from sleeplsp.engine.work import SourceFile


class Contents:
    """What one workspace holds at this moment."""

    def __init__(self, files: Files, store: Store, recipe: str) -> None:
        self.found: Gathered | None = None
        """What the last look at the files found; None before the first."""
        self._gatherer = Gatherer(files, store, recipe)
        self._recipe = recipe
        self._held: dict[str, Text] = {}

    @property
    def held(self) -> Iterable[str]:
        """The modules an editor holds in place of files."""
        return self._held.keys()

    def hold(self, held: Mapping[str, Text], closed: Iterable[str]) -> set[str]:
        """Take in what an editor holds now and has closed; return modules that may have another text."""
        for path in closed:
            self._held.pop(path, None)
        self._held.update(held)
        return self._gatherer.amend(self.found, held, closed) if self.found is not None else set()

    def scan(self, manifest: Manifest | None) -> Gathered:
        """Look at all files; `rows` of what is returned is what the store has of them."""
        self.found = self._gatherer.gather(manifest, self._held)
        return self.found

    def stored(self, paths: Iterable[str]) -> dict[str, ModuleRow]:
        """Return the rows the store has of modules as they are now."""
        return self._gatherer.stored(self.found, paths) if self.found is not None else {}

    def has(self, path: str) -> bool:
        """Tell whether a module is there and to be thought about."""
        found = self.found
        return found is not None and path in found.stamps and path not in found.skipped

    def says(self, path: str, facts: ModuleFacts) -> bool:
        """Tell whether facts are of what a module says now."""
        stamp = self.found.stamps.get(path) if self.found is not None else None
        return stamp is not None and address(path, facts.text_digest, self._recipe) == stamp.address

    def is_left_out(self, path: str) -> bool:
        """Tell whether a module is not to be thought about."""
        return not self.has(path) if self.found is not None else self._gatherer.is_left_out(path)

    def unsaved(self) -> list[str]:
        """Return the modules whose file does not say what an editor holds in its place."""
        found = self.found
        if found is None:
            return []
        return [path for path in found.overlays if not self._gatherer.is_saved(found, path)]

    def text(self, path: str) -> Text | None:
        """Return what a module says; None if it cannot be read any more."""
        return self._gatherer.text(self.found, path) if self.found is not None else None

    def source(self, path: str) -> SourceFile | None:
        """Return the same as a worker needs it."""
        return self._gatherer.source(self.found, path) if self.found is not None else None
