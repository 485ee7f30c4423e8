"""Ways: other wordings of a question as a reply has them, each held against the question.

A wording that is no good is left out, and the question stays. It must not know how questions are compared
with what somebody asks.
"""

import re
from collections.abc import Sequence

from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS
from sleeplsp.prompts.redacted import MARK
from sleeplsp.prompts.reply import schema
from sleeplsp.prompts.reply.content import is_question, says_nothing, unfit
from sleeplsp.prompts.reply.ground import Ground
from sleeplsp.prompts.reply.held import DropReason
from sleeplsp.prompts.sameness import NEGATIONS, words

_NAME = re.compile(r"[^\W\d]\w*")

Dropped = list[tuple[DropReason, str]]


def read_ways(
    ground: Ground, symbol: str, question: str, said: Sequence[object]
) -> tuple[tuple[str, ...], Dropped]:
    """Return the wordings of a question about a symbol that can be used, and what was dropped, and why."""
    kept: list[str] = []
    dropped = [(DropReason.TOO_LONG, _told(each)) for each in said[schema.WAYS_MAX :]]
    for each in said[: schema.WAYS_MAX]:
        reason = _reason(ground, symbol, (question, *kept), each)
        if reason is None and isinstance(each, str):
            kept.append(" ".join(each.split()))
        else:
            dropped.append((reason or DropReason.WRONG_SCHEMA, _told(each)))
    return tuple(kept), dropped


def _reason(ground: Ground, symbol: str, before: Sequence[str], said: object) -> DropReason | None:
    """Return why a wording is of no use beside those before it; None if it is."""
    if not isinstance(said, str):
        return DropReason.WRONG_SCHEMA
    way = " ".join(said.split())
    if len(way) > schema.WAY_MAX:
        return DropReason.TOO_LONG
    if (reason := unfit(ground, said)) is not None:
        return reason
    if MARK in way:
        return DropReason.REDACTED
    if not is_question(way) or says_nothing(way):
        return DropReason.EMPTY
    if _others(ground, symbol, way) - _others(ground, symbol, before[0]):
        return DropReason.OTHER_SYMBOL
    if any(_plain(way) == _plain(each) for each in before):
        return DropReason.DUPLICATE
    if words(way) - NEGATIONS == words(before[0]) - NEGATIONS and _negates(way) is not _negates(before[0]):
        return DropReason.CONTRARY
    return None


def _others(ground: Ground, symbol: str, text: str) -> frozenset[str]:
    """Return the functions and classes that a text names, but for the symbol and what it is part of."""
    kinds = CALLABLE_KINDS | CLASS_KINDS
    named = {each.name for each in ground.context.outline.symbols if each.kind in kinds}
    own = {each.partition("#")[0] for each in symbol.split(".")}
    return frozenset(_NAME.findall(text)) & (named - own)


def _negates(text: str) -> bool:
    return bool(words(text) & NEGATIONS)


def _plain(text: str) -> str:
    return text.lower().replace("`", "").rstrip(" ?!.")


def _told(said: object) -> str:
    return said if isinstance(said, str) else type(said).__name__
