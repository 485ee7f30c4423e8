"""The deducer process as the Sleeper sees it, from the event loop.

Started when first needed, and again after it died. It must not know what is deduced.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING

import anyio

from sleeplsp.engine.explaining import TEXT_CHARACTERS_MAX, Explanation
from sleeplsp.engine.reasoner import Event, Notice, ReasonerDiedError, ReasonerError, Wish
from sleeplsp.engine.replied import About, Held, Replied
from sleeplsp.workers import frames
from sleeplsp.workers.child import Child
from sleeplsp.workers.messages import (
    REPLIES,
    Answered,
    AskRequest,
    Charted,
    Claimed,
    Decided,
    Doubted,
    DropRequest,
    Explained,
    Finished,
    Noticed,
    OpenRequest,
    PauseRequest,
    Piece,
    Refused,
    Reply,
    ThinkRequest,
    Told,
    WhyRequest,
)

if TYPE_CHECKING:
    import subprocess

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
        self._asked: dict[int, asyncio.Future[Explained]] = {}
        """Who waits for an explanation, by the number of the request."""
        self._answers: dict[int, tuple[asyncio.Future[Answered], Callable[[str], None]]] = {}
        """Who waits for an answer and is told pieces of it, by the number of the request."""
        self._questions = 0

    async def explain(self, text: str) -> Explanation | None:
        """Return what explains the last traceback of a text, from what the process knows now.

        None if there is none. Whoever gives it up waits no longer. Raises ReasonerError.
        """
        child = self._child
        if child is None or child.is_gone:
            raise ReasonerError("nothing is known of this folder yet")
        self._questions += 1
        number = self._questions
        told: asyncio.Future[Explained] = asyncio.get_running_loop().create_future()
        self._asked[number] = told
        gone = asyncio.ensure_future(child.until_gone())
        child.tell(WhyRequest(number, text[-TEXT_CHARACTERS_MAX:]))
        try:
            await asyncio.wait((told, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            del self._asked[number]
        if not told.done():
            raise ReasonerDiedError("the deducer process died")
        if told.result().failure:
            raise ReasonerError(told.result().failure)
        return told.result().explanation

    async def ask(
        self, question: str, about: About, held: Held, verbosity: int | None, hear: Callable[[str], None]
    ) -> Replied:
        """Have a question answered; raises ReasonerError. Whoever gives it up ends what is done for it."""
        child = self._child
        if child is None or child.is_gone:
            raise ReasonerError("nothing is known of this folder yet")
        self._questions += 1
        number = self._questions
        told: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._answers[number] = told, hear
        gone = asyncio.ensure_future(child.until_gone())
        request = AskRequest(number=number, question=question, about=about, held=held, verbosity=verbosity)
        child.tell(request)
        try:
            await asyncio.wait((told, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            del self._answers[number]
            if not told.done():
                child.tell(DropRequest(number))
        if not told.done():
            raise ReasonerDiedError("the deducer process died")
        replied = told.result().replied
        if replied is None:
            raise ReasonerError(told.result().failure)
        return replied

    def _aside(self, reply: Reply) -> bool:
        """Take an explanation or an answer, which no run waits for."""
        if isinstance(reply, Piece | Answered):
            told, hear = self._answers.get(reply.number, (None, None))
            if isinstance(reply, Piece) and hear is not None:
                hear(reply.text)
            elif isinstance(reply, Answered) and told is not None and not told.done():
                told.set_result(reply)
            return True
        if not isinstance(reply, Explained):
            return False
        waiting = self._asked.get(reply.number)
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)
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
