"""Gathering: which modules a workspace has now, and what the store already knows of each.

Files whose size and time are those of the last finished run are not read again. It must not know what
is deduced from a module.
"""

import time
from collections.abc import Iterable, Mapping

import msgspec

from sleeplsp.core.languages import language_of
from sleeplsp.core.row import Manifest, ModuleRow, Stamp, address, digest_of
from sleeplsp.core.text import Text, read_text, text_digest
from sleeplsp.engine.ports import Files, FileStamp, Listing, SkipReason, Store
from sleeplsp.engine.texts import Texts
from sleeplsp.engine.work import SourceFile

RACY_NS = 2_000_000_000
"""A file changed less than this before it was looked at may have changed again unseen: read it."""

_SKIPPED = "skipped:"


class Gathered:
    """The modules of a workspace at one moment."""

    def __init__(self, listing: Listing, looked_at: float) -> None:
        self.looked_at = looked_at
        """Seconds since the epoch."""
        self.stamps: dict[str, Stamp] = {}
        self.skipped: dict[str, str] = {each.path: each.reason.value for each in listing.skipped}
        self.other = listing.other
        self.rows: dict[str, ModuleRow] = {}
        """Modules the store knows, by path."""
        self.unknown: list[str] = []
        """Modules it does not know."""
        self.earlier: dict[str, ModuleRow] = {}
        """Of those, what it knows of the text they had at the last finished run."""
        self.overlays: dict[str, Text] = {}
        """Texts an editor holds in place of files."""
        self.unchanged = False
        """Every file is as the last finished run saw it, and every row is there as it left it."""


