"""Ways: whether a question says the same as one that is known in several wordings, or mixes these.

What two wordings of one question do not share means the same in both, so that it may be exchanged: one says
`dropped`, another `thrown out`. It must not know which questions are known.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations

from sleeplsp.answers.ask.vocabulary import TIMES
from sleeplsp.answers.ask.wants import answers
from sleeplsp.answers.ask.wording import Wording, stemmed

WORDS_MIN = 2
"""Strong words of a mixed wording: by fewer nobody can tell what it is about."""


def is_said(other: Wording, ways: Sequence[Wording]) -> bool:
    """Tell whether a question says what the wordings of another one say."""
    return any(_says_same(each, other) for each in ways) or _is_mixed(other, ways)


def is_contrary(one: Wording, other: Wording) -> bool:
    """Tell whether two questions negate differently and have half of the words of one in common, or none."""
    least = min(len(one.words), len(other.words))
    common = len(set(one.words) & set(other.words))
    return one.negations != other.negations and 2 * common >= least


def _says_same(one: Wording, other: Wording) -> bool:
    if not _agrees(one, other) or not answers(one.wants, other.wants):
        return False
    if not one.words and one.wants is not other.wants:
        return False  # there is nothing else by which they could be told to be about the same
    return set(one.words) == set(other.words)


def _is_mixed(other: Wording, ways: Sequence[Wording]) -> bool:
    """Tell whether a question has nothing but words of the wordings, and all that one of them has.

    Of one it may have more, if that stands in another; or in the place of some what another has there. It
    wants what any of them wants with which it has a word in common.
    """
    said = set(other.words)
    if len(said) < WORDS_MIN or not said <= {word for each in ways for word in each.words}:
        return False
    if not any(answers(each.wants, other.wants) and said & set(each.words) for each in ways):
        return False
    return any(_agrees(each, other) and _makes(said, set(each.words), ways) for each in ways)


def _makes(said: set[str], own: set[str], ways: Sequence[Wording]) -> bool:
    """Tell whether the words of one wording become those that are said, by what other wordings have."""
    if len(own) >= WORDS_MIN and own <= said:
        return True
    return any(here <= own and said == (own - here) | there for here, there in _exchanged(ways))


def _exchanged(ways: Sequence[Wording]) -> Iterator[tuple[set[str], set[str]]]:
    """Yield what stands in the place of what, in wordings that have something in common."""
    for one, other in permutations(ways, 2):
        mine, its = set(one.words), set(other.words)
        if one.negations == other.negations and mine & its and mine - its and its - mine:
            yield mine - its, its - mine


def _agrees(one: Wording, other: Wording) -> bool:
    """Tell whether nothing but words can differ in meaning: negations, repetitions and order do not."""
    if one.negations != other.negations or one.repeated != other.repeated:
        return False
    # What both name, and what does not move, has to come in the same order.
    moving = (one.moving | other.moving) - one.nouns - other.nouns
    if _TIMES & set(one.words):
        moving = frozenset()
    both = set(one.order) & set(other.order) - moving
    return [each for each in one.order if each in both] == [each for each in other.order if each in both]


_TIMES = frozenset(stemmed(each) for each in TIMES)
