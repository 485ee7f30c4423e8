"""Cases of contracts: small functions with what is deduced of each written above it.

In `fixtures/contracts/*.md` every heading is a case, a small workspace of Python files. A comment `#>`
stands above each function (above its decorators):

    #> returns str, never None; raises nothing; pure
    def name():
        return "a"

`?` is what is not known: `returns ?, None?` may be anything, `raises ?` may raise. Classes are told by
their short names, parameters that may be given back by theirs (`key!`: only when it is not None).
"""

from collections.abc import Iterator

from sleeplsp.core.contract import Contract, Returns, Verdict
from sleeplsp.core.row import ModuleRow
from sleeplsp.core.text import Text
from tests.check_cases import deduced
from tests.fixture_files import FIXTURES

CONTRACT_FIXTURES = sorted((FIXTURES / "contracts").glob("*.md"))

MARK = "#> "


def plain(text: str) -> str:
    """Return a file's code without what is claimed in it."""
    return "".join(line for line in text.splitlines(keepends=True) if not _is_claim(line))


def claimed(files: dict[str, str]) -> dict[str, str]:
    """Return files of plain code with what is deduced of each function written above it."""
    return {
        path: _with_claims(Text.from_str(files[path]), thought) for path, thought in deduced(files).items()
    }


def _is_claim(line: str) -> bool:
    return line.lstrip().startswith(MARK)


def _with_claims(text: Text, row: ModuleRow) -> str:
    told = {
        text.line_of(symbol.start): told_of(row.functions[symbol.id].contract)
        for symbol in row.facts.symbols
        if symbol.kind in ("function", "method", "constructor", "property") and symbol.id in row.functions
    }
    lines = text.slice(0, len(text.source)).splitlines(keepends=True)
    out = []
    for number, line in enumerate(lines):
        if number in told:
            out.append(f"{line[: len(line) - len(line.lstrip())]}{MARK}{told[number]}\n")
        out.append(line)
    return "".join(out)


def told_of(contract: Contract) -> str:
    """Return a contract in words, the same for the same contract."""
    parts = [_returns(contract.returns), _raises(contract), _pure(contract)]
    changes: dict[Verdict, list[str]] = {verdict: [] for verdict in Verdict}
    for name, verdict in contract.mutates:
        changes[verdict].append(name)
    for verdict, word in ((Verdict.YES, "changes"), (Verdict.NO, "leaves")):
        if changes[verdict]:
            parts.append(f"{word} {', '.join(changes[verdict])}")
    needs = [f"{each.parameter} {each.kind}" for each in contract.requires]
    if needs:
        parts.append(f"needs {', '.join(needs)}")
    return "; ".join(parts)


def _returns(returns: Returns) -> str:
    if returns.leaves is Verdict.NO:
        return "never returns"
    if returns.procedure:
        return "returns nothing"
    return f"returns {' | '.join(_types(returns))}, {_none(returns)}"


def _types(returns: Returns) -> Iterator[str]:
    yield from (_short(each) for each in returns.types)
    yield from (f"{name}!" if present else name for name, present in returns.arguments)
    if not returns.complete:
        yield "?"


def _none(returns: Returns) -> str:
    if returns.none is not Verdict.YES:
        return {Verdict.NO: "never None", Verdict.UNKNOWN: "None?"}[returns.none]
    when = [f"{name} is {condition}" for name, condition in returns.none_when]
    return f"None when {' and '.join(when)}" if when else "None"


def _raises(contract: Contract) -> str:
    if contract.raised:
        return f"raises {', '.join(_short(each.exception) for each in contract.raised)}"
    return "raises nothing" if contract.raises is Verdict.NO else "raises ?"


def _pure(contract: Contract) -> str:
    return {Verdict.YES: "pure", Verdict.NO: "not pure", Verdict.UNKNOWN: "pure ?"}[contract.pure]


def _short(ref: str) -> str:
    return ref.rpartition("::")[2].rpartition(".")[2]
