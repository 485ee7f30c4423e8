"""Which model is served on this machine, and with what; and whether that can be. It must not know by whom."""

import importlib.util
from pathlib import Path

import msgspec

from sleeplsp.engine.model import DeniedError

SLOTS = 2
"""Calls at a time: who waits for an answer need not wait for one that nobody waits for."""

CONTEXT_TOKENS = 16_384
"""Of each call, prompt and reply; a model that was made for less has less."""

_LIBRARY = "xllamacpp"
_MAGIC = b"GGUF"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Which model is served, and with what."""

    path: str
    name: str
    """What it is called, in requests and in the books."""
    slots: int = SLOTS
    context_tokens: int = CONTEXT_TOKENS
    threads: int = 1

    @property
    def known_as(self) -> str:
        """What is remembered of it is remembered by: its port and its key are new each time."""
        return f"{self.path}, {self.context_tokens} tokens"


def check(plan: Plan) -> None:
    """Raise DeniedError where it is clear that a model cannot be served, with what to do about it."""
    if importlib.util.find_spec(_LIBRARY) is None:
        raise DeniedError("a local model needs llama.cpp: `pip install sleeplsp[local]`")
    try:
        with Path(plan.path).open("rb") as file:
            magic = file.read(len(_MAGIC))
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise DeniedError(f"the local model {plan.path} cannot be read: {said}") from None
    if magic != _MAGIC:
        raise DeniedError(f"the local model {plan.path} is no GGUF file")
