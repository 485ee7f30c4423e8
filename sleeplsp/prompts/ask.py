"""The prompt of a question that nobody anticipated: what was retrieved, then the question.

Whatever comes from the repository or from whoever asks stands fenced in the user's message. It must not know
how items are retrieved.
"""

from collections.abc import Iterable

import msgspec

from sleeplsp.prompts.fence import fenced, line
from sleeplsp.prompts.prompt import Prompt
from sleeplsp.prompts.texts import sections

VERSION = "ask/1"

KINDS = ("code", "signature", "claim", "question", "caller")
"""Kinds of items, in the order in which they are sent: what changes least comes first."""

QUESTION_CHARACTERS_MAX = 2_000
"""Characters of a question that are sent."""

REPLY_TOKENS = (120, 250, 500, 1_000, 2_000)
"""Tokens that an answer may have, by verbosity."""


class Item(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Something of what is known that may help to answer a question; secrets are taken out of it."""

    kind: str
    """One of `KINDS`."""
    where: str
    """What it is about: a reference."""
    text: str

    @property
    def sent(self) -> str:
        """The text as it is sent."""
        if self.kind in ("code", "signature"):
            return f"{line(self.where)}\n{self.text.rstrip()}\n"
        return f"- {line(self.where)}: {line(self.text)}\n"


def ask_prompt(question: str, items: Iterable[Item], verbosity: int) -> Prompt:
    """Return what is sent of a question; `verbosity` is 0, a sentence, to 4, a page."""
    text, kept = sections(VERSION), list(items)
    sent = ((kind, "\n".join(each.sent for each in kept if each.kind == kind)) for kind in KINDS)
    parts = (
        *(fenced(text[kind], told) for kind, told in sent if told),
        fenced(text["asked"], line(question)[:QUESTION_CHARACTERS_MAX]),
        text[f"length_{verbosity}"],
    )
    return Prompt(version=VERSION, system=text["system"], parts=parts)
