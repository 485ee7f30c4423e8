"""Rows: what is stored of one module, and when it may be used again.

A row is content-addressed: its address is a digest of everything it was made from that is known
beforehand (path, text, grammar, analyser). What else a deduction looked at is its Trace, kept beside
it; a function's deduction is valid while code, context and every consulted contract have the same digests.
"""

import hashlib

import msgspec

from sleeplsp.core.contract import Contract
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.insight import Invariant, Suspicion

MANIFEST_PREFIX = "manifest/"
"""What keys of manifests begin with."""


class Trace(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What deducing one function looked at."""

    code: str
    """Code digest of the function itself."""
    context: str
    """Digest of what its names and calls resolve to."""
    contracts: tuple[tuple[str, str], ...]
    """Per consulted function: reference and contract digest."""
    quoted: tuple[tuple[str, str], ...] = ()
    """Per function whose code a claim quotes: reference and code digest."""

    @property
    def consulted(self) -> tuple[str, ...]:
        """The functions whose contracts it rests on."""
        return tuple(ref for ref, _ in self.contracts)


class FunctionRow(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One function, deduced."""

    trace: Trace
    contract: Contract
    invariants: tuple[Invariant, ...]
    suspicions: tuple[Suspicion, ...]
    complete: bool
    """It could be analysed at all."""
    effort: int = 1
    """With which it was deduced."""
    cut: bool = False
    """With more effort more may be known."""
    offered: int = 0
    """Fixes that passed verification."""
    withheld: int = 0
    """Fixes that did not."""


class ModuleRow(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One module: its facts and its functions' deductions by symbol id."""

    facts: ModuleFacts
    functions: dict[str, FunctionRow] = {}
    failure: str = ""
    """Why the module could not be deduced; a row with a failure is never stored."""


class Stamp(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file as it was when its row was made."""

    size_bytes: int
    mtime_ns: int
    address: str
    row: str = ""
    """Digest of the row as it was stored: another process may have put one of another state in its place."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The last finished run over a workspace: lets a warm start find rows without reading files."""

    recipe: str
    files: dict[str, Stamp]
    skipped: tuple[tuple[str, str], ...] = ()
    """Path and reason."""
    other: int = 0
    """Files no language claims."""
    finished_at: float = 0.0
    """Seconds since the epoch."""
    looked_at: float = 0.0
    """When the files were last listed: what has changed since, the stamps do not know."""


def address(path: str, text_digest: str, recipe: str) -> str:
    """Return the address of a module's row."""
    return "row/" + _digest(path, text_digest, recipe)


def digest_of(raw: bytes) -> str:
    """Return the digest by which a stored row is known again."""
    return hashlib.blake2b(raw, digest_size=8).hexdigest()


def manifest_key(root: str, recipe: str) -> str:
    """Return the key of a workspace's manifest; `root` is its absolute path."""
    return MANIFEST_PREFIX + _digest(root, recipe)


def _digest(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()
