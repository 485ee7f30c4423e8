"""Wording: what a question asks for, taken out of how it is put.

A question becomes what kind of answer it wants, how often it negates, and its strong words in their order, as
far as they mean something of their own. It must not know any question that was anticipated.
"""

import re
from collections.abc import Collection

import msgspec

from sleeplsp.answers.ask.vocabulary import (
    GROUPS,
    IRREGULAR,
    NEGATED,
    NEGATORS,
    PHRASES,
    PRONOUNS,
    WEAK,
)
from sleeplsp.answers.ask.wants import SAID, Wants, wants

CHARACTERS_MAX = 1_000
"""Characters of a question that are read: what is longer is no question that was anticipated."""

NOTHING = "none_value"
"""Stands for Python's `None`, which is no negation."""

_CLAUSE = re.compile(r"^(if|when|once|after|for) (.+?), (.+)$")
_WORD = re.compile(r"(?<![\w.])-?(?:\d+(?:\.\d+)*|\.\d+)(?!\w)|\w+")
"""A number with its sign and all its digits, else a word."""


class Wording(msgspec.Struct, frozen=True):
    """A question, taken apart."""

    wants: Wants
    negations: int
    words: tuple[str, ...]
    """Strong words, each once, in the order in which they come first."""


def wording(question: str, names: Collection[str] = (), own: Collection[str] = ()) -> Wording:
    """Take a question apart.

    `names` mean something here, as parameters do: they are neither bent nor weak. Those in `own` are what
    all is about and go without saying.
    """
    lowered = plain(question)
    kind = wants(lowered)
    for phrase, word in _PHRASES:
        lowered = phrase.sub(word, lowered)
    subject = {*PRONOUNS, *map(canonical, map(str.lower, own))}
    unsaid, negations = set(_SAID.get(kind, ())), 0
    strong: dict[str, None] = {}
    for word in tokens(lowered):
        stem = stemmed(word)
        if word in PRONOUNS or _CANONICAL.get(stem, stem) in subject:
            continue
        if word in names:
            strong[word] = None
            continue
        if stem in _NEGATORS:
            negations += 1
            stem = _NEGATED.get(stem, "")
        stem = _CANONICAL.get(stem, stem)
        if stem in unsaid:
            unsaid.remove(stem)
        elif stem and stem not in _WEAK:
            strong[stem] = None
    return Wording(kind, negations, tuple(strong))


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text as they stand."""
    return _WORD.findall(text)


def canonical(word: str) -> str:
    """Return a word without its bending, and one for all that mean the same."""
    stem = stemmed(word)
    return _CANONICAL.get(stem, stem)


def is_weak(word: str) -> bool:
    """Tell whether a word says next to nothing by itself."""
    return stemmed(word.lower()) in _WEAK


def stemmed(word: str) -> str:
    """Return a word without its bending: 'merges', 'merged' and 'merging' give the same."""
    word = IRREGULAR.get(word, word)
    if len(word) <= 3 or "_" in word:
        return word
    if word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    if word.endswith("ing") and len(word) > 5:
        return _undoubled(word[:-3])
    if word.endswith("ed") and len(word) > 4 and not word.endswith("eed"):
        return _undoubled(word[:-2])
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def plain(question: str) -> str:
    """Return a question in lower case, with its main clause first and without what ends it."""
    text = " ".join(question[:CHARACTERS_MAX].replace("`", "").split()).strip(" ?!.…:")
    lowered = re.sub(r"\bNone( values?)?\b", NOTHING, text).lower().replace("\u2019", "'")
    lowered = lowered.replace("can't", "can not").replace("won't", "will not").replace("n't", " not")
    return _CLAUSE.sub(r"\3 \1 \2", lowered)


def _undoubled(stem: str) -> str:
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lse":
        return stem[:-1]
    return stem.removesuffix("e") if len(stem) > 3 else stem


_PHRASES = tuple((re.compile(pattern), word) for pattern, word in PHRASES)
_CANONICAL = {stemmed(each): stemmed(group.split()[0]) for group in GROUPS for each in group.split()}
_WEAK = frozenset(stemmed(each) for each in WEAK)
_NEGATORS = frozenset(stemmed(each) for each in NEGATORS)
_NEGATED = {stemmed(each): stemmed(said) for each, said in NEGATED.items()}
_SAID = {kind: frozenset(map(stemmed, words)) for kind, words in SAID.items()}
