"""Wording: what a question asks for, taken out of how it is put.

A question becomes what kind of answer it wants, how often it negates, and its strong words in their order, as
far as they mean something of their own. It must not know any question that was anticipated.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence

import msgspec

from sleeplsp.answers.ask.vocabulary import (
    ADJECTIVES,
    ARTICLES,
    GROUPS,
    IRREGULAR,
    NEGATED,
    NEGATORS,
    PHRASES,
    PRONOUNS,
    VERBS,
    WEAK,
)
from sleeplsp.answers.ask.wants import SAID, Wants, wants

CHARACTERS_MAX = 1_000
"""Characters of a question that are read: what is longer is no question that was anticipated."""

SUBJECT = "<subject>"
"""Stands for what all is about."""

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
    moving: frozenset[str]
    """Those of them that may stand elsewhere in a question that means the same."""
    nouns: frozenset[str]
    """Those that would move if they were no nouns here."""
    order: tuple[str, ...]
    """All of them and `SUBJECT`, where what all is about is named, as they stand."""
    repeated: frozenset[str]
    """Strong words that are said more than once: a list of lists is no list."""


def wording(question: str, names: Collection[str] = (), own: Collection[str] = ()) -> Wording:
    """Take a question apart.

    `names` mean something here, as parameters do: they are neither bent nor weak. Those in `own` are what
    all is about and go without saying.
    """
    lowered = _plain(question)
    kind = wants(lowered)
    for phrase, word in _PHRASES:
        lowered = phrase.sub(word, lowered)
    taking = _Taking(kind, names, own)
    said = ["", "", *_WORD.findall(lowered), ""]
    for at, word in enumerate(said[2:-1], 2):
        taking.take(word, said[at - 2 : at], said[at + 1])
    return taking.taken()


class _Taking:
    """A question that is being taken apart, word by word."""

    def __init__(self, kind: Wants, names: Collection[str], own: Collection[str]) -> None:
        self._kind, self._names = kind, names
        self._own = {_CANONICAL.get(each, each) for each in map(stemmed, map(str.lower, own))}
        self._unsaid = set(_SAID.get(kind, ()))
        self._negations = 0
        self._strong: dict[str, None] = {}
        self._order: dict[str, None] = {}
        self._moving: set[str] = set()
        self._nouns: set[str] = set()
        self._said: Counter[str] = Counter()

    def take(self, word: str, before: Sequence[str], after: str) -> None:
        """Take the next word, which stands behind two others and before one; '' for none."""
        stem = stemmed(word)
        if _CANONICAL.get(stem, stem) in self._own or word in PRONOUNS:
            if before[-1] not in _WHERE:
                self._order[SUBJECT] = None
            if word not in PRONOUNS and _moves(word, stem, before, after):
                self._moving.add(SUBJECT)
            return
        self._said[stem] += 1
        if word in self._names:
            self._strong[word] = self._order[word] = None
            return
        if stem in _NEGATORS:
            self._negations += 1
            stem = _NEGATED.get(stem, "")
        stem = _CANONICAL.get(stem, stem)
        if stem in self._unsaid:
            self._unsaid.remove(stem)
        elif stem and stem not in _WEAK:
            self._strong[stem] = self._order[stem] = None
            if _moves(word, stem, before, after):
                self._moving.add(stem)
            elif stem in _VERBS:
                self._nouns.add(stem)

    def taken(self) -> Wording:
        """Return what was taken."""
        repeated = (_CANONICAL.get(each, each) for each, times in self._said.items() if times > 1)
        return Wording(
            wants=self._kind,
            negations=self._negations,
            words=tuple(self._strong),
            moving=frozenset(self._moving),
            nouns=frozenset(self._nouns),
            order=tuple(self._order),
            repeated=frozenset(self._strong.keys() & set(repeated)),
        )


def _moves(word: str, stem: str, before: Sequence[str], after: str) -> bool:
    """Tell whether a word may stand elsewhere in a question that means the same."""
    earlier, previous = before
    # "the copy of a list" is how a list is copied, "a list that repeats" one that is repeated.
    is_noun = previous in ARTICLES and after != "of" and not (previous == "that" and earlier not in _JOINTS)
    is_verb = _CANONICAL.get(stem, stem) in _VERBS and not is_noun
    return is_verb or stem in _ADJECTIVES or word.endswith(("ed", "ing")) or word in IRREGULAR


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


def _plain(question: str) -> str:
    """Return a question in lower case, with its main clause first and without what ends it."""
    text = " ".join(question[:CHARACTERS_MAX].replace("`", "").split()).strip(" ?!.…:")
    lowered = re.sub(r"\bNone( values?)?\b", NOTHING, text).lower()
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
_VERBS = frozenset(stemmed(each) for each in VERBS)
_ADJECTIVES = frozenset(stemmed(each) for each in ADJECTIVES)
_JOINTS = frozenset(("", *ARTICLES, "is", "if", "when", "of", "for", "with", "in", "on", "to", "and", "or"))
"""Behind these `that` points at something; behind any other word it begins a clause."""
_WHERE = frozenset(("in", "of", "for"))
"""Behind these it is only told once more what all is about."""
_SAID = {kind: frozenset(map(stemmed, words)) for kind, words in SAID.items()}
