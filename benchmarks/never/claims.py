"""The claims that a folder's contracts make, in the form the watching plugin reads.

It must not know how packages are fetched or tests are run.
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.never.watching import claims as kinds
from benchmarks.never.watching.claims import Claims
from sleeplsp.cli.session import Session
from sleeplsp.core.contract import UNKNOWN_CONTRACT, Contract, Verdict
from sleeplsp.core.facts import MODULE, FunctionFacts
from sleeplsp.core.row import ModuleRow
from sleeplsp.core.text import Text

_TEST_FOLDERS = frozenset(("test", "tests", "testing", "docs", "doc", "examples", "benchmarks"))
_OTHER_FILES = frozenset(("conftest.py", "setup.py", "noxfile.py", "tasks.py"))


class NotDeducedError(Exception):
    """Modules could not be deduced; the text says which."""


class Deduced:
    """What was deduced of one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, list[Claims]] = {}
        """Per source file (absolute path), what is claimed of each of its functions, nothing included."""
        self.analysed = 0

    @property
    def functions(self) -> list[Claims]:
        """All functions outside tests, with what is claimed of them."""
        return [each for listed in self.files.values() for each in listed]


def deduce(root: Path, tests: tuple[str, ...]) -> Deduced:
    """Deduce a folder, tests included, and return the claims about what is not below `tests`."""
    found = Deduced(root)
    with Session(root, keep=False) as session:
        outcome = session.deduction.run()
        if outcome.failed:
            path, why = next(iter(outcome.failed.items()))
            raise NotDeducedError(f"{len(outcome.failed)} modules were not deduced, first {path}: {why}")
        for path, row in sorted(session.deduction.rows.items()):
            text = session.deduction.text_of(path)
            if text is not None and row.facts.functions and not _is_test(path, tests):
                _module(found, path, row, text)
    return found


def _is_test(path: str, tests: tuple[str, ...]) -> bool:
    *folders, name = path.split("/")
    return (
        not _TEST_FOLDERS.isdisjoint(folders)
        or name.startswith("test_")
        or name in _OTHER_FILES
        or any(Path(path).is_relative_to(each) for each in tests if each != ".")
    )


def _module(found: Deduced, path: str, row: ModuleRow, text: Text) -> None:
    symbols = {each.id: each for each in row.facts.symbols}
    classes = {each.symbol for each in row.facts.classes}
    for facts in row.facts.functions:
        if facts.symbol == MODULE or facts.symbol in classes or facts.symbol not in symbols:
            continue
        deduced = row.functions.get(facts.symbol)
        complete = deduced is not None and deduced.complete
        contract = deduced.contract if deduced is not None and complete else UNKNOWN_CONTRACT
        found.analysed += complete
        symbol = symbols[facts.symbol]
        line = text.line_of(symbol.start) + 1
        claims = _claims(f"{path}::{symbol.id}", symbol.name, line, facts, contract)
        found.files.setdefault(str(found.root / path), []).append(claims)


def _claims(ref: str, name: str, line: int, facts: FunctionFacts, contract: Contract) -> Claims:
    returns = contract.returns
    unchanged = tuple(each for each, verdict in contract.mutates if verdict is Verdict.NO)
    required = tuple((each.parameter, each.kind) for each in contract.requires)
    return Claims(
        ref,
        name,
        line,
        tuple(_kinds(facts, contract)),
        returns.types,
        tuple(each for each, _ in returns.arguments),
        unchanged,
        required,
    )


def _kinds(facts: FunctionFacts, contract: Contract) -> Iterator[str]:
    returns = contract.returns
    if returns.leaves is Verdict.NO:
        yield kinds.NEVER_RETURNS
    if returns.none is Verdict.NO:
        yield kinds.NEVER_NONE
    if returns.procedure and not facts.is_generator:
        yield kinds.ONLY_NONE
    if returns.complete and (returns.types or returns.arguments):
        yield kinds.TYPES
    if contract.raises is Verdict.NO:
        yield kinds.NEVER_RAISES
    if contract.pure is Verdict.YES:
        yield kinds.PURE
    if any(verdict is Verdict.NO for _, verdict in contract.mutates):
        yield kinds.UNCHANGED
    if contract.requires:
        yield kinds.REQUIRES