class Gatherer:
    """Gathers one workspace, again and again."""

    def __init__(self, files: Files, store: Store, recipe: str) -> None:
        self._files = files
        self._store = store
        self._recipe = recipe
        self._texts = Texts()
        self._listing: Listing | None = None

    def is_left_out(self, path: str) -> bool:
        """Tell whether a file is there and is not to be thought about; the workspace is listed for that."""
        self._listing = self._listing or self._files.scan()
        if any(each.path == path for each in self._listing.files):
            return False
        left_out = {each.path for each in self._listing.skipped}
        if path in left_out or any(each.endswith("/") and path.startswith(each) for each in left_out):
            return True
        return self._files.read(path) is not SkipReason.UNREADABLE  # it is there, and ignored

    def gather(self, manifest: Manifest | None, overlays: Mapping[str, Text]) -> Gathered:
        """List, stamp and look up all modules; `overlays` are texts an editor holds in place of files."""
        looked_at = time.time()
        listing, self._listing = self._listing or self._files.scan(), None
        found = Gathered(listing, looked_at)
        known = manifest.files if manifest is not None else {}
        racy_from = manifest.looked_at * 1e9 - RACY_NS if manifest is not None else 0.0
        fresh = 0
        for file in listing.files:
            before = known.get(file.path)
            if file.path in overlays:
                self._take(found, file, overlays[file.path])
            elif before is not None and _is_same(file, before) and file.mtime_ns < racy_from:
                self._keep(found, before, file.path)
            else:
                self._read(found, file)
            fresh += self._is_as_before(found, before, file.path)
        added = self._add_unsaved(found, overlays)
        found.overlays = {path: text for path, text in overlays.items() if path in found.stamps}
        kept = self._look_up(found, found.stamps)
        found.earlier = self._earlier(found, known)
        same = fresh == len(known) == len(listing.files) and not added
        found.unchanged = manifest is not None and same and not found.unknown and kept
        return found

    def amend(self, found: Gathered, held: Mapping[str, Text], closed: Iterable[str]) -> set[str]:
        """Take in what an editor holds now in place of files, and what it has closed.

        Returns the modules that may have another text now, those among them that are gone.
        """
        changed: set[str] = set()
        for path, text in held.items():
            if path in found.skipped:
                continue
            if (stamp := found.stamps.get(path)) is not None:
                self._take(found, FileStamp(path, stamp.size_bytes, stamp.mtime_ns), text)
            elif not self._add_unsaved(found, {path: text}):
                continue
            found.overlays[path] = text
            changed.add(path)
        for path in closed:
            if found.overlays.pop(path, None) is not None:
                changed.add(path)
                self.look_again(found, path)
        return changed

    def look_again(self, found: Gathered, path: str) -> None:
        """Read a file again that may have changed; one that is gone is no module any more."""
        self._texts.drop(path)
        raw = self._files.read(path)
        found.rows.pop(path, None)
        if raw is SkipReason.UNREADABLE:
            found.stamps.pop(path, None)
        elif isinstance(raw, SkipReason):
            found.stamps.pop(path, None)
            found.skipped[path] = raw.value
        else:
            # Size and time are those of nobody: the next scan looks at it once more.
            self._take(found, FileStamp(path, len(raw), 0), read_text(raw))

    def stored(self, found: Gathered, paths: Iterable[str]) -> dict[str, ModuleRow]:
        """Return the rows the store has of modules as they are now."""
        wanted = {path: found.stamps[path] for path in paths if path in found.stamps}
        for path in wanted:
            found.rows.pop(path, None)
        self._look_up(found, wanted)
        return {path: found.rows[path] for path in wanted if path in found.rows}

    def text(self, found: Gathered, path: str) -> Text | None:
        """Return a module's text, read now if it was not; None if the file cannot be read any more."""
        if (held := found.overlays.get(path) or self._texts.get(path)) is not None:
            return held
        raw = self._files.read(path)
        if isinstance(raw, SkipReason):
            return None
        text = read_text(raw)
        self._texts.put(path, text)
        return text

    def is_saved(self, found: Gathered, path: str) -> bool:
        """Tell whether a module's file says what an editor holds in its place."""
        if path not in found.overlays:
            return True
        raw = self._files.read(path)
        return not isinstance(raw, SkipReason) and read_text(raw) == found.overlays[path]

    def source(self, found: Gathered, path: str) -> SourceFile | None:
        """Return what a worker needs to read a module."""
        text, language = self.text(found, path), language_of(path)
        return (
            SourceFile(path, language.name, text.source)
            if text is not None and language is not None
            else None
        )

    def _add_unsaved(self, found: Gathered, overlays: Mapping[str, Text]) -> bool:
        """Take in what an editor holds and no file does; what was left out on purpose stays out."""
        left_out = tuple(path for path in found.skipped if path.endswith("/"))
        unlisted = [path for path in overlays if path not in found.stamps and path not in found.skipped]
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

    def _is_as_before(self, found: Gathered, before: Stamp | None, path: str) -> bool:
        """Tell whether a module says what it said: then its row is that of before as well."""
        now = found.stamps[path]
        if before is None or before.address != now.address:
            return False
        found.stamps[path] = Stamp(now.size_bytes, now.mtime_ns, now.address, before.row)
        return True

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
        self._texts.put(file.path, text)
        where = address(file.path, text_digest(text), self._recipe)
        found.stamps[file.path] = Stamp(file.size_bytes, file.mtime_ns, where)

    def _earlier(self, found: Gathered, known: Mapping[str, Stamp]) -> dict[str, ModuleRow]:
        addresses = {path: known[path].address for path in found.unknown if path in known}
        rows = self._store.get_many(addresses.values())
        earlier = {path: decoded(rows.get(where)) for path, where in addresses.items()}
        return {path: row for path, row in earlier.items() if row is not None}

    def _look_up(self, found: Gathered, stamps: Mapping[str, Stamp]) -> bool:
        """Look modules up in the store; tell whether all rows are those that the last run left."""
        wanted = {path: stamp for path, stamp in stamps.items() if path not in found.skipped}
        rows = self._store.get_many(stamp.address for stamp in wanted.values())
        are_kept = True
        for path, stamp in wanted.items():
            raw = rows.get(stamp.address)
            row = decoded(raw)
            if row is None or raw is None:
                found.unknown.append(path)
            else:
                found.rows[path] = row
                are_kept = are_kept and digest_of(raw) == stamp.row
        return are_kept


def _is_same(file: FileStamp, before: Stamp) -> bool:
    return (before.size_bytes, before.mtime_ns) == (file.size_bytes, file.mtime_ns)


_DECODER = msgspec.msgpack.Decoder(ModuleRow)


def decoded(raw: bytes | None) -> ModuleRow | None:
    """Return a stored row; None if there is none, or one of another form."""
    if raw is None:
        return None
    try:
        return _DECODER.decode(raw)
    except msgspec.DecodeError:  # another form of row: as if it were not there
        return None
