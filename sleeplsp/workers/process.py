"""A worker process, as the engine sees it: asked for one thing at a time, through its pipes.

It is started when it is first needed. One that dies or does not answer in time is replaced, and its work is
tried again piece by piece, so that only what kills it is lost. It must not know what is deduced.
"""

import contextlib
import hashlib
import subprocess
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import IO

import msgspec

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.resolved import path_in
from sleeplsp.engine.errors import DEBUG_VARIABLE
from sleeplsp.engine.ports import Gate, OpenGate
from sleeplsp.engine.work import (
    OUT_OF_MEMORY,
    FunctionResult,
    IsCurrent,
    SourceFile,
    Sources,
    UnitJob,
    always,
    failed,
)
from sleeplsp.workers import frames, orders

HELD_BYTES_MAX = 6 * 1024 * 1024
"""Bytes of texts whose modules a worker keeps at hand: what it makes of them takes some twenty times more."""

UNREADABLE = "the file cannot be read any more"

Start = Callable[[], "subprocess.Popen[bytes]"]
"""Starts a worker process whose standard streams are pipes."""


class ProcessWorker:
    """Fulfils `engine.work.Worker` with a process; for one thread, but for `recall`, `rest` and `close`."""

    def __init__(
        self,
        start: Start,
        job_s_max: float,
        gate: Gate | None = None,
        held_bytes_max: int = HELD_BYTES_MAX,
    ) -> None:
        self._start = start
        self._gate = gate or OpenGate()
        """Which processes of the machine may run beside it."""
        self._job_s_max = job_s_max
        self._held_bytes_max = held_bytes_max
        self._process: subprocess.Popen[bytes] | None = None
        self._held: OrderedDict[str, tuple[bytes, int]] = OrderedDict()
        """Modules the process has at hand: digest and bytes of their texts, those used last at the end."""
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        """Held while a frame is sent: two must not be mixed."""
        self._orders = 0
        self._is_recalled = False
        self._timed_out = False
        self._is_busy = False
        self._is_ended = False

    def read(self, sources: Sequence[SourceFile], *, is_last: bool = False) -> list[ModuleFacts | str]:
        """Read modules; if that kills the worker, one by one, and each that does it once more.

        `is_last`: this is the second time that one is tried alone.
        """
        if not sources:
            return []
        try:
            answers = self._read(sources)
        except frames.ClosedError as error:
            if len(sources) == 1 and not self._may_try_again(is_last=is_last):
                return [self._reason(error)]
        else:
            self._forget({})
            return answers
        is_last = len(sources) == 1
        return [answer for source in sources for answer in self.read([source], is_last=is_last)]

    def deduce(
        self,
        units: Sequence[UnitJob],
        sources: Sources,
        is_current: IsCurrent = always,
        *,
        is_last: bool = False,
    ) -> list[FunctionResult]:
        """Deduce units; if that kills the worker, one by one, and each that does it once more: see `read`."""
        self._orders += 1
        self._is_recalled = False  # before it is asked: who recalls says first that it is not current
        if not is_current():
            return []
        try:
            missing = self._hold(units, sources)
            whole = [unit for unit in units if missing.isdisjoint(_paths(unit))]
            request = orders.DeduceRequest(tuple(whole), self._orders)
            replies = self._ask(request, orders.DEDUCE_REPLIES) if whole else ()
            if any(each.failure == OUT_OF_MEMORY for each in replies):
                self._stop()  # what is left of its memory is not worth much: another is started
        except frames.ClosedError as error:
            if len(units) == 1 and not self._may_try_again(is_last=is_last):
                return [failed(each.ref, self._reason(error)) for each in units[0].functions]
            is_last = len(units) == 1
            tried = (self.deduce([unit], sources, is_current, is_last=is_last) for unit in units)
            return [result for results in tried for result in results]
        lost = [unit for unit in units if not missing.isdisjoint(_paths(unit))]
        return [*replies, *(failed(each.ref, UNREADABLE) for unit in lost for each in unit.functions)]

    def recall(self) -> None:
        """Have the process answer with what it has deduced so far."""
        self._is_recalled = True
        self._tell_recall()

    def is_ready(self) -> bool:
        """Tell whether the process runs, or may be started."""
        return self._gate.enter()

    def is_wanted(self) -> bool:
        """Tell whether another process waits for a place among those of the machine."""
        return self._process is not None and self._gate.is_wanted()

    def rest(self) -> None:
        """End the process until something is asked again; not in the midst of its work."""
        with self._lock:
            if not self._is_busy:
                self._stop()
                self._gate.leave()

    def close(self) -> None:
        """End the process for good, in the midst of its work too: nobody waits for it."""
        self._is_ended = True
        if self._process is not None and self._is_busy:
            self._process.kill()
        self._stop()
        self._gate.leave()

    def _hold(self, units: Sequence[UnitJob], sources: Sources) -> set[str]:
        """See to it that the process has the texts of units; return the modules that are not to be had."""
        needed = dict.fromkeys(path for unit in units for path in _paths(unit))
        unread: list[SourceFile] = []
        missing: set[str] = set()
        for path in needed:
            source = sources(path)
            if source is None:
                missing.add(path)
            elif self._held.get(path, (b"", 0))[0] != _digest(source):
                unread.append(source)
            else:
                self._held.move_to_end(path)
        if unread:
            self._read(unread)
        self._forget(needed)
        return missing

    def _forget(self, needed: dict[str, None]) -> None:
        size = sum(each for _, each in self._held.values())
        dropped: list[str] = []
        for path in list(self._held):
            if size <= self._held_bytes_max:
                break
            if path not in needed:
                size -= self._held.pop(path)[1]
                dropped.append(path)
        if dropped:
            self._ask(orders.ForgetRequest(tuple(dropped)), orders.FORGOTTEN)

    def _stop(self) -> None:
        process, self._process = self._process, None
        self._held.clear()
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close_quietly(stream)
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        replies = self._ask(orders.ReadRequest(tuple(sources)), orders.READ_REPLIES)
        for source in sources:
            self._held[source.path] = (_digest(source), len(source.source))
            self._held.move_to_end(source.path)
        return [reply.facts if isinstance(reply, orders.Facts) else reply.reason for reply in replies]

    def _tell_recall(self) -> None:
        """Tell the process of a recall, unless it is being sent an order: whoever does that tells it then."""
        process = self._process
        # Looked at again after each try: whoever recalls while the pipe is held leaves it to its holder.
        while self._is_recalled and self._is_busy and self._writing.acquire(blocking=False):
            self._is_recalled = False
            try:
                if process is not None and process.stdin is not None:
                    frames.write(process.stdin, orders.RecallRequest(self._orders))
            except frames.ClosedError:
                return  # it is gone, and so is what it did
            finally:
                self._writing.release()

    def _ask(self, request: orders.Request, decoder: msgspec.msgpack.Decoder[frames.T]) -> frames.T:
        self._gate.beat()
        with self._lock:
            process = self._running()
            self._is_busy = True
        if process.stdin is None or process.stdout is None:
            raise frames.ClosedError("the worker has no pipes")
        watch = threading.Timer(self._job_s_max, self._kill)
        watch.daemon = True
        watch.start()
        try:
            with self._writing:
                frames.write(process.stdin, request)
            self._tell_recall()
            return frames.read(process.stdout, decoder)
        except frames.ClosedError:
            self._stop()
            raise
        finally:
            self._is_busy = False
            watch.cancel()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._is_ended:
            raise frames.ClosedError("the crew has been sent home")
        if self._process is None:
            self._timed_out = False
            self._process = self._start()
        return self._process

    def _kill(self) -> None:
        self._timed_out = True
        if self._process is not None:
            self._process.kill()

    def _may_try_again(self, *, is_last: bool) -> bool:
        """Tell whether something else may have ended the process: an administrator, or want of memory."""
        return not (is_last or self._timed_out or self._is_ended)

    def _reason(self, error: Exception) -> str:
        if self._timed_out:
            return f"took longer than {self._job_s_max:g} s"
        return f"the worker process died ({error}; {DEBUG_VARIABLE}=1 shows what it said)"


def _paths(unit: UnitJob) -> list[str]:
    return [path_in(each.ref) for each in unit.functions]


def _digest(source: SourceFile) -> bytes:
    return hashlib.blake2b(source.source, digest_size=16).digest()


def _close_quietly(stream: IO[bytes]) -> None:
    with contextlib.suppress(OSError):  # its reader died with something still unsent
        stream.close()
