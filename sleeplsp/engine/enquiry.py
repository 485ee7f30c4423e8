"""Enquiry: one short call of a model for a question that nothing known answers.

It must not know where items come from, nor how an answer is shown.
"""

from collections.abc import Callable, Sequence

import msgspec

from sleeplsp.engine.model import Call, Model, Phase, Usage
from sleeplsp.prompts.ask import REPLY_TOKENS, Item, ask_prompt
from sleeplsp.prompts.prompt import Prompt

TEMPERATURE = 0.2


class Enquired(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of a model, what it cost and what it was told."""

    text: str
    """Of the model: escaped before it is shown."""
    model: str
    usage: Usage
    seconds: float
    cost: float
    stood_on: tuple[str, ...]
    """What the items are about that it was sent, each once."""
    replayed: bool = False
    """It comes from a recording: nothing was sent, and the figures are those of when it was recorded."""


async def enquire(
    model: Model,
    question: str,
    items: Sequence[Item],
    *,
    path: str,
    verbosity: int,
    deadline_s: float,
    hear: Callable[[str], None] | None = None,
) -> Enquired:
    """Have a question answered from items; raises ModelError. `hear` is told pieces as they come.

    Cancelling it ends the call at the endpoint. `path` is the module that it is booked for, '' for none.
    """
    prompt = ask_prompt(question, items, verbosity)
    answer = await model.answer(call_of(prompt, path, verbosity, deadline_s), hear)
    return Enquired(
        text=answer.text.strip(),
        model=answer.model,
        usage=answer.usage,
        seconds=answer.seconds,
        cost=answer.cost,
        stood_on=tuple(dict.fromkeys(each.where for each in items)),
        replayed=answer.replayed,
    )


def call_of(prompt: Prompt, path: str, verbosity: int, deadline_s: float) -> Call:
    """Return the call that a question is."""
    return Call(
        phase=Phase.TEST,
        path=path,
        key=prompt.digest,
        prompt=prompt,
        reply_tokens_max=REPLY_TOKENS[verbosity],
        temperature=TEMPERATURE,
        deadline_s=deadline_s,
    )
