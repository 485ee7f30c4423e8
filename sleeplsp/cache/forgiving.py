"""A store that never fails: for a front end that works on without one.

What cannot be read is not there, what cannot be kept is dropped, and a notice says so.
"""

from collections.abc import Callable, Iterable, Mapping

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.engine.errors import StoreError
from sleeplsp.engine.ports import Store


class ForgivingStore:
    """Fulfils the port `Store` with another one, as long as that works."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._own: list[str] = []
        try:
            self._store = open_store()
        except StoreError as error:
            self._store = MemoryStore()
            self._say(error)

    @property
    def notices(self) -> list[str]:
        """What the user should know, one line each."""
        return [*getattr(self._store, "notices", ()), *self._own]

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what is stored of `keys`; nothing when the store cannot be read."""
        try:
            return self._store.get_many(keys)
        except StoreError as error:
            self._say(error)
            return {}

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        """Store all rows, or none when that is impossible."""
        try:
            self._store.put_many(rows)
        except StoreError as error:
            self._say(error)

    def close(self) -> None:
        """Release files and locks."""
        self._store.close()

    def _say(self, error: StoreError) -> None:
        line = f"what is thought is not kept: {error}"
        if line not in self._own:
            self._own.append(line)
