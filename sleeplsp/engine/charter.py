"""The charter: keeps an atlas up to date somewhere else, by telling what has changed of it.

It remembers no chart, only what each was made of. It must not know who is told.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping

import msgspec

from sleeplsp.core.atlas import Batch, Chart
from sleeplsp.core.context import Contexts
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.text import Text, text_digest
from sleeplsp.engine.charting import Reached, chart, reached

BATCH_MAX = 256
"""Charts told at a time: taking up as many must not hold up a request."""


class _Told(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a chart that was told was made of."""

    text: str
    calls: bytes


class Charter:
    """Tells one listener of one workspace, from the first chart on."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}
        self._interfaces: dict[str, str] = {}
        self._has_begun = False

    def news(
        self,
        facts: Mapping[str, ModuleFacts],
        index: Callable[[], Index],
        text_of: Callable[[str], Text | None],
    ) -> Iterator[Batch]:
        """Yield what is new since the last time, in batches; what was not taken up comes again.

        `index` is asked for only if anything has changed; a module whose text is not the one of its facts
        any more is left as it is.
        """
        gone = tuple(path for path in self._told if path not in facts)
        charts: list[tuple[Chart, _Told]] = []
        for each in self._changed(facts, index, text_of):
            charts.append(each)
            if len(charts) == BATCH_MAX:
                yield self._batch(charts, gone)
                charts, gone = [], ()
        if charts or gone:
            yield self._batch(charts, gone)
        self._interfaces = {path: each.interface for path, each in facts.items()}

    def _changed(
        self,
        facts: Mapping[str, ModuleFacts],
        index: Callable[[], Index],
        text_of: Callable[[str], Text | None],
    ) -> Iterator[tuple[Chart, _Told]]:
        same = {path: each.interface for path, each in facts.items()} == self._interfaces
        contexts: Contexts | None = None
        for path, each in facts.items():
            told = self._told.get(path)
            is_same_text = told is not None and told.text == each.text_digest
            if same and is_same_text:
                continue
            contexts = contexts or Contexts(index())
            calls = reached(each, contexts)
            made_of = _digest(calls)
            if told is not None and is_same_text and told.calls == made_of:
                continue
            text = text_of(path)
            if text is None or text_digest(text) != each.text_digest:
                continue
            yield chart(each, calls, text), _Told(each.text_digest, made_of)

    def _batch(self, drawn: list[tuple[Chart, _Told]], gone: tuple[str, ...]) -> Batch:
        anew, self._has_begun = not self._has_begun, True
        for path in gone:
            del self._told[path]
        self._told.update((each.path, told) for each, told in drawn)
        return Batch(charts=tuple(each for each, _ in drawn), gone=gone, anew=anew)


def _digest(calls: tuple[Reached, ...]) -> bytes:
    return hashlib.blake2b(msgspec.msgpack.encode(calls), digest_size=8).digest()
