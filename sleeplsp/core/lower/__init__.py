"""Lowering: tree -> flow programs, one folder per language.

Only here are a grammar's node kinds named for deduction. A language without a lowering has symbols but
no contracts. This package must not know what is deduced from a program.
"""

from collections.abc import Callable

from tree_sitter import Tree

from sleeplsp.core.flow import Program
from sleeplsp.core.lower import python
from sleeplsp.core.text import Text

_LOWERINGS: dict[str, Callable[[Text, Tree], Program]] = {"python": python.lower}


def is_lowered(language: str) -> bool:
    """Tell whether a language has a lowering, so that calls in it are known."""
    return language in _LOWERINGS


def lower(language: str, text: Text, tree: Tree) -> Program | None:
    """Return the module's program with all programs nested in it; None if the language has no lowering."""
    lowering = _LOWERINGS.get(language)
    return lowering(text, tree) if lowering else None
