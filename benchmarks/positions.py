"""What is asked of every server: the same files, and the same places in them.

It must not know who is asked.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.wire import Params

FILES = 20

_DEFINITION = re.compile(r"^ *(?:async )?def (\w+)", re.MULTILINE)


def largest(root: Path, count: int = FILES) -> list[Path]:
    """Return the files with the most definitions."""
    found = [each for each in sorted(root.rglob("*.py")) if not _is_hidden(each.relative_to(root))]
    counted = {each: len(_DEFINITION.findall(each.read_text("utf-8", "replace"))) for each in found}
    return sorted(counted, key=lambda each: -counted[each])[:count]


def positions(files: list[Path]) -> Iterator[Params]:
    """Yield where functions are defined, as parameters of a hover."""
    for each in files:
        text = each.read_text("utf-8", "replace")
        for match in _DEFINITION.finditer(text):
            start = match.start(1)
            character = start - (text.rfind("\n", 0, start) + 1)
            position = {"line": text.count("\n", 0, start), "character": character}
            yield {"textDocument": {"uri": each.as_uri()}, "position": position}


def spans(asked: list[Params]) -> list[Params]:
    """Return the same places as parameters of a code action."""
    return [
        {
            "textDocument": each["textDocument"],
            "range": {"start": each["position"], "end": each["position"]},
            "context": {"diagnostics": [], "triggerKind": 1},
        }
        for each in asked
    ]


def documents(asked: list[Params]) -> list[Params]:
    """Return the documents of those places, as parameters of whatever is asked of one as a whole."""
    return [{"textDocument": each["textDocument"]} for each in asked]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in ("node_modules", "venv") for part in path.parts)
