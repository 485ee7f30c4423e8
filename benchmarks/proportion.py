"""What one edited function costs: milliseconds to fresh diagnostics, and how much is thought about again.

    python -m benchmarks.proportion [--repeat N] [PACKAGE]

Edited are a function that nothing calls, and the one that most functions consult: its body, its contract, its
signature, a comment in it. The milliseconds are those of the real server over LSP, from the edit to the
diagnostic of a mistake that comes with it, less the seconds of quiet that are waited for; then from the edit
that takes it away. The counts are of the same edits, made to the same workspace by the deduction alone, each
with its seconds. Exit code 1 if a median is over 150 ms.
"""

import argparse
import ast
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks import figures
from benchmarks.packages import MissingPackageError, unpacked
from benchmarks.peers import ours
from benchmarks.wire import Client
from sleeplsp.cli.session import Session
from sleeplsp.core.text import Text
from sleeplsp.engine.deduction import Deduction

IDLE_S = 0.2
FRESH_MS_MAX = 150.0
WAIT_S_MAX = 120.0
PROBE = '_probe = {"sleeplsp": 1, "sleeplsp": 2}'
"""A mistake that is told of wherever it stands, and that changes no contract."""
CHECK = "duplicate-key"

_CHANGES = {
    "body": PROBE,
    "contract": f"{PROBE}\nif _probe['sleeplsp'] == 3: return\nif _probe['sleeplsp'] == 4: raise LookupError",
    "signature": PROBE,
    "comment": "# a comment",
}


class Target(NamedTuple):
    """A function that is edited."""

    path: str
    name: str
    """Dotted."""
    callers: int
    """Functions that consult its contract."""


