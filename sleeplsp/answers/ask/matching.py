"""Matching: which anticipated question is meant by one that is asked, if that is sure.

It is sure if both want the same of the same symbol, negate as often, and each strong word of one stands in
the other, in the same order but for what a passive moves. Whoever asks for more, for less or for the contrary
is not answered. It must not know where questions come from.
"""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from sleeplsp.answers.ask.vocabulary import TIMES
from sleeplsp.answers.ask.wants import answers
from sleeplsp.answers.ask.wording import Wording, is_weak, stemmed, wording
from sleeplsp.core.insight import Question

_WORD = re.compile(r"\w+")

_GETTING = re.compile(r"\b(I|you|we|one) get\b")


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """An anticipated question, and what may be named in it."""

    ref: str
    """The symbol it was anticipated of."""
    question: Question
    own: frozenset[str] = frozenset()
    """What the symbol is called."""
    names: frozenset[str] = frozenset()
    """Names that mean something in its code, as parameters do."""
    others: frozenset[str] = frozenset()
    """What other symbols around are called, as it is written: whoever names one asks about that."""


def matched(asked: str, known: Iterable[Known]) -> Known | None:
    """Return the one question that is meant; None if that is none or not sure."""
    found = [each for each in known if is_meant(asked, each)]
    if len({each.question.answer for each in found}) == 1:
        return found[0]
    exact = [each for each in found if _plain(each.question.question) == _plain(asked)]
    return exact[0] if len(exact) == 1 else None


def is_meant(asked: str, known: Known) -> bool:
    """Tell whether it is sure that a question means an anticipated one."""
    if _plain(asked) == _plain(known.question.question):
        return True
    if not _names_alike(known.question.question, asked, known.others):
        return False
    one, other = (wording(each, known.names, known.own) for each in (known.question.question, asked))
    if one.negations != other.negations or not answers(one.wants, other.wants):
        return False
    if not one.words and one.wants is not other.wants:
        return False  # there is nothing else by which they could be told to be about the same
    if one.repeated != other.repeated:
        return False
    return set(one.words) == set(other.words) and _in_order(one, other)


def _names_alike(known: str, asked: str, others: frozenset[str]) -> bool:
    """Tell whether two questions name the same other symbols, as far as their strong words do not tell."""
    texts = (_GETTING.sub("", each) for each in (known, asked))
    before, after = (Counter(each for each in _WORD.findall(one) if each in others) for one in texts)
    return not after - before and not any(is_weak(each) for each in before - after)


def _in_order(one: Wording, other: Wording) -> bool:
    """Tell whether what both name, and what does not move, comes in the same order."""
    moving = (one.moving | other.moving) - one.nouns - other.nouns
    if _TIMES & set(one.words):
        moving = frozenset()
    both = set(one.order) & set(other.order) - moving
    return [each for each in one.order if each in both] == [each for each in other.order if each in both]


def _plain(question: str) -> str:
    return " ".join(question.lower().replace("`", "").split()).rstrip(" ?!.")


_TIMES = frozenset(stemmed(each) for each in TIMES)
