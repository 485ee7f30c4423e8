"""What a model's sleep over a workspace will take, told beforehand from the sizes of its modules.

Pure, and rough: what it is likely to take, and what it can take at most, if all is thought about anew. How
much a module is thought about follows its worth, as far as that is known without reading it: nobody is known
to call it. It must not know a module's text.
"""

import math
from collections.abc import Mapping

import msgspec

from sleeplsp.engine.ranking import Signals
from sleeplsp.engine.reflection.policy import Depth, policy_of
from sleeplsp.engine.reflection.worth import WORTH_MIN, worth_of
from sleeplsp.engine.settings import Settings
from sleeplsp.engine.settings.model import ModelSettings, Price
from sleeplsp.prompts.prompt import ESTIMATE_BYTES_PER_TOKEN

FRAME_TOKENS = 1_750
"""Of a prompt: what it says itself, and the schema of its reply."""

CODE_SHARE = 0.6
"""Of the rest of a prompt's budget, what a module's code may take; beyond it, it is sent in parts."""

SUBJECTS_SHARE = 0.6
"""Of the code of a part, what is there for its own sake."""

NOTES_TOKENS = 100
NOTES_SHARE = 0.3
"""What is told beside the code: some in any case, and more of a larger module."""

REPLY_TOKENS = 500
REPLY_SHARE = 0.12
"""A reply, likewise."""

FRAME_LIKELY_TOKENS = 1_000
BYTES_PER_TOKEN = 4
NOTES_LIKELY_SHARE = 0.8
"""The same as endpoints are likely to count, where what stands above is on the safe side."""

GENERATIONS_SHARE = 0.5
"""How likely another reply is wanted where more may be compared: they disagree."""

SIZE_MIN = 60
"""Bytes of the smallest module that may have as many lines as are needed to be thought about."""

LINE_BYTES = 20
"""Of a module of short lines."""

QUESTIONS = 3
QUESTION_TOKENS = 60
WEIGHED_SHARE = 0.5
"""So many questions are weighed of so many modules, each with the code and without it."""

CRITIC_CALLS = 0.5
CRITIC_CALLS_MAX = 5
"""Claims of a module that are likely to be looked at by the critic, and those that are at most."""

CRITIC_PROMPT_TOKENS = 2_500
CRITIC_REPLY_TOKENS = 250

_MILLION = 1_000_000


class Expense(msgspec.Struct, frozen=True, kw_only=True):
    """Calls, tokens and money."""

    calls: int
    prompt_tokens: int
    cached_tokens: int
    """Of the prompt's, those that an endpoint with a cache has at hand: the same code is sent for each
    generation."""
    completion_tokens: int
    cost: float | None
    """In units of money; None where the model has no price."""

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.prompt_tokens + self.completion_tokens


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What a sleep takes."""

    modules: int
    likely: Expense
    most: Expense


def estimate(
    sizes: Mapping[str, int],
    settings: Settings,
    price: Price | None,
    *,
    weighs: bool = True,
    several: bool = False,
    signals: Signals | None = None,
) -> Estimate:
    """Return what a sleep over modules of these sizes, in bytes by path, takes; all are thought about anew.

    `weighs`: the endpoint can tell how likely a question is, and is asked. `several`: it gives several
    replies to one prompt.
    """
    known = {path: size for path, size in sizes.items() if size >= SIZE_MIN}
    policy = policy_of(settings, settings.model or "")
    likely, most = _Sum(settings), _Sum(settings)
    modules = 0
    for path, size in known.items():
        worth = worth_of(path, size / LINE_BYTES, signals or Signals())
        modules += worth >= WORTH_MIN
        if worth >= WORTH_MIN:
            likely.add_likely(size, policy.depth(worth, deeper=False), weighs=weighs, several=several)
        most.add(size, settings.generations_max, CRITIC_CALLS_MAX, is_most=True)
        if weighs:
            most.add_weighing(size, 1.0)
    return Estimate(modules=modules, likely=likely.expense(price), most=most.expense(price))


class _Sum:
    """Adds modules up."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._calls = self._prompt = self._cached = self._completion = 0.0

    def add_likely(self, size: int, depth: Depth, *, weighs: bool, several: bool) -> None:
        """Add a module that is thought about so much. One reply alone is no claim for a critic."""
        more = (depth.most - depth.first) * GENERATIONS_SHARE
        spared = depth.first - 1 if several else 0
        self.add(size, depth.first + more, CRITIC_CALLS if depth.first > 1 else 0.0, spared=spared)
        if weighs and depth.weighs:
            self.add_weighing(size, WEIGHED_SHARE)

    def add(
        self, size: int, generations: float, critic: float, *, spared: int = 0, is_most: bool = False
    ) -> None:
        """Add a module; `spared`: generations that come along with another one's prompt."""
        settings = self._settings
        # It is cut into parts on the safe side, whatever an endpoint counts.
        code = size / ESTIMATE_BYTES_PER_TOKEN
        room = max((settings.prompt_tokens_max - FRAME_TOKENS) * CODE_SHARE, 1.0)
        parts = 1 if code <= room else math.ceil(code / (room * SUBJECTS_SHARE))
        shown, frame, notes = min(code, room), FRAME_TOKENS, NOTES_SHARE
        if not is_most:
            shown *= ESTIMATE_BYTES_PER_TOKEN / BYTES_PER_TOKEN
            frame, notes = FRAME_LIKELY_TOKENS, NOTES_LIKELY_SHARE
        prompt = min(frame + NOTES_TOKENS + shown * (1 + notes), float(settings.prompt_tokens_max))
        reply = min(REPLY_TOKENS + shown * REPLY_SHARE, float(settings.reply_tokens_max))
        if is_most:
            reply = float(settings.reply_tokens_max)
            prompt = max(prompt, min(2 * prompt, float(settings.prompt_tokens_max)))
        calls = generations - spared
        self._calls += parts * calls + critic
        self._prompt += parts * calls * prompt + critic * CRITIC_PROMPT_TOKENS
        self._cached += 0.0 if is_most else parts * max(calls - 1, 0.0) * (frame + shown)
        self._completion += parts * generations * reply + critic * CRITIC_REPLY_TOKENS

    def add_weighing(self, size: int, share: float) -> None:
        """Add the weighing of a module's questions; `share`: how likely that is."""
        shown = min(size / ESTIMATE_BYTES_PER_TOKEN, self._settings.prompt_tokens_max / 2)
        questions = share * QUESTIONS
        self._calls += 2 * questions
        self._prompt += questions * (shown + 4 * NOTES_TOKENS)
        self._cached += questions * shown * (1 - 1 / QUESTIONS)
        self._completion += 2 * questions * QUESTION_TOKENS

    def expense(self, price: Price | None) -> Expense:
        """Return the sum."""
        cost = None
        if price is not None:
            cached = price.prompt if price.cached is None else price.cached
            spent = (self._prompt - self._cached) * price.prompt + self._cached * cached
            cost = (spent + self._completion * price.completion) / _MILLION
        return Expense(
            calls=math.ceil(self._calls),
            prompt_tokens=math.ceil(self._prompt),
            cached_tokens=math.floor(self._cached),
            completion_tokens=math.ceil(self._completion),
            cost=cost,
        )
