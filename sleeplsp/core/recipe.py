"""The recipe of the embedded reasoner: a digest of everything its answers depend on but the code itself.

Computed from the sources of `core` and `deduce`, so that no version number can be forgotten; the grammars'
versions and the library's are part of it.
"""

import hashlib
from functools import cache
from importlib.resources import files

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
    digest = hashlib.blake2b(digest_size=12)
    for package in _PACKAGES:
        pending = [files(package)]
        while pending:
            entry = pending.pop()
            if entry.is_dir():
                pending.extend(sorted(entry.iterdir(), key=lambda each: each.name))
            elif entry.name.endswith(".py"):
                digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()
