"""The baseline: suspicions that somebody has looked at and means to leave, as a file of the repository says.

It can hide and nothing else. An entry goes with its suspicion: by its id, and where the file it was in is
gone, by check, symbol and code. It must not know where the file lies, nor who shows what is hidden.
"""

import hashlib
import tomllib
from collections.abc import Callable, Collection, Iterable
from itertools import pairwise

import msgspec

from sleeplsp.core.insight import Suspicion
from sleeplsp.core.resolved import path_in

FILE = "sleeplsp-baseline.toml"
"""Its name, at the top of a workspace."""

BYTES_MAX = 1024 * 1024
REASON_CHARACTERS_MAX = 500

_TABLE = "dismissed"
_HEAD = """\
# Suspicions that somebody has looked at and means to leave: sleeplsp shows them no more. Commit this file;
# who takes an entry away sees its suspicion again. `sleeplsp baseline prune` takes away what hides nothing.
"""


class Dismissal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One suspicion that is hidden, and why."""

    id: str
    category: str
    path: str
    symbol: str
    quote: str
    """Digest of the suspected code."""
    reason: str


class Baseline(msgspec.Struct, frozen=True):
    """All that is hidden, by id and by check, symbol and code."""

    entries: tuple[Dismissal, ...] = ()
    by_id: dict[str, Dismissal] = {}
    by_code: dict[tuple[str, str, str], Dismissal] = {}

    def hides(self, suspicion: Suspicion, is_there: Callable[[str], bool]) -> Dismissal | None:
        """Return what hides a suspicion; `is_there` tells whether there is a module of some path."""
        if not self.entries:
            return None
        if (found := self.by_id.get(suspicion.id)) is not None:
            return found
        moved = self.by_code.get((suspicion.category, suspicion.symbol, digest_of(suspicion.quote)))
        if moved is None or moved.path == path_in(suspicion.place.ref) or is_there(moved.path):
            return None
        return moved


NO_BASELINE = Baseline()


def baseline_of(entries: Iterable[Dismissal]) -> Baseline:
    """Return a baseline of some entries; of two for one suspicion the first counts."""
    kept = {each.id: each for each in reversed([*entries])}
    by_code = {(each.category, each.symbol, each.quote): each for each in kept.values()}
    return Baseline(tuple(reversed(kept.values())), kept, by_code)


def dismissal_of(suspicion: Suspicion, reason: str) -> Dismissal:
    """Return the entry that hides a suspicion."""
    return Dismissal(
        id=suspicion.id,
        category=suspicion.category,
        path=path_in(suspicion.place.ref),
        symbol=suspicion.symbol,
        quote=digest_of(suspicion.quote),
        reason=" ".join(reason.split())[:REASON_CHARACTERS_MAX],
    )


def digest_of(quote: str) -> str:
    """Return the digest of suspected code, whatever its layout."""
    return hashlib.blake2b("".join(quote.split()).encode("utf-8", "replace"), digest_size=8).hexdigest()


def read(text: str) -> tuple[Baseline, tuple[str, ...]]:
    """Read a baseline; what makes no sense is left out, with a line that says so."""
    try:
        found = tomllib.loads(text).get(_TABLE, [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return NO_BASELINE, (f"{FILE}: ignored: {error}",)
    if not isinstance(found, list):
        return NO_BASELINE, (f"{FILE}: ignored: {_TABLE} is no list of tables",)
    entries, warnings = [], []
    for number, each in enumerate(found, 1):
        try:
            entries.append(msgspec.convert(each, Dismissal))
        except msgspec.ValidationError as error:
            warnings.append(f"{FILE}: entry {number} is ignored: {error}")
    return baseline_of(entries), tuple(warnings)


def added(text: str, entry: Dismissal) -> str:
    """Return the text of a baseline with one more entry; an entry for the same suspicion is replaced."""
    kept = without(text, {entry.id}) if text.strip() else _HEAD
    told = msgspec.structs.asdict(entry)
    lines = [f"[[{_TABLE}]]", *(f"{name} = {_quoted(value)}" for name, value in told.items())]
    return kept.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n"


def without(text: str, ids: Collection[str]) -> str:
    """Return the text of a baseline without some entries; all else in it stays as it is."""
    lines = text.splitlines(keepends=True)
    heads = [number for number, line in enumerate(lines) if line.strip() == f"[[{_TABLE}]]"]
    kept = lines[: heads[0]] if heads else lines
    for start, end in pairwise([*heads, len(lines)]):
        if not _ids("".join(lines[start:end])) & set(ids):
            kept += lines[start:end]
    return "".join(kept)


def _ids(block: str) -> set[str]:
    try:
        found = tomllib.loads(block).get(_TABLE, [])
    except (tomllib.TOMLDecodeError, RecursionError):
        return set()
    return {each["id"] for each in found if isinstance(each, dict) and isinstance(each.get("id"), str)}


def _quoted(text: str) -> str:
    """Return a TOML string: JSON's are, but for what may not stand in a file as it is."""
    return msgspec.json.encode(text.encode("utf-8", "replace").decode()).decode().replace("\x7f", "\\u007f")
