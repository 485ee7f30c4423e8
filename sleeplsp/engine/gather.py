"""Gathering: which modules a workspace has now, and what the store already knows of each.

Files whose size and time are those of the last finished run are not read again. It must not know what
is deduced from a module.
"""

from collections.abc import Callable, Mapping

import msgspec

from sleeplsp.core.languages import language_of
from sleeplsp.core.row import Manifest, ModuleRow, Stamp, address
from sleeplsp.core.text import Text, read_text, text_digest
from sleeplsp.engine.ports import Files, FileStamp, Listing, SkipReason, Store
from sleeplsp.engine.work import SourceFile

RACY_NS = 2_000_000_000
"""A file changed less than this before the last run ended may have changed again unseen: read it."""

_SKIPPED = "skipped:"


class Gathered:
    """The modules of a workspace at one moment."""

    def __init__(self, listing: Listing) -> None:
        self.stamps: dict[str, Stamp] = {}
        self.skipped: dict[str, str] = {each.path: each.reason.value for each in listing.skipped}
        self.other = listing.other
        self.rows: dict[str, ModuleRow] = {}
        """Modules the store knows, by path."""
        self.unknown: list[str] = []
        """Modules it does not know."""
        self.texts: dict[str, Text] = {}
        """Texts read so far."""
        self.unchanged = False
        """Every file is as the last finished run saw it, and every row is there."""


class Gatherer:
    """Gathers one workspace, again and again."""

    def __init__(self, files: Files, store: Store, recipe: str) -> None:
        self._files = files
        self._store = store
        self._recipe = recipe

    def gather(
        self, manifest: Manifest | None, overlays: Mapping[str, Text], wanted: Callable[[str], bool]
    ) -> Gathered:
        """List, stamp and look up all modules; `overlays` are texts an editor holds in place of files."""
        listing = self._files.scan()
        found = Gathered(listing)
        known = manifest.files if manifest is not None else {}
        racy_from = manifest.finished_at * 1e9 - RACY_NS if manifest is not None else 0.0
        fresh = 0
        for file in listing.files:
            if not wanted(file.path):
                continue
            before = known.get(file.path)
            same = before is not None and (before.size_bytes, before.mtime_ns) == (
                file.size_bytes,
                file.mtime_ns,
            )
            if file.path in overlays:
                self._take(found, file, overlays[file.path])
                # What an editor merely has open is as unchanged as any other file.
                fresh += before is not None and before == found.stamps[file.path]
            elif before is not None and same and file.mtime_ns < racy_from:
                self._keep(found, before, file.path)
                fresh += 1
            else:
                self._read(found, file)
        added = self._add_unsaved(found, overlays, wanted)
        self._look_up(found)
        same = fresh == len(known) == len(listing.files) and not added
        found.unchanged = manifest is not None and same and not found.unknown
        return found

    def text(self, found: Gathered, path: str) -> Text | None:
        """Return a module's text, read now if it was not; None if the file cannot be read any more."""
        if path not in found.texts:
            raw = self._files.read(path)
            if isinstance(raw, SkipReason):
                return None
            found.texts[path] = read_text(raw)
        return found.texts[path]

    def source(self, found: Gathered, path: str) -> SourceFile | None:
        """Return what a worker needs to read a module."""
        text, language = self.text(found, path), language_of(path)
        return (
            SourceFile(path, language.name, text.source)
            if text is not None and language is not None
            else None
        )

    def _add_unsaved(
        self, found: Gathered, overlays: Mapping[str, Text], wanted: Callable[[str], bool]
    ) -> bool:
        """Take in what an editor holds and no file does; what was left out on purpose stays out."""
        left_out = tuple(path for path in found.skipped if path.endswith("/"))
        unlisted = [
            path
            for path in overlays
            if path not in found.stamps and path not in found.skipped and wanted(path)
        ]
        before = len(found.stamps)
        for path in unlisted:
            if language_of(path) is None or path.startswith(left_out):
                continue
            on_disk = self._files.read(path)
            if on_disk is SkipReason.UNREADABLE:
                text = overlays[path]
                self._take(found, FileStamp(path, len(text.source), 0), text)
            elif isinstance(on_disk, SkipReason):
                found.skipped[path] = on_disk.value
        return len(found.stamps) > before

    def _keep(self, found: Gathered, before: Stamp, path: str) -> None:
        if before.address.startswith(_SKIPPED):
            found.skipped[path] = before.address.removeprefix(_SKIPPED)
        found.stamps[path] = before

    def _read(self, found: Gathered, file: FileStamp) -> None:
        raw = self._files.read(file.path)
        if isinstance(raw, SkipReason):
            found.skipped[file.path] = raw.value
            found.stamps[file.path] = Stamp(file.size_bytes, file.mtime_ns, _SKIPPED + raw.value)
        else:
            self._take(found, file, read_text(raw))

    def _take(self, found: Gathered, file: FileStamp, text: Text) -> None:
        found.texts[file.path] = text
        where = address(file.path, text_digest(text), self._recipe)
        found.stamps[file.path] = Stamp(file.size_bytes, file.mtime_ns, where)

    def _look_up(self, found: Gathered) -> None:
        wanted = {path: stamp.address for path, stamp in found.stamps.items() if path not in found.skipped}
        rows = self._store.get_many(wanted.values())
        for path, where in wanted.items():
            row = _decoded(rows.get(where))
            if row is None:
                found.unknown.append(path)
            else:
                found.rows[path] = row


_DECODER = msgspec.msgpack.Decoder(ModuleRow)


def _decoded(raw: bytes | None) -> ModuleRow | None:
    if raw is None:
        return None
    try:
        return _DECODER.decode(raw)
    except msgspec.DecodeError:  # another form of row: as if it were not there
        return None
