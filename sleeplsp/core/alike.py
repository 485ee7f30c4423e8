"""Whether two claims say the same, by the words of their sentences: so that nothing is told twice.

It must not know who made a claim.
"""

import re
from collections.abc import Iterable

from sleeplsp.core.insight import Invariant

_WORD = re.compile(r"[^\W_]\w*|_\w+|[<>=!]=|[<>]")
_FILLERS = frozenset(
    [
        *("a", "an", "the", "it", "its", "this", "that", "these", "there", "function", "method", "class"),
        *("is", "are", "be", "been", "was", "when", "if", "then", "always", "value", "values", "and", "or"),
        *("in", "of", "on", "to", "as", "at", "by", "for", "from", "with"),
    ]
)


def is_said(claim: Invariant, others: Iterable[Invariant]) -> bool:
    """Tell whether one of `others` says all that a claim does, of the same symbol and kind."""
    words = _words(claim.sentence)
    alike = (each for each in others if each.kind == claim.kind and each.symbol == claim.symbol)
    return any(words <= _words(each.sentence) for each in alike)


def _words(sentence: str) -> frozenset[str]:
    words = (_stem(each) for each in _WORD.findall(sentence.lower()))
    return frozenset(each for each in words if each not in _FILLERS)


def _stem(word: str) -> str:
    """Return a word without the s of a third person or a plural, so that 'return' is 'returns'."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
