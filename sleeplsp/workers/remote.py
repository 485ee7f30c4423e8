"""The deducer process as the Sleeper sees it, from the event loop.

Started when first needed, and again after it died. It must not know what is deduced.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, TypeVar

import anyio

from sleeplsp.engine.explaining import TEXT_CHARACTERS_MAX, Explanation
from sleeplsp.engine.reasoner import Event, Notice, ReasonerDiedError, ReasonerError, Wish
from sleeplsp.engine.replied import About, Held, Replied
from sleeplsp.workers import frames
from sleeplsp.workers.child import Child
from sleeplsp.workers.messages import (
    REPLIES,
    Answered,
    Aside,
    AskRequest,
    Charted,
    Claimed,
    Decided,
    Doubted,
    DropRequest,
    Explained,
    Finished,
    Looked,
    LookRequest,
    Noticed,
    OpenRequest,
    PauseRequest,
    Piece,
    Refused,
    Reply,
    Request,
    ThinkRequest,
    Told,
    WhyRequest,
)

if TYPE_CHECKING:
    import subprocess

T = TypeVar("T", Explained, Answered, Looked)

Start = Callable[[], "subprocess.Popen[bytes]"]
"""Starts a deducer process whose standard input and output are pipes."""


class RemoteReasoner:
    """Fulfils `engine.sleeper.Reasoner` with a deducer process."""

    def __init__(self, start: Start, opening: OpenRequest) -> None:
        self._start = start
        self._opening = opening
        self._child: Child[Reply] | None = None
        self._held: dict[str, bytes] = {}
        """Texts the process was sent."""
        self._number = 0
        self._waiting: dict[int, tuple[asyncio.Future[Aside], Callable[[str], None]]] = {}
        """Who waits for a reply beside runs and is told pieces of it, by the number of the request."""
        self._requests = 0

    async def explain(self, text: str) -> Explanation | None:
        """Return what explains the last traceback of a text, from what the process knows now.

        None if there is none. Raises ReasonerError.
        """
        told = await self._beside(lambda number: WhyRequest(number, text[-TEXT_CHARACTERS_MAX:]), Explained)
        if told.failure:
            raise ReasonerError(told.failure)
        return told.explanation

    async def ask(
        self, question: str, about: About, held: Held, verbosity: int | None, hear: Callable[[str], None]
    ) -> Replied:
        """Have a question answered; raises ReasonerError. Whoever gives it up ends what is done for it."""

        def request(number: int) -> AskRequest:
            return AskRequest(number=number, question=question, about=about, held=held, verbosity=verbosity)

        told = await self._beside(request, Answered, hear)
        if told.replied is None:
            raise ReasonerError(told.failure)
        return told.replied

    async def is_model_there(self) -> bool:
        """Tell whether anybody answers at the model's endpoint; so it is said where no process can tell."""
        if self._child is None or self._child.is_gone:
            return True
        return (await self._beside(LookRequest, Looked)).is_there

    async def _beside(
        self,
        request: Callable[[int], Request],
        kind: type[T],
        hear: Callable[[str], None] = lambda _piece: None,
    ) -> T:
        """Have a request answered that no run waits for; raises ReasonerError.

        Whoever gives it up has the process told so.
        """
        child = self._child
        if child is None or child.is_gone:
            raise ReasonerError("nothing is known of this folder yet")
        self._requests += 1
        number = self._requests
        told: asyncio.Future[Aside] = asyncio.get_running_loop().create_future()
        self._waiting[number] = told, hear
        gone = asyncio.ensure_future(child.until_gone())
        child.tell(request(number))
        try:
            await asyncio.wait((told, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            del self._waiting[number]
            if not told.done():
                child.tell(DropRequest(number))
        if not told.done():
            raise ReasonerDiedError("the deducer process died")
        reply = told.result()
        if not isinstance(reply, kind):
            raise ReasonerError(f"{reply} is no answer to what was asked")
        return reply

    def _aside(self, reply: Reply) -> bool:
        """Take what no run waits for."""
        if not isinstance(reply, Aside):
            return False
        told, hear = self._waiting.get(reply.number, (None, None))
        if isinstance(reply, Piece):
            if hear is not None:
                hear(reply.text)
        elif told is not None and not told.done():
            told.set_result(reply)
        return True

    async def think(self, wish: Wish) -> AsyncGenerator[Event, None]:
        """Yield what the process tells until it has done what was asked for last.

        A run that is given up is paused: the process keeps what it has.
        """
        finished = False
        try:
            child = await self._ask(wish)
            while not finished:
                match await child.hear():
                    case Told(progress=progress):
                        yield progress
                    case Noticed(line=line):
                        yield Notice(line)
                    case Claimed(claims=claims):
                        yield claims
                    case Doubted(news=news):
                        yield news
                    case Charted(batch=batch):
                        yield batch
                    case Decided(number=number, outcome=outcome) if number == self._number:
                        yield outcome
                    case Finished(number=number, reflected=reflected) if number == self._number:
                        finished = True
                        if reflected is not None:
                            yield reflected
                    case Refused(number=number, reason=reason) if number == self._number:
                        finished = True
                        raise ReasonerError(reason)
                    case Decided() | Finished() | Refused():
                        continue  # of a run that was given up
        except (OSError, frames.ClosedError) as error:
            finished = True
            with anyio.CancelScope(shield=True):
                await self.close()
            raise ReasonerDiedError("the deducer process died") from error
        finally:
            if not finished and self._child is not None:
                self._child.tell(PauseRequest())

    async def close(self) -> None:
        """End the process; its workers end with it."""
        child, self._child = self._child, None
        self._held.clear()
        if child is not None:
            await child.end()

    async def _ask(self, wish: Wish) -> Child[Reply]:
        if self._child is not None and self._child.is_gone:
            await self.close()  # it died while nobody asked: there is nothing to be told of
        if self._child is None:
            self._child = Child(self._start(), REPLIES, self._aside)
            self._child.tell(self._opening)
        self._number += 1
        overlays = dict(wish.overlays)
        self._child.tell(
            ThinkRequest(
                number=self._number,
                held={path: text for path, text in overlays.items() if self._held.get(path) != text},
                closed=tuple(self._held.keys() - overlays.keys()),
                shown=dict(wish.shown),
                scan=wish.scan,
                again=tuple(wish.again),
                deeper=tuple(wish.deeper),
                everywhere=wish.everywhere,
            )
        )
        self._held = overlays
        return self._child
