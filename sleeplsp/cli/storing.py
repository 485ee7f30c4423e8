"""What commands say of the store."""

from sleeplsp.cache.disk import DiskStore
from sleeplsp.cli.report import StoreEntry

_MIB = 2**20


def store_entry(store: DiskStore) -> StoreEntry:
    """Return how large a store is. Raises StoreError."""
    stats = store.stats()
    return StoreEntry(
        folder=stats.folder,
        rows=stats.rows,
        bytes_used=stats.bytes_used,
        bytes_max=stats.bytes_max,
    )


def store_line(entry: StoreEntry) -> str:
    """Return the same in one line."""
    used, limit = entry.bytes_used / _MIB, entry.bytes_max / _MIB
    return f"{entry.folder}: {entry.rows:,} rows, {used:,.1f} of {limit:,.0f} MiB"
