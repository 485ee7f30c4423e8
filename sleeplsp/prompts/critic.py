"""The critic: one claim and the code, and the attempt to refute it.

It must not know which claims are put before it.
"""

import msgspec

from sleeplsp.core.insight import Suspicion
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.fence import LONGEST, fenced, line, size
from sleeplsp.prompts.notes import noted
from sleeplsp.prompts.prompt import Prompt
from sleeplsp.prompts.reply.extract import json_object
from sleeplsp.prompts.reply.schema import SENTENCE_MAX, VERDICT, VERDICTS
from sleeplsp.prompts.rooms import room
from sleeplsp.prompts.sleep import module_code, name_of
from sleeplsp.prompts.slicing import Slice, sliced
from sleeplsp.prompts.texts import sections

VERSION = "critic/1"
TOKENS_MAX = 12_000

UNREADABLE = "the critic's reply cannot be read"


class Verdict(msgspec.Struct, frozen=True):
    """What the critic says; what cannot be read is a refusal to confirm."""

    refuted: bool
    reason: str


def critic_prompt(
    context: ModuleContext, suspicion: Suspicion, tokens_max: int = TOKENS_MAX
) -> Prompt | None:
    """Return what is sent to have one suspicion refuted, if it can be; None if it leaves no room for code."""
    text = sections(VERSION)
    claim = _claim(suspicion)
    space = room(_frame(context, claim), tokens_max)
    if space is None:
        return None
    part = _slice_of(context, suspicion.symbol, tokens_max, space.code)
    shown = module_code(context, part, space.code)
    return Prompt(
        version=VERSION,
        system=text["system"],
        parts=(
            fenced(text["begin"], name_of(context)),
            fenced(text["code"], shown),
            *noted(context, part, text, space.left(size(shown))),
            fenced(text["claim"], claim),
            text["end"],
        ),
        schema=VERDICT,
    )


def read_verdict(text: str) -> Verdict:
    """Return what a reply of the critic says; fails on no text."""
    reply = json_object(text) or {}
    verdict, reason = reply.get("verdict"), reply.get("reason")
    if verdict not in VERDICTS or not isinstance(reason, str) or not reason.strip():
        return Verdict(refuted=True, reason=UNREADABLE)
    return Verdict(refuted=verdict != "stands", reason=line(reason)[:SENTENCE_MAX])


def _claim(suspicion: Suspicion) -> str:
    steps = (f"- in {each.place.ref}: {each.quote}: {each.sentence}" for each in suspicion.evidence)
    told = (
        f"symbol: {suspicion.symbol}",
        f"quoted code: {suspicion.quote}",
        f"claim: {suspicion.message}",
        *steps,
    )
    return "\n".join(map(line, told))


def _slice_of(context: ModuleContext, symbol: str, tokens_max: int, code_bytes: int) -> Slice:
    found = sliced(context, tokens_max, code_bytes)
    return next((each for each in found if symbol in each.subjects), found[0])


def _frame(context: ModuleContext, claim: str) -> Prompt:
    text = sections(VERSION)
    blocks = ((text["begin"], name_of(context)), (text["claim"], claim))
    empty = (fenced(text[each], LONGEST) for each in ("code", "imported", "certain", "uses"))
    parts = (*(fenced(title, told) for title, told in blocks), *empty, text["end"])
    return Prompt(version=VERSION, system=text["system"], parts=parts, schema=VERDICT)
