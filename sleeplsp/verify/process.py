"""The engine's Verifier: a process for each module, begun anew for what is left when a function ends it.

It must not know how calls are made or judged: `child` does that, and tells one line at a time.
"""

import signal
import time
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from sleeplsp.core.recipe import sources_digest
from sleeplsp.engine.verification.ports import Finding, Limits, Result, Trial
from sleeplsp.verify.conversation import Conversation, Ended, Said
from sleeplsp.verify.interpreters import Interpreter, interpreter
from sleeplsp.verify.sandbox import can_wrap, kept_tables, started

CALL_SECONDS_MAX = 2.0
"""One call of a function, with the check of what it returned; the making of its arguments, too."""

SHRINKING_CALLS_MAX = 500
"""Calls more, where one refutes a check, to find a shorter one."""

SILENCE_CALLS = 3
"""Calls' worth of time: a process that says nothing for so long is in one that nothing else ends."""

SILENCE_SECONDS_MIN = 2.0
"""Less may pass while a busy machine lets it wait."""

OUT_OF_TIME = "no time was left"
UNWANTED = "nobody waits for it any more"
UNTOLD = "something else than what tries it says what came of it"

_CHECKS_SHARE = 0.8
"""Of the time of a module, for its checks: the rest is for starting and importing."""

_CHECK_SECONDS_MIN = 1.0

_CHILD = Path(__file__).parent / "child"


class ProcessVerifier:
    """Tries claims on calls of one workspace's functions.

    `python` is the interpreter that the user has named, if any. Without `may_wrap` bubblewrap is left alone.
    """

    def __init__(
        self,
        root: Path,
        python: str | None,
        *,
        call_seconds_max: float = CALL_SECONDS_MAX,
        may_wrap: bool = True,
    ) -> None:
        self._root = root.absolute()
        self._python = python
        self._call_seconds = call_seconds_max
        self._may_wrap = may_wrap
        self._interpreter: Interpreter | None = None

    def environment(self) -> str:
        """Return what runs the code, and by what rules. Waits for a process the first time.

        Raises UnverifiableError.
        """
        found = self._found()
        return f"{found.path} {found.python} hypothesis {found.hypothesis} {_rules_digest()}"

    def verify(
        self, path: str, trials: tuple[Trial, ...], limits: Limits, is_wanted: Callable[[], bool]
    ) -> tuple[Finding, ...]:
        """Try checks of one module, whose path is relative to the root; a finding for each, in order.

        Raises UnverifiableError.
        """
        found = self._found()
        asked = [_Asked(each.function, check, each.modules) for each in trials for check in each.checks]
        run = _Run(asked, limits.calls_max + SHRINKING_CALLS_MAX)
        ends_at = time.monotonic() + limits.seconds_max
        while run.pending:
            orders = {"path": str(self._root / path), **self._terms(limits, len(run.checks))}
            self._round(found, run, orders, ends_at, is_wanted)
        return tuple(run.findings[number] for number in range(len(run.checks)))

    def _found(self) -> Interpreter:
        if self._interpreter is None:
            self._interpreter = interpreter(self._root, self._python, may_wrap=self._may_wrap)
        return self._interpreter

    def _order(self, asked: "_Asked") -> tuple[str, str, list[str]]:
        return asked.function, asked.check, [str(self._root / each) for each in asked.modules]

    def _terms(self, limits: Limits, checks: int) -> dict[str, object]:
        return {
            "root": str(self._root),
            "calls_max": limits.calls_max,
            "shrinking_calls_max": SHRINKING_CALLS_MAX,
            "call_seconds": self._call_seconds,
            "check_seconds": max(_CHECK_SECONDS_MIN, limits.seconds_max * _CHECKS_SHARE / checks),
            "cpu_seconds": int(limits.seconds_max) + 1,
            "bytes_max": limits.bytes_max,
        }

    def _round(
        self,
        found: Interpreter,
        run: "_Run",
        orders: dict[str, object],
        ends_at: float,
        is_wanted: Callable[[], bool],
    ) -> None:
        """Start a process for what is left, and hear it out: at least one check is not left afterwards."""
        seen = (self._root, kept_tables(), _CHILD, *map(Path, found.folders), Path(found.path).parent)
        is_wrapped = self._may_wrap and can_wrap(found.path, seen)
        numbers = run.pending
        trials = [self._order(run.checks[number]) for number in numbers]
        command = [found.path, "-B", str(_CHILD)]
        with started(command, seen, is_wrapped=is_wrapped) as process:
            conversation = Conversation(
                process,
                {"trials": trials, **orders},
                ends_at=ends_at,
                silence_seconds=max(SILENCE_SECONDS_MIN, SILENCE_CALLS * self._call_seconds),
                is_wanted=is_wanted,
            )
            at: int | None = None
            for said in conversation:
                at = run.hear(said, numbers, at)
            code = conversation.exit_code() if conversation.ended is Ended.EXITED else None
        run.close(conversation.ended, at, code)
        if run.pending == numbers:
            run.open_all("the process that runs it ends before it begins")


