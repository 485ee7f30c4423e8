"""What a question is answered with, as a value and as Markdown.

It must not know how the answer was found.
"""

from enum import StrEnum

import msgspec

from sleeplsp.core.insight import Grade, Votes, graded
from sleeplsp.core.markdown import code, sentence
from sleeplsp.core.prose import prose


class Source(StrEnum):
    """Where an answer comes from."""

    ANTICIPATED = "anticipated"
    """A model was asked the like of it beforehand."""
    DEDUCED = "deduced"
    """No model had part in it."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that was there before the question: it costs nothing."""

    source: Source
    ref: str
    """The symbol it is about."""
    question: str
    """What is answered, in the words of whoever anticipated it."""
    answer: str
    """Plain text with code in backquotes; of a model or of templates."""
    grade: Grade
    votes: Votes | None = None


def markdown(answered: Answered) -> str:
    """Return an answer as Markdown, below the question that it answers; nothing in it is a link."""
    footer = f"{graded(answered.grade, answered.votes)} · fresh · {code(answered.ref)}"
    return f"**{sentence(answered.question)}**\n\n{prose(answered.answer)}\n\n*{footer}*"
