"""The base: every function of a workspace as it was at a commit, as far as callers can tell.

Pure values out of rows. It must not know how the rows came about.
"""

from collections.abc import Collection, Mapping

import msgspec

from sleeplsp.core.contract import Contract
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.imports import is_stub
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.row import ModuleRow
from sleeplsp.deduce.drift.sides import Side


class Base(msgspec.Struct, frozen=True):
    """Functions by reference, as they were."""

    key: str
    """The commit; other text where there is no history."""
    sides: dict[str, Side]
    renamed: dict[str, str] = {}
    """Modules that have another path now: path now -> path then."""

    def then(self, path: str, symbol: str) -> Side | None:
        """Return a function of today as it was; None if it is new, or not known for certain."""
        return self.sides.get(ref_of(self.renamed.get(path, path), symbol))


def base_of(key: str, rows: Mapping[str, ModuleRow], renamed: Mapping[str, str]) -> Base:
    """Return the base that a run came to."""
    sides = {
        ref_of(path, symbol): msgspec.structs.replace(side, contract=_bare(side.contract))
        for path, row in rows.items()
        for symbol, side in sides_of(row).items()
    }
    return Base(key, sides, dict(renamed))


def sides_of(row: ModuleRow) -> dict[str, Side]:
    """Return the functions of a module that have one definition and could be analysed, by symbol."""
    if row.failure or is_stub(row.facts.path):
        return {}
    codes = {each.id: each.digest for each in row.facts.symbols}
    classes = {each.symbol for each in row.facts.classes}
    sides = {}
    for function in row.facts.functions:
        symbol = function.symbol
        deduced = row.functions.get(symbol)
        if symbol == MODULE or symbol in classes or deduced is None or not deduced.complete:
            continue
        # Of twins, in two branches for instance, it is not known which one callers get.
        if symbol in codes and "#" not in symbol and not _has_twin(symbol, codes):
            facts = msgspec.structs.replace(function, calls=(), names=())
            sides[symbol] = Side(codes[symbol], deduced.contract, facts)
    return sides


def _has_twin(symbol: str, codes: Collection[str]) -> bool:
    parts = symbol.split(".")
    return any(f"{'.'.join(parts[: count + 1])}#2" in codes for count in range(len(parts)))


def _bare(contract: Contract) -> Contract:
    """Return a contract without evidence, which is the largest part of it."""
    return msgspec.structs.replace(
        contract,
        returns=msgspec.structs.replace(contract.returns, none_path=()),
        raised=tuple(msgspec.structs.replace(each, path=()) for each in contract.raised),
        mutates_path=(),
        pure_path=(),
        requires=tuple(msgspec.structs.replace(each, path=()) for each in contract.requires),
    )


def codes_of(facts: ModuleFacts) -> dict[str, str]:
    """Return the code digest of everything in a module by symbol."""
    return {MODULE: facts.digest, **{each.id: each.digest for each in facts.symbols}}
