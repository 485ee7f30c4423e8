"""Strings that look drawn by lot: keys of which neither form nor name is known.

Only what stands in quotes, or alone on lines, is looked at: a name in the code never goes. It must not know
what is done with them.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

ENTROPY_MIN = 0.84
"""Shannon entropy of the characters, as a share of the most that so many of the alphabet can have."""

TURNS_MIN = 0.38
"""Share of neighbours that are of different classes (small, capital, digit, other): words have fewer."""

WORDS_MAX = 0.4
"""Share of characters that stand in words: four small letters in a row, or more."""

RISING_MAX = 0.4
"""Share of neighbours that follow each other in the alphabet: more is an alphabet, no key."""

_QUOTED = re.compile(r"""(?<=["'`])(?P<value>[A-Za-z0-9+/_.~-]{20,600}={0,2})(?=["'`])""")
_ALONE = re.compile(r"^[ \t]*[\"']?(?P<value>[A-Za-z0-9+/]{44,200}={0,2})(?:\\n)?[\"']?[ \t]*$", re.MULTILINE)
_WORD = re.compile(r"[A-Z]?[a-z]{4,}")
_HEX = re.compile(r"[0-9a-f]{32,}|[0-9A-F]{32,}")


def drawn(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of strings that look drawn by lot."""
    for pattern in (_QUOTED, _ALONE):
        for found in pattern.finditer(text):
            if is_drawn(found["value"]):
                yield "secret", *found.span("value")


def is_drawn(value: str) -> bool:
    """Tell whether a string looks drawn by lot."""
    value = value.rstrip("=")
    is_hex = _HEX.fullmatch(value) is not None
    if entropy(value) < ENTROPY_MIN * math.log2(min(len(value), 16 if is_hex else 64)):
        return False
    pairs = list(pairwise(value))
    if sum(ord(two) - ord(one) == 1 for one, two in pairs) > RISING_MAX * len(pairs):
        return False
    if sum(map(len, _WORD.findall(value))) > WORDS_MAX * len(value):
        return False
    kinds = {_class(each) for each in value}
    if is_hex:
        return len(kinds) == 2
    has_all = {"small", "capital", "digit"} <= kinds
    return has_all and sum(_class(one) != _class(two) for one, two in pairs) >= TURNS_MIN * len(pairs)


def entropy(value: str) -> float:
    """Return the Shannon entropy of a string's characters, in bits for each."""
    counts = Counter(value)
    return -sum(each / len(value) * math.log2(each / len(value)) for each in counts.values())


def _class(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.islower():
        return "small"
    return "capital" if character.isupper() else "other"
