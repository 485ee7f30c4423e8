"""Where a workspace stands: what its last run left, and what has changed since. Nothing is deduced.

It must not know how files are read or rows kept.
"""

import msgspec

from sleeplsp.core.row import Manifest, manifest_key
from sleeplsp.engine.gather import Gatherer
from sleeplsp.engine.ports import Files, Store


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace at this moment. Counts of modules, if nothing else is said."""

    finished_at: float | None
    """When the last run ended, in seconds since the epoch; None if none is known."""
    known: int
    """With a stored result."""
    changed: int
    """New or changed since, or dropped from the store: to be thought about."""
    functions: int
    """Of the known modules."""
    skipped: dict[str, str]
    """Files and folders left out, with the reason."""
    other: int
    """Files no language claims."""


def standing(root: str, files: Files, store: Store, recipe: str) -> Standing:
    """Look at the files and the store. Raises StoreError."""
    manifest = _manifest(root, store, recipe)
    found = Gatherer(files, store, recipe).gather(manifest, {})
    return Standing(
        finished_at=manifest.finished_at if manifest is not None else None,
        known=len(found.rows),
        changed=len(found.unknown),
        functions=sum(len(row.functions) for row in found.rows.values()),
        skipped=found.skipped,
        other=found.other,
    )


def _manifest(root: str, store: Store, recipe: str) -> Manifest | None:
    key = manifest_key(root, recipe)
    raw = store.get_many([key]).get(key)
    try:
        return msgspec.msgpack.decode(raw, type=Manifest) if raw is not None else None
    except msgspec.DecodeError:  # another form of manifest: as if there were none
        return None
