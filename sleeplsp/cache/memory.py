"""The store in memory: for tests, and for those who want nothing written to disk.

This module must not know what keys and values mean.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping


class MemoryStore:
    """Fulfils the port `Store`; beyond `bytes_max` the least recently used rows are dropped."""

    def __init__(self, *, bytes_max: int = 256 * 1024**2) -> None:
        self._bytes_max = bytes_max
        self._bytes_used = 0
        self._rows: OrderedDict[str, bytes] = OrderedDict()

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what is stored of `keys`."""
        found = {key: self._rows[key] for key in keys if key in self._rows}
        for key in found:
            self._rows.move_to_end(key)
        return found

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        """Store all rows."""
        for key, value in rows.items():
            self._bytes_used += len(value) - len(self._rows.pop(key, b""))
            self._rows[key] = value
        while self._bytes_used > self._bytes_max:
            _, dropped = self._rows.popitem(last=False)
            self._bytes_used -= len(dropped)

    def close(self) -> None:
        """Do nothing: the rows go with the object."""
