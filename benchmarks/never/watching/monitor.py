"""Watching calls through `sys.monitoring`: each call of a claimed function from its start to its end.

A call ends by returning or by an exception that leaves it. A generator or coroutine is one call from its
first step to its last, however often it is resumed; calls are told apart by their frames, so recursion
and threads do not mix. It must not know what makes a call contradict a claim.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FrameType

from .claims import Before, Claims, Judge
from .values import described

EXAMPLES_MAX = 3
"""Calls told of each contradicted claim."""

CALLS_MAX = 10_000
"""Calls watched of one function."""

PRINTED_CALLS_MAX = 500
"""Of these, calls of which it is seen whether arguments were changed, which is costly."""

CONTROL_CALLS_MAX = 50
"""Of these, calls judged by what is not claimed, too."""

# Kept, for tests take it away from `sys`.
_frame = sys._getframe


class Tally:
    """What was seen of one function."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.returned = 0
        self.raised = 0
        self.begun = 0
        self.calls_max = CALLS_MAX if judge.claims.kinds else CONTROL_CALLS_MAX
        self.contradicted: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}

    def note(self, before: Before, found: Iterable[tuple[str, str]]) -> None:
        """Keep what a call contradicted."""
        for kind, how in found:
            self.contradicted[kind] += 1
            told = self.examples.setdefault(kind, [])
            passed = (f"{name}={described(each)}" for name, each in before.arguments.items())
            text = f"{self.judge.claims.name}({', '.join(passed)}) {how}"
            if len(told) < EXAMPLES_MAX and text not in told:
                told.append(text)


class Monitor:
    """Watches the functions of `claims`: per file (absolute path), what is claimed of each function in it."""

    def __init__(self, claims: dict[str, list[Claims]], root: str) -> None:
        self.tallies = {
            (path, each.line, each.name): Tally(Judge(each, root))
            for path, listed in claims.items()
            for each in listed
        }
        self._codes: dict[CodeType, Tally | None] = {}
        self._calls: dict[int, Before] = {}
        """Calls that have begun, by the identity of their frame: it lives as long as they do."""

    def misplaced(self) -> list[str]:
        """Return the functions that are not where their claims say: no call of these is ever seen."""
        placed = {
            (path, line, name)
            for path in {path for path, _, _ in self.tallies}
            for line, name in _functions(path)
        }
        return [tally.judge.claims.ref for place, tally in self.tallies.items() if place not in placed]

    def tally(self, code: CodeType) -> Tally | None:
        """Return what is kept of a function; None for one of which nothing is claimed."""
        try:
            return self._codes[code]
        except KeyError:
            path = os.path.realpath(code.co_filename)
            found = self.tallies.get((path, code.co_firstlineno, code.co_name))
            self._codes[code] = found
            return found

    def begins(self, tally: Tally, code: CodeType, frame: FrameType) -> None:
        """Keep the arguments of a call."""
        count = code.co_argcount + code.co_kwonlyargcount
        count += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)  # *args, **kwargs
        names, values = code.co_varnames[:count], frame.f_locals
        tally.begun += 1
        arguments = {name: values[name] for name in names if name in values}
        self._calls[id(frame)] = tally.judge.before(
            arguments,
            control=tally.begun <= CONTROL_CALLS_MAX,
            printed=tally.begun <= PRINTED_CALLS_MAX,
        )

    def returns(self, tally: Tally, frame: FrameType, result: object) -> bool:
        """Judge a call that returned; return False if its beginning was not seen."""
        before = self._calls.pop(id(frame), None)
        if before is not None:
            tally.returned += 1
            tally.note(before, tally.judge.returned(before, result))
        return before is not None

    def unwinds(self, tally: Tally, frame: FrameType, error: BaseException) -> None:
        """Judge a call that an exception has left."""
        before = self._calls.pop(id(frame), None)
        if before is not None:
            tally.raised += 1
            tally.note(before, tally.judge.raised(before, error))


def start(monitor: Monitor) -> None:
    """Begin to watch, for the rest of the process. It takes Python 3.12 or newer."""
    if sys.version_info < (3, 12):
        raise RuntimeError("calls are watched through sys.monitoring, which needs Python >= 3.12")
    watch = sys.monitoring
    events = watch.events

    def on_start(code: CodeType, _offset: int) -> object:
        tally = monitor.tally(code)
        if tally is None or tally.begun == tally.calls_max:
            return watch.DISABLE
        monitor.begins(tally, code, _frame(1))
        return None

    def on_return(code: CodeType, _offset: int, result: object) -> object:
        tally = monitor.tally(code)
        seen = tally is not None and monitor.returns(tally, _frame(1), result)
        if not seen and (tally is None or tally.begun == tally.calls_max):
            return watch.DISABLE
        return None

    def on_unwind(code: CodeType, _offset: int, error: BaseException) -> None:
        tally = monitor.tally(code)
        if tally is not None:
            monitor.unwinds(tally, _frame(1), error)

    watch.use_tool_id(watch.PROFILER_ID, "never")
    for event, callback in (
        (events.PY_START, on_start),
        (events.PY_RETURN, on_return),
        (events.PY_UNWIND, on_unwind),
    ):
        watch.register_callback(watch.PROFILER_ID, event, callback)
    watch.set_events(watch.PROFILER_ID, events.PY_START | events.PY_RETURN | events.PY_UNWIND)


def stop() -> None:
    """Watch no more: what comes now is the end of the process."""
    if sys.version_info >= (3, 12):
        sys.monitoring.set_events(sys.monitoring.PROFILER_ID, 0)
        sys.monitoring.free_tool_id(sys.monitoring.PROFILER_ID)


def _functions(path: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of everything in a file that has code of its own."""
    pending = [compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)]
    while pending:
        code = pending.pop()
        yield code.co_firstlineno, code.co_name
        pending.extend(each for each in code.co_consts if isinstance(each, CodeType))
