"""Seals: a checksum after each stored value, so that nothing that changed on disk passes for a row.

SQLite checks the structure of its pages, not what is in them. This module must not know where
sealed values are kept.
"""

import zlib

_SEAL_BYTES = 4


def sealed(key: str, value: bytes) -> bytes:
    """Return the value with its seal; the key is sealed with it."""
    return value + _seal(key, value)


def unsealed(key: str, stored: bytes) -> bytes | None:
    """Return the value, or None where it is not what was stored under this key."""
    value = stored[:-_SEAL_BYTES]
    return value if stored[-_SEAL_BYTES:] == _seal(key, value) else None


def _seal(key: str, value: bytes) -> bytes:
    return zlib.crc32(value, zlib.crc32(key.encode())).to_bytes(_SEAL_BYTES, "big")
