"""Python: tree -> flow programs.

`statements` and `expressions` each map a node kind to one function, and `imports`, `definitions`,
`operators` and `comprehensions` add theirs; `patterns` makes tests of match patterns, `annotations` reads
types, `literals` constants; `scope` is what all of them share while one program is built. Nothing here may
fail on broken code: what is not understood becomes an Opaque expression and marks its program broken.
"""

from tree_sitter import Tree

from sleeplsp.core.flow import Program
from sleeplsp.core.lower.python import comprehensions, imports, operators
from sleeplsp.core.lower.python.definitions import module
from sleeplsp.core.text import Text


def lower(text: Text, tree: Tree) -> Program:
    """Return the module's program with everything nested in it."""
    return module(tree.root_node, text.parsed)


# These add node kinds to the tables when they are imported.
__all__ = ["comprehensions", "imports", "lower", "operators"]
