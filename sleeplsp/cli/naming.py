"""How a user names a symbol: by its dotted name, a part of it, or its reference.

It must not know what is asked of the symbol.
"""

import difflib
from collections.abc import Iterable, Iterator

from sleeplsp.core.row import ModuleRow

_GUESSES = 3


def is_named(path: str, symbol: str, said: str | None) -> bool:
    """Tell whether `said` names a symbol: parts of `pkg.mod.Class.method`, or `path::symbol`."""
    if said is None:
        return True
    if "::" in said:
        wanted_path, _, wanted = said.partition("::")
        return path == wanted_path and f".{symbol}.".startswith(f".{wanted}.")
    return f".{said}." in f".{_module(path)}.{symbol}."


def names(rows: Iterable[ModuleRow]) -> Iterator[tuple[str, str]]:
    """Yield path and id of every symbol."""
    for row in rows:
        yield from ((row.facts.path, symbol.id) for symbol in row.facts.symbols)


def near(said: str, symbols: Iterable[str]) -> str:
    """Return the symbols that are spelled most like what was said, '' where none is."""
    last = {each.rpartition(".")[2]: each for each in symbols}
    close = difflib.get_close_matches(said.rpartition(".")[2], last, n=_GUESSES)
    return " or ".join(last[each] for each in close)


def _module(path: str) -> str:
    stem = path.rpartition(".")[0] or path
    return stem.removesuffix("/__init__").replace("/", ".")
