"""Reports: what an endpoint tells of the tokens of one call, and of which of its replies it tells that.

Of one reply the last report counts. Of several to one prompt most endpoints tell once, of all together; some
tell it twice, some tell of each reply as it ends, and all call it by one name. What can only be meant in one
way is taken so; else the sum, which is the most that it can mean. It must not know what is booked.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from sleeplsp.llm.protocol import Chunk, CompletionDetails, UsageReport


class Told(NamedTuple):
    """What is told of all replies together; `is_sure`: it can be meant in no other way."""

    report: UsageReport | None
    is_sure: bool


class _Report(NamedTuple):
    usage: UsageReport
    ended: frozenset[int]
    """Which replies have ended since the report before it."""

    @property
    def tokens(self) -> int:
        return self.usage.completion_tokens or 0


class Reports:
    """Those of one call for so many replies."""

    def __init__(self, replies: int) -> None:
        self._replies = replies
        self._last: UsageReport | None = None
        self._beside: dict[int, _Report] = {}
        """Those that came with a piece of one reply: the last of each."""
        self._apart: list[_Report] = []
        """Those that came by themselves, or with all replies: the last ones, one more than the replies."""
        self._ended: set[int] = set()

    def take(self, chunk: Chunk) -> None:
        """Take an event, or a whole response."""
        indices = {each.index or 0 for each in chunk.choices or ()}
        self._ended.update(each.index or 0 for each in chunk.choices or () if each.finish_reason)
        if chunk.usage is None:
            return
        self._last = chunk.usage
        if len(indices) == 1:
            (index,) = indices
            self._beside.pop(index, None)
            self._beside[index] = _Report(chunk.usage, frozenset((index,)))
        else:
            self._apart = [*self._apart[-self._replies :], _Report(chunk.usage, frozenset(self._ended))]
            self._ended.clear()

    def told(self, least: Mapping[int, int]) -> Told:
        """Return what is told by now. `least`: how many tokens each reply has at least."""
        # What comes by itself closes a response, whatever came on the way.
        found = self._apart or [*self._beside.values()]
        if self._replies == 1 or not found:
            return Told(self._last, is_sure=True)
        if len(found) == 1:
            is_least = all(each.tokens <= found[0].tokens for each in self._beside.values())
            return Told(found[0].usage, is_sure=True) if is_least else self._told_beside()
        if len(found) > self._replies and _is_rising(found):
            return Told(found[-1].usage, is_sure=True)  # it was told on the way, and again
        owners = [each.ended for each in found]
        is_of_each = all(len(each) == 1 for each in owners) and len(set(owners)) == self._replies
        are_others = is_of_each or len({each.tokens for each in found}) > 1
        is_sure = are_others and len(found) == self._replies and not _may_add_up(found, least)
        return Told(_sum([each.usage for each in found]), is_sure)

    def _told_beside(self) -> Told:
        return Told(_sum([each.usage for each in self._beside.values()]), is_sure=False)


def _is_rising(found: Sequence[_Report]) -> bool:
    return all(one.tokens <= other.tokens for one, other in pairwise(found))


def _may_add_up(found: Sequence[_Report], least: Mapping[int, int]) -> bool:
    """Tell whether each report may be of all replies up to there, so that the last one is the sum already."""
    lowest = min(least.values(), default=0)
    before = 0
    for each in found:
        needed = max((least.get(index, 0) for index in each.ended), default=lowest)
        if each.tokens - before < max(needed, 1):
            return False
        before = each.tokens
    return True


def _sum(reports: Iterable[UsageReport]) -> UsageReport:
    """Return one report of what is told of each of several replies to one prompt, which was read once."""
    all_ = list(reports)
    details = [each.completion_tokens_details for each in all_]
    prompts = [each.prompt_tokens for each in all_ if each.prompt_tokens is not None]
    return msgspec.structs.replace(
        all_[0],
        prompt_tokens=max(prompts, default=None),
        completion_tokens=sum(each.completion_tokens or 0 for each in all_),
        completion_tokens_details=CompletionDetails(
            sum((each.reasoning_tokens or 0) for each in details if each is not None)
        ),
    )
