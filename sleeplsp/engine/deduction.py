"""Deduction over a workspace: from files to rows, callees before callers, nothing done twice.

One Deduction lives as long as its workspace is open. `run` brings every module up to date and tells
listeners of each as soon as it is done. It works synchronously, in a process that serves nobody else. It
must not know how work is spread, where rows lie or who listens.
"""

import time
from collections.abc import Callable, Iterable, Mapping

import msgspec

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.row import Manifest, ModuleRow, manifest_key
from sleeplsp.core.text import Text
from sleeplsp.engine.gather import Gathered, Gatherer
from sleeplsp.engine.outcome import Outcome, Progress, Thought
from sleeplsp.engine.ports import Files, Store
from sleeplsp.engine.run import Run
from sleeplsp.engine.work import Crew, SourceFile

Listener = Callable[[Progress | Thought], None]


class Deduction:
    """The embedded reasoner over one workspace."""

    def __init__(self, root: str, files: Files, store: Store, crew: Callable[[], Crew], recipe: str) -> None:
        self._root = root
        self._store = store
        self._recipe = recipe
        self._start_crew = crew
        self._crew: Crew | None = None
        self._gatherer = Gatherer(files, store, recipe)
        self._held: dict[str, str] = {}
        """Modules whose text the crew has read: path -> text digest."""
        self._rows: dict[str, ModuleRow] = {}
        self._found: Gathered | None = None
        self._last: Run | None = None
        self._index: Index | None = None

    def run(
        self,
        listen: Listener = lambda _event: None,
        overlays: Mapping[str, Text] | None = None,
        wanted: Callable[[str], bool] = lambda _path: True,
    ) -> Outcome:
        """Bring all modules up to date. Raises StoreError when results cannot be kept."""
        begun = time.monotonic()
        manifest = self._manifest()
        found = self._gatherer.gather(manifest, overlays or {}, wanted)
        run = Run(self, found, self._last, listen)
        if found.unchanged:
            run.rows = dict(found.rows)
        else:
            run.read()
            run.deduce()
            run.verify_fixes()
            self._keep(run, overlays or {})
        for path in sorted(run.rows):
            listen(Thought(path, run.rows[path], run.fresh.get(path, 0)))
        self._rows, self._found = run.rows, found
        self._index = None if found.unchanged else run.index
        self._last = None if found.unchanged else run
        return run.outcome(time.monotonic() - begun)

    @property
    def rows(self) -> Mapping[str, ModuleRow]:
        """Every module of the last run, by path."""
        return self._rows

    @property
    def index(self) -> Index:
        """What names of the last run's modules refer to."""
        if self._index is None:
            self._index = Index({path: row.facts for path, row in self._rows.items()})
        return self._index

    def text_of(self, path: str) -> Text | None:
        """Return a module's text as the last run had it; None if it cannot be read any more."""
        return self._gatherer.text(self._found, path) if self._found is not None else None

    def close(self) -> None:
        """End the crew."""
        if self._crew is not None:
            self._crew.close()
            self._crew = None
            self._held.clear()

    def crew(self) -> Crew:
        """Return the crew, started when it is first needed."""
        if self._crew is None:
            self._crew = self._start_crew()
        return self._crew

    def hold(self, found: Gathered, paths: Iterable[str]) -> dict[str, ModuleFacts | str]:
        """See to it that the crew has read these modules; return facts or failures of those read now."""
        wanted: list[SourceFile] = []
        results: dict[str, ModuleFacts | str] = {}
        for path in paths:
            source = self._gatherer.source(found, path)
            if source is None:
                results[path] = "the file cannot be read any more"
            else:
                wanted.append(source)
        answers = self.crew().read(wanted) if wanted else []
        for source, answer in zip(wanted, answers, strict=True):
            results[source.path] = answer
            if isinstance(answer, ModuleFacts):
                self._held[source.path] = answer.text_digest
        return results

    def holds(self, facts: ModuleFacts) -> bool:
        """Tell whether the crew has this very text."""
        return self._held.get(facts.path) == facts.text_digest

    def source(self, found: Gathered, path: str) -> SourceFile | None:
        """Return a module's text as the crew takes it."""
        return self._gatherer.source(found, path)

    def earlier(self, path: str) -> ModuleRow | None:
        """Return a module's row of the run before: functions of it may still hold, unless one failed."""
        row = self._rows.get(path)
        return row if row is not None and not row.failure else None

    def _manifest(self) -> Manifest | None:
        key = manifest_key(self._root, self._recipe)
        raw = self._store.get_many([key]).get(key)
        if raw is None:
            return None
        try:
            return msgspec.msgpack.decode(raw, type=Manifest)
        except msgspec.DecodeError:
            return None

    def _keep(self, run: Run, overlays: Mapping[str, Text]) -> None:
        """Store new rows; the manifest only of what lies on disk, and only if nothing failed."""
        stamps, rows = run.found.stamps, {}
        for path, row in run.rows.items():
            if (run.fresh.get(path) or path in run.found.unknown) and path not in run.failed:
                rows[stamps[path].address] = msgspec.msgpack.encode(row)
        files = {
            path: stamp for path, stamp in stamps.items() if path not in overlays and path not in run.failed
        }
        manifest = Manifest(
            recipe=self._recipe,
            files=files,
            skipped=tuple(sorted(run.found.skipped.items())),
            other=run.found.other,
            finished_at=time.time(),
        )
        rows[manifest_key(self._root, self._recipe)] = msgspec.msgpack.encode(manifest)
        self._store.put_many(rows)
