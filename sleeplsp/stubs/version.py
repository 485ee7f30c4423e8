"""The digest of all that the answers of this package depend on. Nothing is imported for it."""

import hashlib
import importlib.util
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_SOURCES = ("*.py", "*.toml")


@cache
def version() -> str:
    """Return the digest of the version of typeshed, the table and the sources of this package.

    The file that states the version of `typeshed_client` is read, not imported: that takes fifty
    milliseconds, which a warm start does not otherwise need.
    """
    spec = importlib.util.find_spec("typeshed_client")
    stated = [Path(spec.origin)] if spec and spec.origin else []
    sources = [path for pattern in _SOURCES for path in Path(__file__).parent.glob(pattern)]
    return digest(stated + sorted(sources))


def digest(paths: Iterable[Path]) -> str:
    """Return the digest of the names and contents of files, 32 hex characters."""
    running = hashlib.blake2b(digest_size=16)
    for path in paths:
        content = path.read_bytes()
        running.update(f"{path.name} {len(content)}\n".encode() + content)
    return running.hexdigest()
