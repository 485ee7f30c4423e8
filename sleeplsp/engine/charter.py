"""The charter: keeps an atlas up to date somewhere else, by telling what has changed of it.

It goes on in small steps, while workers deduce. It remembers no chart, only what each was made of. It must
not know who is told.
"""

import hashlib
from collections.abc import Callable

import msgspec

from sleeplsp.core.atlas import Batch, Chart
from sleeplsp.core.text import Text
from sleeplsp.engine.charting import Reached, chart, reached
from sleeplsp.engine.knowledge import Knowledge

BATCH_MAX = 256
"""Charts told at a time: taking up as many must not hold up a request."""

STEP_MAX = 16
"""Modules looked at in one step."""


class _Told(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a chart that was told was made of."""

    text: str
    calls: bytes


class Charter:
    """Tells one listener of one workspace, from the first chart on; for one thread."""

    def __init__(self, knowledge: Knowledge, text_of: Callable[[str], Text | None]) -> None:
        self._knowledge = knowledge
        self._text_of = text_of
        self._told: dict[str, _Told] = {}
        self._waiting: dict[str, None] = {}
        """Modules to look at."""
        self._charts: list[Chart] = []
        self._gone: list[str] = []
        self._has_begun = False

    @property
    def is_done(self) -> bool:
        """Tell whether all was told that is known."""
        return not (self._waiting or self._charts or self._gone or self._knowledge.concerned)

    def step(self) -> Batch | None:
        """Look at a few modules; return what is to be told now, if it has come to something."""
        concerned, self._knowledge.concerned = self._knowledge.concerned, set()
        self._waiting.update(dict.fromkeys(sorted(concerned)))
        for path in list(self._waiting)[:STEP_MAX]:
            del self._waiting[path]
            self._look_at(path)
        is_enough = len(self._charts) + STEP_MAX > BATCH_MAX or not self._waiting
        return self._batch() if is_enough and (self._charts or self._gone) else None

    def _look_at(self, path: str) -> None:
        facts, told = self._knowledge.facts.get(path), self._told.get(path)
        if facts is None:
            if self._told.pop(path, None) is not None:
                self._gone.append(path)
            return
        calls = reached(facts, self._knowledge.contexts)
        made_of = _Told(facts.text_digest, _digest(calls))
        # A text that cannot be read any more is of a module that has changed: it comes again.
        if told != made_of and (text := self._text_of(path)) is not None:
            self._charts.append(chart(facts, calls, text))
            self._told[path] = made_of

    def _batch(self) -> Batch:
        anew, self._has_begun = not self._has_begun, True
        batch = Batch(charts=tuple(self._charts), gone=tuple(self._gone), anew=anew)
        self._charts, self._gone = [], []
        return batch


def _digest(calls: tuple[Reached, ...]) -> bytes:
    return hashlib.blake2b(msgspec.msgpack.encode(calls), digest_size=8).digest()
