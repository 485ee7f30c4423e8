"""Predictability: how much likelier the code makes a question than the same prompt without the code.

The mean log-probability alone favours what is short and common. It must not know how weights are got.
"""

from collections.abc import Iterable, Sequence

import msgspec

from sleeplsp.core.insight import Question
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.prompt import Prompt
from sleeplsp.prompts.slicing import Slice

VERSION = "question/1"


class Weighed(msgspec.Struct, frozen=True, array_like=True):
    """A question with the mean log-probabilities of its tokens, as the reply to both prompts."""

    question: Question
    with_code: float
    without_code: float

    @property
    def gain(self) -> float:
        """How much likelier the code makes it: nats per token."""
        return self.with_code - self.without_code


def question_prompts(context: ModuleContext, part: Slice) -> tuple[Prompt, Prompt]:
    """Return the prompts to which a question is the reply: with the code, and the same without it."""
    raise NotImplementedError


def ranked(weighed: Iterable[Weighed]) -> tuple[Question, ...]:
    """Return questions, the most predictable first."""
    raise NotImplementedError


def predictability(weighed: Sequence[Weighed]) -> float:
    """Return how predictable a module's questions are: the mean gain; 0.0 without any."""
    raise NotImplementedError
