"""Predictability: how much likelier the code makes a question than the same prompt without the code.

The mean log-probability alone favours what is short and common. It must not know how weights are got.
"""

from collections.abc import Iterable, Sequence

import msgspec

from sleeplsp.core.insight import Question
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.fence import LONGEST, fenced
from sleeplsp.prompts.prompt import Prompt
from sleeplsp.prompts.rooms import Room, room
from sleeplsp.prompts.sleep import module_code, name_of
from sleeplsp.prompts.slicing import Slice
from sleeplsp.prompts.texts import sections

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
    text = sections(VERSION)
    name = fenced(text["begin"], name_of(context))
    frame = _prompt(name, fenced(text["code"], LONGEST), text["end"])
    space = room(frame, part.tokens_max) or Room(0)
    code = fenced(text["code"], module_code(context, part, space.code))
    # The name tells of the module as well, so that it is left out with the code.
    return _prompt(name, code, text["end"]), _prompt(text["end"])


def ranked(weighed: Iterable[Weighed]) -> tuple[Question, ...]:
    """Return questions, the most predictable first."""
    order = sorted(weighed, key=lambda each: (-each.gain, each.question.symbol, each.question.question))
    return tuple(each.question for each in order)


def predictability(weighed: Sequence[Weighed]) -> float:
    """Return how predictable a module's questions are: the mean gain; 0.0 without any."""
    return sum(each.gain for each in weighed) / len(weighed) if weighed else 0.0


def _prompt(*parts: str) -> Prompt:
    return Prompt(version=VERSION, system=sections(VERSION)["system"], parts=parts)
