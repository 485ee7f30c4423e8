"""The answer to a question, from wherever it comes, as it travels to whoever asked. A value."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec

from sleeplsp.engine.model import Usage


class Replied(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, and what it stands on."""

    source: str
    """'deduced', 'anticipated' or 'model'."""
    question: str
    """What is answered."""
    answer: str
    """Plain text with code in backquotes: escaped before it is shown."""
    ref: str = ""
    """The symbol it is about, if that is one."""
    grade: str
    stood_on: tuple[str, ...] = ()
    """What a model was told of."""
    model: str = ""
    usage: Usage = Usage()
    seconds: float = 0.0
    cost: float = 0.0
    replayed: bool = False
    """It comes from a recording: the figures are those of when it was recorded."""


class About(msgspec.Struct, frozen=True):
    """What a question may be about, by reference: what it names, and what stands where it is asked."""

    named: tuple[str, ...]
    here: tuple[str, ...]


class Held(msgspec.Struct, frozen=True):
    """What an editor holds when a question is asked: what was thought about may be older."""

    texts: dict[str, bytes] = {}
    """By path, of all modules that are open."""
    changed: tuple[str, ...] = ()
    """Modules that are not open and have changed since they were thought about."""


class Ask(Protocol):
    """Whoever answers questions that nothing at hand answers."""

    def __call__(
        self, question: str, about: About, held: Held, verbosity: int | None, hear: Callable[[str], None]
    ) -> Awaitable[Replied]:
        """Answer a question about code as it is held; raises ReasonerError.

        `hear` is told pieces of the answer as they come. To give it up ends what is done for it.
        """
        ...
