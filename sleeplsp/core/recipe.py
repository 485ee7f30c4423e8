"""The recipe of the embedded reasoner: a digest of everything its answers depend on but the code itself.

Computed from the sources of `core` and `deduce`, so that no version number can be forgotten; the grammars'
versions and the library's are part of it.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from sleeplsp.core.languages import languages

_PACKAGES = ("sleeplsp.core", "sleeplsp.deduce")


def recipe(library_version: str) -> str:
    """Return the digest, 24 hex characters."""
    told = (
        analyser_version(),
        library_version,
        *(f"{each.name} {each.grammar_version}" for each in languages().values()),
    )
    return hashlib.blake2b("\0".join(told).encode(), digest_size=12).hexdigest()


@cache
def analyser_version() -> str:
    """Return the digest of the reasoner's own sources."""
    return sources_digest(files(package) for package in _PACKAGES)


def sources_digest(folders: Iterable[Traversable]) -> str:
    """Return the digest of all Python sources below some folders and of where they lie: 24 hex characters."""
    digest = hashlib.blake2b(digest_size=12)
    pending = [(each.name, each) for each in folders]
    while pending:
        place, entry = pending.pop()
        if entry.is_dir():
            inside = sorted(entry.iterdir(), key=lambda each: each.name)
            pending.extend((f"{place}/{each.name}", each) for each in inside)
        elif entry.name.endswith(".py"):
            source = entry.read_bytes()
            digest.update(f"{place}\0{len(source)}\0".encode() + source)
    return digest.hexdigest()
