"""Keeping: what of a workspace's deduction is stored, and when.

Only what rests on files as they lie on disk is stored: a claim that rests on a text somebody has not saved
is another process's untruth. A failure is never stored. It must not know how rows come about.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping

import msgspec

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.resolved import path_in
from sleeplsp.core.row import Manifest, ModuleRow, Stamp, address, digest_of, manifest_key
from sleeplsp.engine.gather import Gathered
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.ports import Store

BATCH_MODULES = 256
"""Modules stored in one transaction."""

KEEP_EVERY_S = 2.0
"""Seconds between two times rows are stored in the midst of a run: what is stored outlives the process."""

KEEP_SHARE_MAX = 0.1
"""Of all time: to see what of a large workspace may be stored takes long, and is not done as often."""


class Keeper:
    """Stores the rows of one workspace."""

    def __init__(self, root: str, store: Store, recipe: str) -> None:
        self._store = store
        self._recipe = recipe
        self._key = manifest_key(root, recipe)
        self._unstored: dict[str, None] = {}
        self._digests: dict[str, str] = {}
        self._left: Manifest | None = None
        self._due_at = time.monotonic() + KEEP_EVERY_S

    def manifest(self) -> Manifest | None:
        """Return what the last finished run left."""
        raw = self._store.get_many([self._key]).get(self._key)
        if raw is None:
            return None
        try:
            self._left = msgspec.msgpack.decode(raw, type=Manifest)
        except msgspec.DecodeError:  # another form of manifest: as if there were none
            return None
        return self._left

    def address(self, facts: ModuleFacts) -> str:
        """Return the address of a module's row."""
        return address(facts.path, facts.text_digest, self._recipe)

    def note(self, path: str) -> None:
        """Take note that a module's row is another than the stored one."""
        self._unstored[path] = None

    @property
    def is_due(self) -> bool:
        """Whether there is something to store, and the last time is a while ago."""
        return bool(self._unstored) and time.monotonic() > self._due_at

    def keep(self, rows: Mapping[str, ModuleRow], may_keep: Callable[[str], bool]) -> None:
        """Store rows that are not stored yet and may be. Raises StoreError."""
        begun = time.monotonic()
        paths = [path for path in self._unstored if path not in rows or may_keep(path)]
        for start in range(0, len(paths), BATCH_MODULES):
            batch: dict[str, bytes] = {}
            for path in paths[start : start + BATCH_MODULES]:
                row = rows.get(path)
                if row is not None and not row.failure:
                    raw = msgspec.msgpack.encode(row)
                    batch[self.address(row.facts)] = raw
                    self._digests[path] = digest_of(raw)
            self._store.put_many(batch)
            for path in paths[start : start + BATCH_MODULES]:
                del self._unstored[path]
        now = time.monotonic()
        self._due_at = now + max(KEEP_EVERY_S, (now - begun) / KEEP_SHARE_MAX)

    def finish(self, found: Gathered, facts: Mapping[str, ModuleFacts], failed: Collection[str]) -> None:
        """Store which row is whose, of all that lies on disk and did not fail. Raises StoreError."""
        files: dict[str, Stamp] = {}
        for path, stamp in found.stamps.items():
            if path in found.skipped:
                files[path] = stamp
            elif path in facts and path not in failed and self.address(facts[path]) == stamp.address:
                row = self._digests.get(path, stamp.row)
                files[path] = msgspec.structs.replace(stamp, row=row) if row != stamp.row else stamp
        if (
            self._left is not None
            and files == self._left.files
            and len(found.skipped) == len(self._left.skipped)
        ):
            return
        manifest = Manifest(
            recipe=self._recipe,
            files=files,
            skipped=tuple(sorted(found.skipped.items())),
            other=found.other,
            finished_at=time.time(),
            looked_at=found.looked_at,
        )
        self._store.put_many({self._key: msgspec.msgpack.encode(manifest)})
        self._left = manifest


def resting_on(knowledge: Knowledge, paths: Iterable[str]) -> set[str]:
    """Return modules of which a function rests on one of these modules, those themselves among them."""
    tainted = {each for path in paths for each in (path, *knowledge.contexts.users(path))}
    pending = [ref for path in tainted for ref in knowledge.functions_of(path)]
    seen = set(pending)
    while pending:
        for caller in knowledge.callers.get(pending.pop(), ()):
            if caller not in seen:
                seen.add(caller)
                tainted.add(path_in(caller))
                pending.append(caller)
    return tainted
