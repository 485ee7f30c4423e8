"""A trail: the steps from where a wrong value comes from to where it is used. Values, without a search.

It must not know how a trail is found, nor in which form it is told.
"""

from collections.abc import Iterable, Iterator
from itertools import repeat

import msgspec

from sleeplsp.answers.why.complaint import EMPTY, NONE
from sleeplsp.answers.why.mapping import Placed
from sleeplsp.answers.why.pasted import Frame
from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Program, Statement
from sleeplsp.core.flow.render import render

SHOWN_MAX = 70
"""Characters of code within a sentence."""


class Step(msgspec.Struct, frozen=True, gc=False):
    """One step: a place in the code and a sentence about it, with code in backquotes."""

    path: str
    start: int
    end: int
    sentence: str
    symbol: str = ""
    """Id of the symbol it stands in."""


class Trail(msgspec.Struct, frozen=True, gc=False):
    """Steps from cause to effect, the use itself left out."""

    steps: tuple[Step, ...] = ()
    settled: bool = False
    """It begins where the value is made. Otherwise it ends where nothing more is known."""
    outside: Frame | None = None
    """Code outside of the workspace that passed the value in."""
    sure: bool = True
    """It can have come about in no other way, as far as the code says."""

    def then(self, *steps: Step) -> "Trail":
        """Return the trail with steps behind it."""
        return Trail((*self.steps, *steps), self.settled, self.outside, self.sure)

    @property
    def worth(self) -> tuple[bool, bool, int]:
        """The higher, the more it says: where a value is made, the nearest; else how far it is followed."""
        return self.settled, self.outside is not None, -len(self.steps) if self.settled else len(self.steps)


def either(steps: Iterable[Step], most: int) -> Trail:
    """Return the ways by which a value can have come, of which none is known to be the one."""
    ways = sorted(dict.fromkeys(steps), key=lambda each: (each.path, each.start))
    if len(ways) < 2:
        return Trail(tuple(ways), sure=False)
    left_out = len(ways) - most
    more = f", or in {left_out} more way{'s' * (left_out > 1)}" if left_out > 0 else ""
    told = [f"{word} {each.sentence}" for word, each in zip(_words(), ways[:most], strict=False)]
    told[-1] += more
    return Trail(
        tuple(
            Step(each.path, each.start, each.end, said, each.symbol)
            for each, said in zip(ways, told, strict=False)
        ),
        sure=False,
    )


def _words() -> Iterator[str]:
    yield "either"
    yield from repeat("or")


class Here(msgspec.Struct, frozen=True, gc=False):
    """A point in a program."""

    path: str
    ref: str
    program: Program
    statement: Statement | None
    index: int | None = None
    """Which frame of the traceback it is; None if the program was not running."""
    placed: Placed | None = None


def described(was: str) -> str:
    """Return how a value of some type is called."""
    if was == NONE:
        return "`None`"
    if was == EMPTY:
        return "too short"
    article = "an" if was[:1].lower() in "aeiou" else "a"
    return f"{article} `{was}`" if was else "what it is"


def shown(node: Expression) -> str:
    """Return code for a sentence, in backquotes, on one line and not too long."""
    text = " ".join(render(node).split())
    return f"`{text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + '…'}`"


def last_name(node: Expression) -> str:
    """Return the name or attribute an expression ends with; '' for any other."""
    match node:
        case flow.Name():
            return node.shown
        case flow.Attribute(name=name):
            return name
    return ""
