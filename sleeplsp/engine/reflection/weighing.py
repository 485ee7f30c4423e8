"""Weighing: how predictable the questions of one module are, found out call by call.

Each question is weighed as the reply to two prompts, one of which lacks the code. It must not know who makes
the calls, nor what the weights are used for.
"""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from sleeplsp.core.insight import Question
from sleeplsp.engine.model import Call, Phase, Weight
from sleeplsp.engine.reflection.course import Course
from sleeplsp.engine.reflection.policy import CRITIC_TEMPERATURE, Policy
from sleeplsp.prompts.predictability import Weighed, question_prompts
from sleeplsp.prompts.slicing import Slice

QUESTIONS_MAX = 3
"""Questions of one module that are weighed: two calls each."""

TOKENS_MAX = 200
"""Of a question."""


class Weighable(NamedTuple):
    """A call, and the text whose weight as its reply is asked for."""

    call: Call
    text: str


class Weighing:
    """The questions of one module; for one thread."""

    def __init__(self, course: Course, policy: Policy) -> None:
        self._course = course
        self._policy = policy
        self._asked = list(self._pairs())
        self._weights: list[Weight] = []

    def next(self) -> Weighable | None:
        """Return the next call; None if all are weighed."""
        number = len(self._weights)
        if number == 2 * len(self._asked):
            return None
        question, part = self._asked[number // 2]
        prompt = question_prompts(self._course.context, part)[number % 2]
        call = Call(
            phase=Phase.SLEEP,
            path=self._course.path,
            key=f"weight/{_digest(prompt.digest, question.question)}",
            prompt=prompt,
            reply_tokens_max=TOKENS_MAX,
            temperature=CRITIC_TEMPERATURE,
            deadline_s=self._policy.call_s_max,
        )
        return Weighable(call, question.question)

    def take(self, weight: Weight) -> None:
        """Take the weight that was asked for last."""
        self._weights.append(weight)

    @property
    def weighed(self) -> list[Weighed]:
        """The questions that were weighed with and without the code."""
        pairs = zip(self._weights[::2], self._weights[1::2], strict=False)
        return [
            Weighed(question, with_code.mean, without_code.mean)
            for (question, _), (with_code, without_code) in zip(self._asked, pairs, strict=False)
        ]

    def _pairs(self) -> Iterator[tuple[Question, Slice]]:
        for question in self._course.study().insight.questions[:QUESTIONS_MAX]:
            part = next((each for each in self._course.parts if question.symbol in each.subjects), None)
            if part is not None:
                yield question, part


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()
