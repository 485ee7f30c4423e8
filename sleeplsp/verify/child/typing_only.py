"""Names that a module imports for its annotations alone, below `if TYPE_CHECKING:`.

Nothing has imported them when the code runs, and most annotated code has some. It must not know which of them
an annotation means.
"""

import ast
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_TYPE_CHECKING = "TYPE_CHECKING"


def names_for(function: Callable[..., Any]) -> dict[str, Any]:
    """Return what a function's module knows, and what it imports for annotations, as far as that is there."""
    names = dict(getattr(function, "__globals__", {}))
    file = str(names.get("__file__", ""))
    with contextlib.suppress(Exception):  # the file is gone, or no text that this Python reads
        for each in _imports(ast.parse(Path(file).read_bytes())):
            with contextlib.suppress(Exception):  # one that is not installed; the workspace's own code
                exec(compile(ast.Module([each], []), file, "exec"), names)  # noqa: S102 - an import
    return names


def _imports(tree: ast.Module) -> Iterator[ast.stmt]:
    for each in tree.body:
        if isinstance(each, ast.If) and _is_for_types(each.test):
            yield from (inner for inner in each.body if isinstance(inner, (ast.Import, ast.ImportFrom)))


def _is_for_types(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == _TYPE_CHECKING) or (
        isinstance(test, ast.Attribute) and test.attr == _TYPE_CHECKING
    )
