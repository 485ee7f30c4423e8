"""Focus: which exception of a chain, and of a group, the others follow from.

The earliest counts that went through code of the workspace and was then replaced by another on purpose. It
must not know what an exception means.
"""

import re
from collections.abc import Sequence

from sleeplsp.answers.why.arguments import Stack, here_of
from sleeplsp.answers.why.known import Known
from sleeplsp.answers.why.mapping import Mapper, Placed
from sleeplsp.answers.why.pasted import Link, Raised
from sleeplsp.core import flow

_COUNTED = re.compile(r"\((\d{1,9}) sub-exceptions?\)$")
"""Python tells of no more than some exceptions of a group, and how many there are."""


def opened(chain: tuple[Raised, ...], mapper: Mapper) -> tuple[tuple[Raised, ...], int]:
    """Return the chain of an exception within groups, the first of ours, and how many are in all of them."""
    members = _count(chain) if chain and chain[-1].members else 0
    while chain and chain[-1].members:
        inner = chain[-1].members
        ours = (each for each in inner if any(_is_ours(one, mapper) for one in each))
        chain = next(ours, inner[0])
    return chain, members


def _count(chain: Sequence[Raised]) -> int:
    """Return how many exceptions a chain ends with: those in its group, and in groups within it."""
    group = chain[-1]
    if not group.members:
        return 1
    told = _COUNTED.search(group.message)
    left_out = int(told[1]) - len(group.members) if told is not None else 0
    return sum(map(_count, group.members)) + max(left_out, 0)


def _is_ours(raised: Raised, mapper: Mapper) -> bool:
    is_here = any(mapper.place(each) is not None for each in raised.frames)
    return is_here or any(_is_ours(one, mapper) for chain in raised.members for one in chain)


def focused(chain: Sequence[Raised], stacks: Sequence[Stack], known: Known) -> int:
    """Return which exception of a chain the others follow from, as far as it went through our code."""
    at = len(chain) - 1
    while at > 0 and chain[at].link is not Link.NONE:
        index = innermost(stacks[at])
        follows = chain[at].link is Link.CAUSE or index is None or _is_raised(known, stacks[at], index)
        if not follows or innermost(stacks[at - 1]) is None:
            break
        at -= 1
    if innermost(stacks[at]) is None:
        at = max((n for n, each in enumerate(stacks) if innermost(each) is not None), default=at)
    return at


def innermost(stack: Stack) -> int | None:
    """Return which is the innermost frame of the workspace."""
    return max((n for n, each in enumerate(stack.frames) if isinstance(each, Placed)), default=None)


def _is_raised(known: Known, stack: Stack, index: int) -> bool:
    """Tell whether a frame raises the exception itself, in place of another."""
    here = here_of(known, stack, index)
    return index == len(stack.frames) - 1 and here is not None and isinstance(here.statement, flow.Raise)
