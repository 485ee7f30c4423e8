"""Refreshing: an editor is told to ask again exactly where it was told something else."""

from collections.abc import Callable

import anyio
import pytest
from pygls.exceptions import JsonRpcException

from sleeplsp.lsp.refreshing import SHOWN_MAX, Refreshing

pytestmark = pytest.mark.anyio


class Shown:
    """What documents say, an editor that shows them, and how often each was worked out."""

    def __init__(self) -> None:
        self.says: dict[str, str] = {}
        self.worked_out: dict[str, int] = {}
        self.asked = anyio.Event()
        self.refuses = False
        self.refreshing = Refreshing[str]("words", lambda each: each, self._ask)

    async def _ask(self, _nothing: None) -> None:
        self.asked.set()
        if self.refuses:
            raise JsonRpcException("not now")

    def ask(self, uri: str) -> None:
        """Let the editor ask for a document."""
        self.refreshing.answer(uri, self._work_out(uri))

    def _work_out(self, uri: str) -> Callable[[], list[str]]:
        def work_out() -> list[str]:
            self.worked_out[uri] = self.worked_out.get(uri, 0) + 1
            return [self.says.get(uri, "")]

        return work_out


async def test_what_an_editor_shows_no_more_is_not_worked_out_again() -> None:
    shown = Shown()
    uris = [f"file:///{number}.py" for number in range(SHOWN_MAX + 1)]
    for uri in uris:
        shown.ask(uri)
    shown.refreshing.closed(uris[1])
    shown.says = dict.fromkeys(uris, "news")
    shown.refreshing.changed()
    await shown.asked.wait()
    assert [shown.worked_out[uri] for uri in uris] == [1, 1, *[2] * (SHOWN_MAX - 1)]


async def test_one_refusal_is_not_the_last_word() -> None:
    shown = Shown()
    shown.refuses = True
    shown.ask("file:///a.py")
    for word in ("one", "another"):
        shown.asked = anyio.Event()
        shown.says["file:///a.py"] = word
        shown.refreshing.changed()
        await shown.asked.wait()
    assert shown.worked_out["file:///a.py"] >= 3


async def test_nobody_who_was_told_nothing_is_told_to_ask_again() -> None:
    shown = Shown()
    shown.refreshing.changed()
    shown.ask("file:///a.py")
    shown.says["file:///a.py"] = "news"
    shown.refreshing.changed()
    await shown.asked.wait()
    assert shown.worked_out["file:///a.py"] == 2
