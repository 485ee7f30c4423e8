"""Sameness: which words of a sentence carry its meaning, and when two claims say the same.

Sentences are compared as sets of words without those that every sentence has; negations always count. It
must not know which claims are compared.
"""

import ast
import re
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

from sleeplsp.core.insight import Invariant, Question, Suspicion

QUESTIONS_ALIKE_MIN = 0.6
"""Share of words that two questions about one symbol have in common, to be one question."""

_WORD = re.compile(r"[^\W\d_]+|\d+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NEGATED = re.compile(r"\b(\w+)n['\u2019]t\b")
_NEGATION_WORDS = "not never no none nothing without neither nor cannot unless except"
NEGATIONS = frozenset(_NEGATION_WORDS.split())
_STOP_WORDS = (
    "a an one the this that these those it its is are be been being was were will would shall should may "
    "might can could must do does did has have had of to in into on onto for from with by as at and or if "
    "when then than which who what how why where there so such also only just always any all each every "
    "some other others function method class module value values result results return returns returned "
    "returning give gives given take takes taken parameter parameters argument arguments object objects "
    "instance instances call calls called use uses used using code user developer "
)
_STOP = frozenset(_STOP_WORDS.split())

Item = TypeVar("Item")


def words(text: str) -> frozenset[str]:
    """Return the words of a text that carry meaning, without endings; identifiers are taken apart."""
    spelled = _HUMP.sub(" ", _NEGATED.sub(r"\1 not", text))
    found = (each.lower() for each in _WORD.findall(spelled))
    return frozenset(_stem(each) for each in found if each not in _STOP)


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of words that two sets have in common: 0 to 1; 0 if they differ in a negation."""
    if not one or not other or bool(one & NEGATIONS) is not bool(other & NEGATIONS):
        return 0.0
    return len(one & other) / len(one | other)


def same_suspicion(one: Suspicion, other: Suspicion) -> bool:
    """Tell whether two suspicions are of the same symbol and category, and their places overlap."""
    if (one.symbol, one.category, one.place.ref) != (other.symbol, other.category, other.place.ref):
        return False
    return one.place.first <= other.place.last and other.place.first <= one.place.last


def same_invariant(one: Invariant, other: Invariant) -> bool:
    """Tell whether two claims of a symbol and kind have the same check, or say the same."""
    if (one.symbol, one.kind) != (other.symbol, other.kind):
        return False
    if one.check and other.check and normal_check(one.check) == normal_check(other.check):
        return True
    return bool(words(one.sentence)) and words(one.sentence) == words(other.sentence)


def opposite(one: Invariant, other: Invariant) -> bool:
    """Tell whether two claims of a symbol and kind say the same but for a negation."""
    if (one.symbol, one.kind) != (other.symbol, other.kind):
        return False
    mine, others = words(one.sentence), words(other.sentence)
    differ = bool(mine & NEGATIONS) is not bool(others & NEGATIONS)
    return differ and mine - NEGATIONS == others - NEGATIONS


def same_question(one: Question, other: Question) -> bool:
    """Tell whether two questions about a symbol are much alike."""
    is_alike = alike(words(one.question), words(other.question)) >= QUESTIONS_ALIKE_MIN
    return one.symbol == other.symbol and is_alike


@lru_cache(4096)
def normal_check(check: str) -> str:
    """Return a check without layout; one that does not parse as it is."""
    tree = parsed(check)
    return ast.unparse(tree) if tree is not None else check


def parsed(expression: str) -> ast.Expression | None:
    """Parse a Python expression; None if it is none."""
    return _parsed(lambda: ast.parse(expression.strip(), "<check>", "eval"))


def python_tree(code: str) -> ast.Module | None:
    """Parse Python statements; None if this Python does not."""
    return _parsed(lambda: ast.parse(code, "<fix>"))


def compiles(expression: ast.Expression) -> bool:
    """Tell whether an expression can be compiled."""
    return _parsed(lambda: compile(expression, "<check>", "eval")) is not None


def grouped(items: Sequence[Item], is_same: Callable[[Item, Item], bool]) -> list[list[Item]]:
    """Return items in groups, in any order; who is the same as any of a group belongs to it."""
    groups: list[list[Item]] = []
    for each in items:
        joined = [group for group in groups if any(is_same(each, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([other for group in joined for other in group] + [each])
    return groups


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word.removesuffix("e") if len(word) > 3 else word


def _parsed(parse: Callable[[], Item]) -> Item | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a model writes nobody needs to be warned
            return parse()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
