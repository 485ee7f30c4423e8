"""Matching: which anticipated question is meant by one that is asked, if that is sure.

It is sure if both want the same of the same symbol, and say the same, each word in its place. Other wordings
that a model gave of a question answer nothing: that they ask for the same was held against nothing. It must
not know where questions come from.
"""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from sleeplsp.answers.ask.clauses import Said, said
from sleeplsp.answers.ask.wants import answers
from sleeplsp.answers.ask.wording import is_weak
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
    question = known.question.question
    if _plain(asked) == _plain(question):
        return True
    if not _names_alike(question, asked, known.others):
        return False
    return _says_same(*(said(each, known.names, known.own) for each in (question, asked)))


def _says_same(known: Said, asked: Said) -> bool:
    """Tell whether two questions say the same, and the answer to one answers the other."""
    if known.clauses != asked.clauses:
        return False
    # With nothing else said, only the kind tells that both are about the same.
    return known.wants is asked.wants or (bool(known.words) and answers(known.wants, asked.wants))


def _names_alike(known: str, asked: str, others: frozenset[str]) -> bool:
    """Tell whether two questions name the same other symbols, as far as their strong words do not tell."""
    texts = (_GETTING.sub("", each) for each in (known, asked))
    before, after = (Counter(each for each in _WORD.findall(one) if each in others) for one in texts)
    return not after - before and not any(is_weak(each) for each in before - after)


def _plain(question: str) -> str:
    return " ".join(question.lower().replace("`", "").split()).rstrip(" ?!.")
