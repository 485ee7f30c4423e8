"""Where stubs come from: typeshed as `typeshed_client` bundles, finds and splits it into names.

The import of `typeshed_client` takes longer than thousands of lookups, so this module and `compile`
are imported only when a stub must be parsed. It must not be known here what a definition means.
"""

import ast
import logging
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from typeshed_client import (
    ModulePath,
    NameDict,
    SearchContext,
    get_all_stub_files,
    get_search_context,
    get_stub_file,
    parse_ast,
)
from typeshed_client.parser import InvalidStub

PYTHON = (3, 13)
"""The Python the stubs describe. Fixed, so that answers do not depend on the interpreter that runs;
recent, and its modules are still those that most code alive today imports."""

PLATFORM = "linux"
"""The platform the stubs describe, fixed for the same reason; most Python code runs there."""

STAR = "*"
"""How the name begins under which `parse` gives a `from m import *`."""

# Its warnings are about stubs, which no user of ours can mend.
logging.getLogger("typeshed_client").addHandler(logging.NullHandler())


def module_names() -> list[str]:
    """Return the dotted names of all modules that have a stub."""
    return sorted({name for name, _ in get_all_stub_files(_search_context())})


def parse(module: str) -> NameDict | None:
    """Return the names of a stub module with their syntax trees; None if it cannot be read.

    A `from m import *` comes as an import of `*` under a name that begins with STAR; left to
    `typeshed_client`, it would parse `m` anew every time.
    """
    path = get_stub_file(module, search_context=_search_context())
    try:
        return parse_text(module, path, path.read_bytes()) if path else None
    except OSError:
        return None


def parse_text(module: str, path: Path, text: bytes) -> NameDict | None:
    """Return the names in the text of a stub; `path` says whether the module is a package."""
    module_path = ModulePath(tuple(module.split(".")))
    is_package = path.stem == "__init__"
    try:
        tree = ast.parse(text)
        for number, statement in enumerate(_star_imports(tree.body)):
            statement.names[0].asname = f"{STAR}{number}"
        context = _search_context()
        return parse_ast(tree, context, module_path, is_init=is_package, file_path=path)
    except (InvalidStub, SyntaxError):
        return None


def _star_imports(statements: Iterable[ast.stmt]) -> Iterator[ast.ImportFrom]:
    for statement in statements:
        match statement:
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                yield statement
            case ast.If(body=body, orelse=orelse):
                yield from _star_imports([*body, *orelse])


@cache
def _search_context() -> SearchContext:
    context = get_search_context(search_path=[], version=PYTHON, platform=PLATFORM)
    if "implementation_name" not in context._fields:  # older releases
        return context
    return context._replace(implementation_name="cpython", implementation_version=PYTHON)