class _Asked(NamedTuple):
    """One check of one function, and the modules that have to be those of these files."""

    function: str
    check: str
    modules: tuple[str, ...]


class _Run:
    """The checks of one module and what was found of them so far."""

    def __init__(self, checks: list[_Asked], runs_max: int) -> None:
        self.checks = checks
        self._runs_max = runs_max
        self.findings: dict[int, Finding] = {}
        self._has_begun = False

    @property
    def pending(self) -> list[int]:
        """The numbers of the checks that nothing was found of yet."""
        return [number for number in range(len(self.checks)) if number not in self.findings]

    def hear(self, said: Said, numbers: list[int], at: int | None) -> int | None:
        """Take note of a line of a process that was given these checks; return which it is at.

        What the process runs may say things, too: what cannot be so is not believed, nor what comes after it.
        """
        if said.failed is not None:
            self.open_all(said.failed)
        elif said.begun is not None and 0 <= said.begun < len(numbers):
            self._has_begun = True
            return numbers[said.begun]
        elif said.found is not None and 0 <= said.found < len(numbers):
            number = numbers[said.found]
            if number == at and 0 <= said.runs <= self._runs_max:
                self._find(number, said)
            else:
                self._open(number, UNTOLD)
                return at if number != at else None
        elif said.alive:
            return at
        return None

    def close(self, ended: Ended, at: int | None, code: int | None) -> None:
        """Take note of how a process ended that was at a check, or at none."""
        if ended is Ended.UNWANTED:
            self.open_all(UNWANTED)
        elif ended is Ended.OUT_OF_TIME:
            self.open_all(OUT_OF_TIME if self._has_begun else "importing the module takes all its time")
        elif at is not None:
            self._open(at, "a call does not end" if ended is Ended.SILENT else f"a call {_end(code)}")
        elif not self._has_begun:
            self.open_all(f"importing the module {_end(code)}")

    def open_all(self, reason: str) -> None:
        """Give up what is left."""
        for number in self.pending:
            self._open(number, reason)

    def _find(self, number: int, said: Said) -> None:
        if number in self.findings:
            return
        asked = self.checks[number]
        self.findings[number] = Finding(
            asked.function, asked.check, said.result, runs=said.runs, example=said.example, reason=said.reason
        )

    def _open(self, number: int, reason: str) -> None:
        asked = self.checks[number]
        self.findings[number] = Finding(asked.function, asked.check, Result.OPEN, reason=reason)


@cache
def _rules_digest() -> str:
    return sources_digest([files("sleeplsp.verify").joinpath("child")])


def _end(code: int | None) -> str:
    """Return how a process was ended by what it ran. bubblewrap tells of signals as shells do."""
    number = -code if code is not None and code < 0 else (code or 0) - 128
    if code is not None and number in set(signal.Signals):
        if number == signal.SIGXCPU:
            return "takes all the time of the processor that there is"
        return f"ends the process ({signal.Signals(number).name})"
    return "ends the process" + (f" (exit code {code})" if code is not None else "")
