"""How much a model is to think: what the user's settings allow, and how much one module is worth of it.

Pure. It must not know which modules there are, nor what anything costs in money.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from sleeplsp.engine.model import NoRoomError
from sleeplsp.engine.settings import Settings
from sleeplsp.prompts.sleep import tokens_min

TEMPERATURE = 0.7
"""Generations are to differ where the model is not sure."""

CRITIC_TEMPERATURE = 0.0

AGREEMENT_MIN = 0.5
"""Share of claims on which generations agree; below it another generation may tell who is right."""

DULL_SHOWN_MIN = 20
"""A category of suspicions that was shown so often, and nobody ever acted on, is thought about no further."""

WORTH_TWO = 0.1
"""Modules from this worth on are given two generations, and more where these disagree; others one."""


class Depth(NamedTuple):
    """How much thinking a module is worth."""

    first: int
    """Generations that are made in any case."""
    most: int
    """Generations that are made while they disagree."""
    weighs: bool
    """Whether it is found out how predictable its questions are, where the endpoint tells."""
    later: bool
    """Whether a pass comes after them that is told what they found."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What thinking is done with, and within which bounds."""

    model: str
    generations_max: int
    prompt_tokens_max: int
    reply_tokens_max: int
    call_s_max: float
    calls_max: int
    asks: bool = True
    """Whether it is asked; without, what it has thought earlier is told, and nothing more."""
    reasoning_effort: str | None = None
    dull: frozenset[str] = frozenset()
    """Categories of suspicions nobody acts on."""

    @property
    def parameters(self) -> Mapping[str, object]:
        """What of it makes another answer, for the key."""
        return {"temperature": TEMPERATURE, "reasoning_effort": self.reasoning_effort}

    @property
    def bounds(self) -> str:
        """Limits within which a reply may be of no use, and beyond which it may be."""
        return f"{self.prompt_tokens_max} {self.reply_tokens_max}"

    def depth(self, worth: float, *, deeper: bool) -> Depth:
        """Return how much a module of this worth, 0 to 1, is thought about."""
        most = self.generations_max
        if deeper:
            return Depth(most, most, weighs=True, later=True)
        if worth < WORTH_TWO:
            return Depth(1, 1, weighs=False, later=False)
        return Depth(min(2, most), most, weighs=True, later=False)


def no_room(prompt_tokens_max: int) -> NoRoomError | None:
    """Return what is wrong with a limit that is too small for any prompt; None if it is not."""
    if prompt_tokens_max >= tokens_min():
        return None
    return NoRoomError(
        f"prompt_tokens_max = {prompt_tokens_max:,} is too small for any prompt: set it to {tokens_min():,} "
        "or more"
    )


def policy_of(settings: Settings, model: str, dull: frozenset[str] = frozenset()) -> Policy:
    """Return what the settings allow; `model` is the one that thinks."""
    return Policy(
        model=model,
        generations_max=settings.generations_max,
        prompt_tokens_max=settings.prompt_tokens_max,
        reply_tokens_max=settings.reply_tokens_max,
        call_s_max=settings.call_s_max,
        calls_max=settings.calls_max,
        asks=settings.is_thoughtful,
        reasoning_effort=settings.reasoning_effort,
        dull=dull,
    )
