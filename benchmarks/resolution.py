"""The share of calls that are resolved, on real repositories.

    python -m benchmarks.resolution FOLDER...

Counted are all calls in Python functions, classes and modules. Resolved in the workspace is a call whose
function or class is known for certain (with the methods that override it); by its dotted name a call that
leads out of the workspace, where typeshed or `known.toml` may know it.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from sleeplsp.cli.session import Session
from sleeplsp.core.context import Contexts
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.resolved import Kind


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description="Share of calls resolved.")
    parser.add_argument("folders", nargs="+", type=Path)
    print("| repository | calls | in the workspace | outside, by name | in all |")
    print("|---|---:|---:|---:|---:|")
    for folder in parser.parse_args().folders:
        counted = count(_facts(folder.resolve()))
        calls = counted.total()
        inside, outside = counted["workspace"], counted["outside"]
        shares = (inside / calls, outside / calls, (inside + outside) / calls)
        print(f"| {folder.name} | {calls:,} |", *(f"{each:.1%} |" for each in shares))
    return 0


def count(modules: dict[str, ModuleFacts]) -> Counter[str]:
    """Return how many calls are resolved to what."""
    index = Index(modules)
    contexts = Contexts(index)
    found: Counter[str] = Counter()
    for facts in modules.values():
        for function in facts.functions:
            sites = contexts.of(facts, function).sites
            for call in function.calls:
                if call.end in sites:
                    found["workspace"] += 1
                else:
                    reached = index.resolve(facts.path, function.owner, call.callee) if call.callee else None
                    outside = reached is not None and reached.kind is Kind.EXTERNAL
                    found["outside" if outside else "unknown"] += 1
    return found


def _facts(root: Path) -> dict[str, ModuleFacts]:
    with Session(root, keep=False) as session:
        session.deduction.run()
        return {path: row.facts for path, row in session.deduction.rows.items()}


if __name__ == "__main__":
    sys.exit(main())
