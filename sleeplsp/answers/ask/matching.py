"""Matching: which anticipated question is meant by one that is asked, if that is sure.

It is sure if both want the same of the same symbol, negate as often, and each strong word of one stands in
the other, in the same order but for what a passive moves; `ways` does the same where a question is known in
several wordings. Whoever asks for more, for less or for the contrary is not answered. It must not know where
questions come from.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from sleeplsp.answers.ask.clauses import Said, said
from sleeplsp.answers.ask.ways import is_believed, says_same
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
    """Tell whether it is sure that a question means an anticipated one, in any of its wordings."""
    texts = (known.question.question, *_ways(known))
    if _plain(asked) in map(_plain, texts):
        return True
    spoken = _said(asked, known)
    return any(_names_alike(each, asked, known.others) and says_same(_said(each, known), spoken) for each in texts)


def _ways(known: Known) -> Iterator[str]:
    """Yield the other wordings of a question that are believed; a model wrote them."""
    main = known.question.question
    meant = _said(main, known)
    for each in known.question.ways:
        if _names_alike(main, each, known.others) and is_believed(meant, _said(each, known)):
            yield each


def _said(question: str, known: Known) -> Said:
    return said(question, known.names, known.own)


def _names_alike(known: str, asked: str, others: frozenset[str]) -> bool:
    """Tell whether two questions name the same other symbols, as far as their strong words do not tell."""
    texts = (_GETTING.sub("", each) for each in (known, asked))
    before, after = (Counter(each for each in _WORD.findall(one) if each in others) for one in texts)
    return not after - before and not any(is_weak(each) for each in before - after)


def _plain(question: str) -> str:
    return " ".join(question.lower().replace("`", "").split()).rstrip(" ?!.")
