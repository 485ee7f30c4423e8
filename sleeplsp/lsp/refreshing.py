"""Refreshing: the editor is told to ask again for what it shows and what is not so any more.

An editor asks by itself when a document is edited; that claims came, or another document's code changed, it
cannot know. It must not know what it asks for.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from pygls.exceptions import JsonRpcException

log = logging.getLogger(__name__)

REFRESH_AFTER_S = 0.3
"""Seconds in which nothing has changed, before the editor is told to ask again."""

REFRESH_S_MAX = 2.0
"""Seconds after which it is told, though something changes all the time."""

SHOWN_MAX = 8
"""Documents that an editor is taken to show at a time: those it has asked for last."""

ANSWER_S_MAX = 10.0
"""Seconds an editor may take to answer before it is told to ask once more."""

T = TypeVar("T")


class _Told(NamedTuple, Generic[T]):
    """How an answer comes about, and what it said."""

    work_out: Callable[[], Sequence[T]]
    said: list[object]


class Refreshing(Generic[T]):
    """One kind of answer: what the editor was told of each document last."""

    def __init__(
        self, what: str, says: Callable[[T], object], ask: Callable[[None], Awaitable[None]] | None
    ) -> None:
        """`ask` tells the editor to ask again for `what`, if it lets itself be told.

        `says` is what makes one item of an answer differ from another: where it stands does not.
        """
        self._what = what
        self._says = says
        self._ask = ask
        self._told: dict[str, _Told[T]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._since: float | None = None
        self._asking: asyncio.Task[None] | None = None

    def answer(self, uri: str, work_out: Callable[[], Sequence[T]]) -> Sequence[T]:
        """Return what is worked out, for the editor that has asked; it is worked out again on changes."""
        answer = work_out()
        self._told.pop(uri, None)
        if len(self._told) >= SHOWN_MAX:
            del self._told[next(iter(self._told))]
        self._told[uri] = _Told(work_out, [self._says(each) for each in answer])
        return answer

    def closed(self, uri: str) -> None:
        """Take note that a document was closed."""
        self._told.pop(uri, None)

    def changed(self) -> None:
        """Take note that something may be otherwise now."""
        if not self._told or self._ask is None:
            return
        loop = asyncio.get_running_loop()
        if self._since is None:
            self._since = loop.time()
        if self._timer is not None:
            self._timer.cancel()
        at = min(loop.time() + REFRESH_AFTER_S, self._since + REFRESH_S_MAX)
        self._timer = loop.call_at(at, self._look)

    def _look(self) -> None:
        """Tell the editor to ask again, if what it was told is not so; one request at a time."""
        self._timer = self._since = None
        if self._asking is not None or self._ask is None:
            return  # looked again when that is answered
        before = [each.said for each in self._told.values()]
        for uri, told in list(self._told.items()):
            self.answer(uri, told.work_out)
        if before != [each.said for each in self._told.values()]:
            self._asking = asyncio.get_running_loop().create_task(self._tell(self._ask))

    async def _tell(self, ask: Callable[[None], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                await ask(None)
        except TimeoutError:
            log.warning("the editor does not answer that it asks for %s again", self._what)
        except JsonRpcException as error:
            log.warning("the editor does not ask for %s again: %s", self._what, error)
        finally:
            self._asking = None
        self.changed()
