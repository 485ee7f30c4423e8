"""Trust: whether a model's claims are worth showing that nothing else supports.

A model of whose claims many cannot be held against the code is no better where nobody can check: of such a
one only that is told which several generations agree on. Pure. It must not know which model that is.
"""

from collections.abc import Mapping

import msgspec

from sleeplsp.core.insight import Grade, Insight
from sleeplsp.prompts.reply.held import DropReason

SHARE_MIN = 0.6
"""Of what a model claims, what must not be wrong on its face."""

CLAIMS_MIN = 20
"""Claims from which on a share says something."""

REFUTED = "refuted by the critic"
"""Among the reasons for which claims were dropped."""

WRONG = frozenset(
    {
        DropReason.UNKNOWN_SYMBOL.value,
        DropReason.NOT_ASKED.value,
        DropReason.QUOTE_ABSENT.value,
        DropReason.EVIDENCE_ABSENT.value,
        DropReason.FIX_BROKEN.value,
        DropReason.FIX_ELSEWHERE.value,
        DropReason.FIX_NAMES.value,
        DropReason.CHECK_BROKEN.value,
        DropReason.CHECK_NAMES.value,
        DropReason.CONTRADICTION.value,
        REFUTED,
    }
)
"""Reasons that say more of a model than that it has nothing new to say."""


def is_trusted(kept: int, drops: Mapping[str, int]) -> bool:
    """Tell whether enough of what a model claimed can be held against the code."""
    wrong = sum(count for reason, count in drops.items() if reason in WRONG)
    return kept + wrong < CLAIMS_MIN or kept >= SHARE_MIN * (kept + wrong)


def believed(insight: Insight, *, trusted: bool) -> Insight:
    """Return what is told of an Insight."""
    if trusted:
        return insight
    return msgspec.structs.replace(
        insight,
        summary="",
        invariants=tuple(each for each in insight.invariants if each.grade is not Grade.SINGLE),
        suspicions=tuple(each for each in insight.suspicions if each.grade is not Grade.SINGLE),
        questions=tuple(each for each in insight.questions if each.grade is not Grade.SINGLE),
    )
