"""The watching of never claims: false claims are seen to be false, true ones are left alone.

The calls are real ones of small functions; the kinds claimed of each are given here, not deduced.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

from benchmarks.never.watching import claims as kinds
from benchmarks.never.watching.claims import Claims
from benchmarks.never.watching.monitor import Monitor, Tally, start, stop

_SOURCE = """\
import itertools
import typing

count = itertools.count()


class Own(typing.NamedTuple):
    size: int = 1


def nothing(value):
    return None


def fails(value):
    raise ValueError(value)


def changes(value):
    value.append(1)
    return "done"


def counts(value):
    return next(count)


def own(value):
    return Own()


def same(value):
    return value


def steps(value):
    yield from value
"""

# Function, its argument, the kind claimed of it, what more is claimed.
_Case = tuple[str, object, str, dict[str, object]]

_FALSE: list[_Case] = [
    ("nothing", 1, kinds.NEVER_NONE, {}),
    ("same", 1, kinds.ONLY_NONE, {}),
    ("fails", 1, kinds.NEVER_RAISES, {}),
    ("changes", [], kinds.PURE, {}),
    ("counts", 1, kinds.PURE, {}),
    ("changes", [], kinds.UNCHANGED, {"unchanged": ("value",)}),
    ("own", 1, kinds.TYPES, {"types": ("builtins.str",)}),
    ("same", 1, kinds.NEVER_RETURNS, {}),
    ("same", None, kinds.REQUIRES, {"required": (("value", "not none"),)}),
]
_TRUE: list[_Case] = [
    ("same", 1, kinds.NEVER_NONE, {}),
    ("nothing", 1, kinds.ONLY_NONE, {}),
    ("same", 1, kinds.NEVER_RAISES, {}),
    ("same", 1, kinds.PURE, {}),
    ("same", [], kinds.UNCHANGED, {"unchanged": ("value",)}),
    ("own", 1, kinds.TYPES, {"types": ("watched_code.py::Own",)}),
    ("same", 1, kinds.TYPES, {"types": ("builtins.str",), "given_back": ("value",)}),
    ("fails", 1, kinds.NEVER_RETURNS, {}),
    ("same", 1, kinds.REQUIRES, {"required": (("value", "not none"),)}),
]


class Watched:
    """A module of small functions, and what is watched of calls of them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "watched_code.py"
        self.path.write_text(_SOURCE, "utf-8")
        self.names: dict[str, Any] = {"__name__": "watched_code"}
        exec(compile(_SOURCE, str(self.path), "exec"), self.names)

    def claims(self, name: str, *claimed: str, **more: Any) -> Claims:
        line = 1 + _SOURCE[: _SOURCE.index(f"def {name}(")].count("\n")
        return Claims(f"watched_code.py::{name}", name, line, claimed, **more)

    def watcher(self, *claimed: Claims) -> Monitor:
        return Monitor({str(self.path): list(claimed)}, str(self.path.parent))

    def called_twice(self, claims: Claims, argument: object) -> Tally:
        """Call a function, telling a monitor what the interpreter would."""
        function = self.names[claims.name]
        watcher = self.watcher(claims)
        tally = watcher.tally(function.__code__)
        assert tally is not None
        for _ in range(2):  # of a pure function they must agree
            begun: list[FrameType] = []
            try:
                with _told(watcher, tally, begun):
                    result = function(argument)
            except ValueError as error:
                watcher.unwinds(tally, begun[0], error)
            else:
                assert watcher.returns(tally, begun[0], result)
        return tally


@contextmanager
def _told(watcher: Monitor, tally: Tally, begun: list[FrameType]) -> Iterator[None]:
    def begins(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and not begun and watcher.tally(frame.f_code) is tally:
            begun.append(frame)
            watcher.begins(tally, frame.f_code, frame)

    before = sys.getprofile()
    sys.setprofile(begins)
    try:
        yield
    finally:
        sys.setprofile(before)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    made = Watched(tmp_path.resolve())
    module = ModuleType("watched_code")
    module.__file__ = str(made.path)
    monkeypatch.setitem(sys.modules, "watched_code", module)
    return made


@pytest.mark.parametrize(("name", "argument", "kind", "more"), _FALSE)
def test_a_false_claim_is_contradicted(
    watched: Watched, name: str, argument: object, kind: str, more: dict[str, object]
) -> None:
    tally = watched.called_twice(watched.claims(name, kind, **more), argument)
    assert kind in tally.contradicted


@pytest.mark.parametrize(("name", "argument", "kind", "more"), _TRUE)
def test_a_true_claim_is_not_contradicted(
    watched: Watched, name: str, argument: object, kind: str, more: dict[str, object]
) -> None:
    tally = watched.called_twice(watched.claims(name, kind, **more), argument)
    assert tally.returned + tally.raised == 2
    assert kind not in tally.contradicted


def test_what_is_not_claimed_is_judged_as_a_control(watched: Watched) -> None:
    tally = watched.called_twice(watched.claims("nothing"), 1)
    assert set(tally.contradicted) == {kinds.NEVER_NONE}


def test_a_claim_where_no_function_is_is_told(watched: Watched) -> None:
    wrong = watched.claims("same", kinds.PURE)._replace(line=1)
    assert watched.watcher(watched.claims("own"), wrong).misplaced() == ["watched_code.py::same"]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring is there from Python 3.12 on")
def test_the_interpreter_tells_of_calls(watched: Watched) -> None:
    watcher = watched.watcher(watched.claims("nothing", kinds.NEVER_NONE), watched.claims("steps"))
    start(watcher)
    try:
        watched.names["nothing"](1)
        list(watched.names["steps"]([1, 2]))
    finally:
        stop()
    seen = {tally.judge.claims.name: tally for tally in watcher.tallies.values()}
    assert seen["nothing"].contradicted == {kinds.NEVER_NONE: 1}
    assert (seen["steps"].begun, seen["steps"].returned) == (1, 1)
