"""The critic: one claim and the code, and the attempt to refute it.

It must not know which claims are put before it.
"""

import msgspec

from sleeplsp.core.insight import Suspicion
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.prompt import Prompt

VERSION = "critic/1"
TOKENS_MAX = 12_000


class Verdict(msgspec.Struct, frozen=True):
    """What the critic says; what cannot be read is a refusal to confirm."""

    refuted: bool
    reason: str


def critic_prompt(context: ModuleContext, suspicion: Suspicion, tokens_max: int = TOKENS_MAX) -> Prompt:
    """Return what is sent to have one suspicion refuted, if it can be."""
    raise NotImplementedError


def read_verdict(text: str) -> Verdict:
    """Return what a reply of the critic says; fails on no text."""
    raise NotImplementedError
