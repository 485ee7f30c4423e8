"""Ways: whether two questions say the same, and which other wordings of a question are believed.

A wording comes from a model, and nothing shows that it asks for the same: it is believed if it says nearly
the same in the same places. It must not know which questions are known.
"""

from collections.abc import Sequence

from sleeplsp.answers.ask.clauses import Said
from sleeplsp.answers.ask.wants import answers

SHARE_MIN = 0.75
"""Share of the words of the longer of two questions that stand in both, in the same order."""


def says_same(known: Said, asked: Said) -> bool:
    """Tell whether two questions say the same, word by word, and the answer to one answers the other."""
    if known.clauses != asked.clauses:
        return False
    return known.wants is asked.wants or (bool(known.words) and answers(known.wants, asked.wants))


def is_believed(main: Said, way: Said) -> bool:
    """Tell whether a wording surely asks for what the question does that it came with.

    It may be longer or shorter, but nothing may stand in the place of something else: that may be as well the
    contrary as the same.
    """
    if main.wants is not way.wants:
        return says_same(main, way)
    return main.clauses == way.clauses or _is_part(main.words, way.words) or _is_part(way.words, main.words)


def _is_part(short: Sequence[str], long: Sequence[str]) -> bool:
    if len(short) < SHARE_MIN * len(long):
        return False
    rest = iter(long)
    return all(each in rest for each in short)

