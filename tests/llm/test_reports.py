"""What is told of the tokens of several replies, and what that can mean.

An event is a word: `0` a piece of reply 0, `0.` its last one, `:20` that 20 tokens are told of; `:20` alone
is an event of its own, `01.:20` a whole response. Each reply has at least 5 tokens.
"""

import re

import pytest

from sleeplsp.llm.protocol import Choice, Chunk, UsageReport
from sleeplsp.llm.reports import Reports

EVENT = re.compile(r"(?P<of>\d*)(?P<end>\.?)(?::(?P<tokens>\d+))?")

SURE = {
    "nothing": ("0. 1.", None),
    "once": ("0. 1. :40", 40),
    "a whole response": ("01.:40", 40),
    "with the last piece": ("0 1 0. 1.:40", 40),
    "with the last piece, and again": ("0 1 0. 1.:40 :40", 40),
    "with every piece, and again": ("0:2 1:4 0:10 1:20 0.:30 1.:40 :40", 40),
    "all the time": ("0 :5 1 :12 0. :30 1. :40", 40),
    "of each as it ends": ("0 1 0. :20 1. :18", 38),
    "of each as it ends, in another order": ("1. :20 0. :18", 38),
    "of each with its last piece": ("0.:20 1.:18", 38),
    "of each with its last piece, and of all": ("0.:20 1.:18 :38", 38),
    "of each, the same": ("0. :20 1. :20", 40),
    "of each, in the end": ("0. 1. :20 :18", 38),
}
UNSURE = {
    "the same twice, in the end": ("0. 1. :20 :20", 40),
    "of each, or of all so far": ("0. :20 1. :40", 60),
    "of each with its piece, or of all so far": ("0.:20 1.:40", 60),
    "less in the end than before": ("0.:20 1.:40 :10", 60),
    "less and less": ("0. :40 :30 1. :20", 90),
}


def told(events: str, replies: int = 2) -> tuple[int | None, bool]:
    reports = Reports(replies)
    for each in events.split():
        match = EVENT.fullmatch(each)
        assert match is not None
        end = "stop" if match["end"] else None
        choices = [Choice(index=int(digit), finish_reason=end) for digit in match["of"]]
        usage = UsageReport(100, int(match["tokens"])) if match["tokens"] else None
        reports.take(Chunk(choices=choices, usage=usage))
    found = reports.told(dict.fromkeys(range(replies), 5))
    assert found.report is None or found.report.prompt_tokens == 100
    return (found.report.completion_tokens if found.report else None), found.is_sure


@pytest.mark.parametrize(("events", "tokens"), SURE.values(), ids=SURE)
def test_what_can_be_meant_in_one_way(events: str, tokens: int | None) -> None:
    assert told(events) == (tokens, True)


@pytest.mark.parametrize(("events", "tokens"), UNSURE.values(), ids=UNSURE)
def test_what_can_be_meant_in_two_ways_is_the_most_it_can_be(events: str, tokens: int) -> None:
    assert told(events) == (tokens, False)


def test_of_one_reply_the_last_counts() -> None:
    assert told("0:5 0:9 0.:12 :12", replies=1) == (12, True)
    assert told("0. :12 :14", replies=1) == (14, True)
