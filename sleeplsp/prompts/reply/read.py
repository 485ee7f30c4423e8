"""Reading a reply: everything that cannot be held against the text is dropped, and counted by its reason.

Fails on no text. It must not know what becomes of claims.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.fence import line
from sleeplsp.prompts.knowing import CLAIM_ID
from sleeplsp.prompts.reply import schema
from sleeplsp.prompts.reply.claims import Claims, DroppedError
from sleeplsp.prompts.reply.content import says_nothing, unfit
from sleeplsp.prompts.reply.extract import json_object
from sleeplsp.prompts.reply.ground import Ground
from sleeplsp.prompts.reply.held import Drop, DropReason, Held
from sleeplsp.prompts.sameness import same_invariant, same_question, same_suspicion
from sleeplsp.prompts.slicing import Slice

DETAIL_MAX = 160
"""Characters of what is told of a dropped claim."""

Claim = TypeVar("Claim")


def read(text: str, context: ModuleContext, part: Slice, *, later: bool = False) -> Held:
    """Return what a reply about a slice claims, and what was dropped. `later`: it was told what is known."""
    reply = json_object(text)
    if reply is None:
        return Held(subjects=part.subjects, later=later, drops=(_drop(DropReason.NO_JSON, text),))
    if not _is_reply(reply):
        return Held(subjects=part.subjects, later=later, drops=(_drop(DropReason.NO_REPLY, text),))
    ground = Ground(context, part)
    claims = Claims(ground)
    drops: list[Drop] = []
    held = Held(
        subjects=part.subjects,
        summary=_summary(ground, reply, drops),
        invariants=_each(
            _items(reply, "invariants", schema.INVARIANTS_MAX, drops), claims.invariant, same_invariant, drops
        ),
        suspicions=_each(
            _items(reply, "suspicions", schema.SUSPICIONS_MAX, drops), claims.suspicion, same_suspicion, drops
        ),
        questions=_each(
            _items(reply, "questions", schema.QUESTIONS_MAX, drops), claims.question, same_question, drops
        ),
        retracted=tuple(_retracted(reply)) if later else (),
        later=later,
    )
    drops += [_drop(reason, detail) for reason, detail in claims.parts]
    return msgspec.structs.replace(held, drops=tuple(drops))


def _is_reply(reply: Mapping[str, Any]) -> bool:
    """Tell whether a JSON object says anything of what was asked: an error in its place does not."""
    lists = [reply.get(name) for name in ("invariants", "suspicions", "questions")]
    return isinstance(reply.get("summary"), str) or any(isinstance(each, list) for each in lists)


def _items(reply: Mapping[str, Any], name: str, count_max: int, drops: list[Drop]) -> list[object]:
    items = reply.get(name, [])
    if not isinstance(items, list):
        drops.append(_drop(DropReason.WRONG_SCHEMA, name))
        return []
    drops += [_drop(DropReason.TOO_LONG, each) for each in items[count_max:]]
    return items[:count_max]


def _each(
    items: Iterable[object],
    read_one: Callable[[object], Claim],
    is_same: Callable[[Claim, Claim], bool],
    drops: list[Drop],
) -> tuple[Claim, ...]:
    found: list[Claim] = []
    for each in items:
        try:
            claim = read_one(each)
        except DroppedError as dropped:
            drops.append(_drop(dropped.reason, each))
            continue
        if any(is_same(claim, other) for other in found):
            drops.append(_drop(DropReason.DUPLICATE, each))
        else:
            found.append(claim)
    return tuple(found)


def _summary(ground: Ground, reply: Mapping[str, Any], drops: list[Drop]) -> str:
    said = reply.get("summary", "")
    if not isinstance(said, str):
        drops.append(_drop(DropReason.WRONG_SCHEMA, "summary"))
        return ""
    summary = " ".join(said.split())
    reason = DropReason.TOO_LONG if len(summary) > schema.SUMMARY_MAX else unfit(ground, said)
    if reason is None and summary and says_nothing(summary):
        reason = DropReason.EMPTY
    if reason is not None:
        drops.append(_drop(reason, said))
        return ""
    return summary


def _retracted(reply: Mapping[str, Any]) -> Iterator[str]:
    said = reply.get("retracted", [])
    for each in said[: schema.RETRACTED_MAX] if isinstance(said, list) else ():
        if isinstance(each, str) and len(each) == CLAIM_ID:
            yield each


def _drop(reason: DropReason, said: object) -> Drop:
    detail = said if isinstance(said, str) else _told(said)
    flat = line(detail[: 4 * DETAIL_MAX])
    return Drop(reason, flat if len(flat) <= DETAIL_MAX else f"{flat[: DETAIL_MAX - 1]}…")


def _told(said: object) -> str:
    if isinstance(said, dict):
        texts = (said.get(each) for each in ("symbol", "quote", "sentence", "message", "question"))
        return ": ".join(each for each in texts if isinstance(each, str))
    return type(said).__name__