class Counted(NamedTuple):
    """What a run did after an edit."""

    considered: int
    """Functions that were looked at, whether they must be deduced again."""
    deduced: int
    modules: int
    """In which they are."""
    seconds: float


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description="Work in proportion to an edit.")
    parser.add_argument("package", nargs="?", default="Django==5.2")
    parser.add_argument("--repeat", type=int, default=5, help="times each edit is made (5)")
    parser.add_argument("--work", type=Path, default=Path(".cache/benchmarks"), help="what is fetched")
    options = parser.parse_args()
    try:
        root = unpacked(options.package, options.work)
    except MissingPackageError as error:
        print(f"proportion: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        return _measure(root, Path(folder), options.repeat)


def _measure(root: Path, cache: Path, repeat: int) -> int:
    with Session(root, {"cache_dir": str(cache)}) as session:
        session.deduction.run()
        leaf, hub = targets(session.deduction)
        edits = {
            "a leaf's body": (leaf, "body"),
            "a hub's body": (hub, "body"),
            "a hub's contract": (hub, "contract"),
            "a hub's signature": (hub, "signature"),
            "a comment in a hub": (hub, "comment"),
        }
        counted = {name: count(session.deduction, root, *edit) for name, edit in edits.items()}
        total = sum(len(row.functions) for row in session.deduction.rows.values())
    print(f"{root.name}: {total:,} functions; the leaf is {leaf.path}::{leaf.name},")
    print(f"the hub {hub.path}::{hub.name}, which {hub.callers} functions consult\n")
    rows, slow = [], False
    for name, (target, kind) in edits.items():
        taken = fresh(root, cache, target, kind, repeat) if kind != "comment" else []
        slow = slow or (bool(taken) and statistics.median(taken) > FRESH_MS_MAX)
        did = counted[name]
        times = (
            (figures.number(statistics.median(taken)), figures.number(max(taken))) if taken else ("-", "-")
        )
        rows.append((name, *times, did.considered, did.deduced, did.modules, f"{did.seconds:.2f}"))
    head = ("edit", "fresh after ms", "most", "functions considered", "deduced", "in modules", "run s")
    print(figures.table(head, rows))
    return int(slow)


def targets(deduction: Deduction) -> tuple[Target, Target]:
    """Return a function that nothing consults, and the one that most functions consult."""
    callers = deduction.knowledge.callers
    found = sorted(_editable(deduction, callers), key=lambda each: (-each.callers, each.path, each.name))
    hub = next(each for each in found if _takes_edits(deduction, each))
    leaves = (each for each in found if not each.callers and each.path == hub.path)
    leaf = next((each for each in leaves if _takes_edits(deduction, each)), found[-1])
    return leaf, hub


def _takes_edits(deduction: Deduction, target: Target) -> bool:
    text = deduction.text_of(target.path)
    if text is None:
        return False
    try:
        for kind in _CHANGES:
            ast.parse(edited(text.source.decode(), target.name, kind))
    except (LookupError, SyntaxError, UnicodeDecodeError):
        return False
    return True


def _editable(deduction: Deduction, callers: Mapping[str, set[str]]) -> Iterator[Target]:
    """Yield the functions, none that Python itself calls, whose names tell them apart in their module."""
    for path, row in deduction.rows.items():
        names = Counter(each.path for each in row.facts.symbols)
        for symbol in row.facts.symbols:
            is_function = symbol.id in row.functions and symbol.kind in ("function", "method")
            if is_function and names[symbol.path] == 1 and not symbol.name.startswith("__"):
                yield Target(path, symbol.path, len(callers.get(f"{path}::{symbol.id}", ())))


def edited(source: str, name: str, kind: str) -> str:
    """Return a module's text after an edit of one function. Raises LookupError where there is none."""
    node = _found(ast.parse(source), name.split("."))
    lines = source.splitlines(keepends=True)
    first = next((each for each in node.body if not _is_text(each)), None)
    if first is None or first.lineno == node.lineno:
        raise LookupError(f"{name} has no body of its own lines")
    at = min(each.lineno for each in (first, *getattr(first, "decorator_list", ()))) - 1
    indent = " " * first.col_offset
    lines.insert(at, "".join(f"{indent}{line}\n" for line in _CHANGES[kind].splitlines()))
    if kind == "signature":
        _add_parameter(lines, node.args)
    return "".join(lines)


def _found(tree: ast.AST, names: list[str]) -> ast.FunctionDef | ast.AsyncFunctionDef:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    for node in ast.walk(tree):
        if isinstance(node, kinds) and node.name == names[0]:
            if len(names) > 1:
                return _found(node, names[1:])
            if not isinstance(node, ast.ClassDef):
                return node
    raise LookupError(names[-1])


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _add_parameter(lines: list[str], parameters: ast.arguments) -> None:
    """Put another parameter behind the last one that has a position, of which there must be one."""
    named: list[ast.arg | ast.expr] = [*parameters.posonlyargs, *parameters.args, *parameters.defaults]
    if not named:
        raise LookupError("there are no parameters")
    line, column = max((each.end_lineno or 0, each.end_col_offset or 0) for each in named)
    raw = lines[line - 1].encode()
    lines[line - 1] = (raw[:column] + b", _added=None" + raw[column:]).decode()


def count(deduction: Deduction, root: Path, target: Target, kind: str) -> Counted:
    """Make an edit, have the workspace brought up to date, and take it back; return what was done."""
    source = (root / target.path).read_text("utf-8")
    changed = deduction.watch()
    outcome = deduction.run(overlays={target.path: Text.from_str(edited(source, target.name, kind))})
    modules = len(changed)
    deduction.run()
    return Counted(outcome.considered, outcome.deduced, modules, outcome.seconds)


def fresh(root: Path, cache: Path, target: Target, kind: str, repeat: int) -> list[float]:
    """Return the milliseconds from edits, and from taking them back, to fresh diagnostics."""
    file, taken = root / target.path, []
    source = file.read_text("utf-8")
    after = edited(source, target.name, kind)
    with ours(cache) as client:
        client.open(root, [file], {"idle_s": IDLE_S})
        client.settle()
        for nth in range(repeat):
            for version, (text, is_told) in enumerate(((after, True), (source, False)), 2 + 2 * nth):
                begun = time.perf_counter()
                client.replace(file, text, version)
                if not client.listen_until(lambda told=is_told: _tells(client, file) is told, WAIT_S_MAX):  # type: ignore[misc]
                    raise TimeoutError(f"no fresh diagnostics in {WAIT_S_MAX:g} s")
                if is_told:
                    taken.append(1000 * (time.perf_counter() - begun - IDLE_S))
                client.settle()
    return taken


def _tells(client: Client, file: Path) -> bool:
    return any(each.get("code") == CHECK for each in client.diagnostics.get(file.as_uri(), ()))


if __name__ == "__main__":
    sys.exit(main())
