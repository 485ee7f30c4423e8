"""A store as a run over another state of the workspace sees it.

It reads what is there and adds rows, but puts nothing in place of what is there: rows and manifest of the
workspace as it is now must stay.
"""

from collections.abc import Iterable, Mapping

from sleeplsp.core.row import MANIFEST_PREFIX
from sleeplsp.engine.ports import Store


class Beside:
    """Fulfils `engine.ports.Store` on another store, which it does not close."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what is stored."""
        return self._store.get_many(keys)

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        """Store rows that are not there yet."""
        wanted = {key: row for key, row in rows.items() if not key.startswith(MANIFEST_PREFIX)}
        known = self._store.get_many(wanted)
        new = {key: row for key, row in wanted.items() if key not in known}
        if new:
            self._store.put_many(new)

    def close(self) -> None:
        """Do nothing: whoever opened the store closes it."""
