"""Strings that look drawn by lot: keys of which neither form nor name is known.

Only what stands in quotes, or alone on lines, is looked at: a name in the code never goes. It must not know
what is done with them.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

ENTROPY_MIN = 0.84
"""Shannon entropy of the characters, as a share of what so many different ones would have."""

TURNS_MIN = 0.38
"""Share of neighbours that are of different classes (small, capital, digit, other): words have fewer."""

WORDS_MAX = 0.4
"""Share of characters that stand in words: four small letters in a row, or more."""

RISING_MAX = 0.4
"""Share of neighbours that follow each other in the alphabet: more is an alphabet, no key."""


class Alphabet(NamedTuple):
    """What keys are written in."""

    form: re.Pattern[str]
    size: int
    """So many different characters are expected in a long one, at least."""
    classes: frozenset[str]
    """All of them are there."""
    turns_min: float = TURNS_MIN
    words_max: float = WORDS_MAX


_ALPHABETS = (
    Alphabet(re.compile(r"[0-9a-f]{32,}|[0-9A-F]{32,}"), 16, frozenset(("digit",)), turns_min=0.2),
    Alphabet(
        re.compile(r"[0-9a-z]{24,}|[0-9A-Z]{24,}"), 24, frozenset(("digit",)), turns_min=0.28, words_max=0.7
    ),
    Alphabet(re.compile(r"[A-Za-z0-9+/_.~-]{20,}"), 48, frozenset(("small", "capital", "digit"))),
)

_QUOTED = re.compile(r"""(?<=["'`])(?P<value>[A-Za-z0-9+/_.~-]{20,600}={0,2})(?=["'`])""")
_ALONE = re.compile(r"^[ \t]*[\"']?(?P<value>[A-Za-z0-9+/]{44,200}={0,2})(?:\\n)?[\"']?[ \t]*$", re.MULTILINE)
_WORD = re.compile(r"[A-Z]?[a-z]{4,}")


def drawn(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of strings that look drawn by lot."""
    for pattern in (_QUOTED, _ALONE):
        for found in pattern.finditer(text):
            if is_drawn(found["value"]):
                yield "secret", *found.span("value")


def is_drawn(value: str) -> bool:
    """Tell whether a string looks drawn by lot."""
    value = value.rstrip("=")
    alphabet = next((each for each in _ALPHABETS if each.form.fullmatch(value)), None)
    if alphabet is None or entropy(value) < ENTROPY_MIN * math.log2(min(len(value), alphabet.size)):
        return False
    rising = sum(ord(two) - ord(one) == 1 for one, two in pairwise(value))
    in_words = sum(map(len, _WORD.findall(value)))
    if rising > RISING_MAX * len(value) or in_words > alphabet.words_max * len(value):
        return False
    return alphabet.classes <= {_class(each) for each in value} and turns(value) >= alphabet.turns_min


def turns(value: str) -> float:
    """Return the share of neighbours that are of different classes."""
    return sum(_class(one) != _class(two) for one, two in pairwise(value)) / max(len(value) - 1, 1)


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
