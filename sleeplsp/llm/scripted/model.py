"""A model in memory that answers as a script says, for tests of whoever asks models.

It must not know what the calls are about.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable

import anyio
import anyio.lowlevel

from sleeplsp.engine.model import Abilities, Answer, Call, ModelError, Usage, Weight
from sleeplsp.prompts.prompt import ESTIMATE_BYTES_PER_TOKEN

Scripted = str | Answer | ModelError
"""What comes of a call: a text, a whole answer, or a failure."""

Script = Callable[[Call], Scripted | Awaitable[Scripted]]

_WORD = re.compile(r"\s*\S+|\s+")

ALL_ABILITIES = Abilities(
    structure="json_schema",
    usage=True,
    cached_tokens=True,
    streaming=True,
    streaming_usage=True,
    several=True,
    reply_logprobs=True,
    prompt_logprobs=False,
    forced_decode=True,
    context_tokens=32_768,
    models=("scripted",),
)


class ScriptedModel:
    """Fulfils the port `Model`: answers in turn, or as a function of the call says.

    A function may be asynchronous, to hold a reply back. Calls beyond the end of a list fail.
    """

    def __init__(
        self,
        script: Script | Iterable[Scripted],
        *,
        abilities: Abilities = ALL_ABILITIES,
        weigh: Callable[[Call, str], Weight] | None = None,
    ) -> None:
        self.calls: list[Call] = []
        """All that it was asked, in turn."""
        self.weighed: list[tuple[Call, str]] = []
        self.cancelled = 0
        """How many calls were cancelled before their end."""
        self.closed = False
        self._script: Script = script if callable(script) else _in_turn(script)
        self._abilities = abilities
        self._weigh = weigh

    async def answer(self, call: Call, hear: Callable[[str], None] | None = None) -> Answer:
        """Answer as scripted; `hear` is told words."""
        self.calls.append(call)
        try:
            await anyio.lowlevel.checkpoint()
            found = self._script(call)
            if inspect.isawaitable(found):
                found = await found
        except anyio.get_cancelled_exc_class():
            self.cancelled += 1
            raise
        if isinstance(found, ModelError):
            raise found
        answer = found if isinstance(found, Answer) else _answer(call, found)
        if hear is not None:
            for piece in _WORD.findall(answer.text):
                hear(piece)
        return answer

    async def weigh(self, call: Call, text: str) -> Weight:
        """Weigh as the function given says; raises ModelError without one."""
        self.weighed.append((call, text))
        await anyio.lowlevel.checkpoint()
        if self._weigh is None:
            raise ModelError("the scripted model weighs nothing")
        return self._weigh(call, text)

    async def abilities(self) -> Abilities:
        """Return what was given."""
        await anyio.lowlevel.checkpoint()
        return self._abilities

    async def is_there(self) -> bool:
        """Say so."""
        await anyio.lowlevel.checkpoint()
        return True

    async def close(self) -> None:
        """Note it."""
        self.closed = True


def _in_turn(replies: Iterable[Scripted]) -> Script:
    rest = iter(replies)
    end = ModelError("the script has no more replies")
    return lambda _: next(rest, end)


def _answer(call: Call, text: str) -> Answer:
    tokens = len(text.encode()) // ESTIMATE_BYTES_PER_TOKEN + 1
    usage = Usage(prompt=call.prompt.tokens, completion=tokens)
    return Answer(text=text, model="scripted", usage=usage, seconds=0.0)
