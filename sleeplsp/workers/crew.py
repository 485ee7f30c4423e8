"""The crew: worker processes side by side, each with the modules it was given.

A module stays with one worker; a unit goes to the worker that holds most of it. A worker that dies or
does not answer in time is replaced, and its work is tried again piece by piece, so that only what kills it
is lost. It must not know what is deduced.
"""

import contextlib
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import msgspec

from sleeplsp.core.contract import UNKNOWN_CONTRACT
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.engine.errors import DEBUG_VARIABLE
from sleeplsp.engine.work import FunctionResult, SourceFile, UnitJob
from sleeplsp.workers import frames, orders

CHUNK_UNITS = 300
"""Units of one request: small enough that a worker which hangs is noticed soon."""

Start = Callable[[], "subprocess.Popen[bytes]"]
"""Starts a worker process whose standard streams are pipes."""


class ProcessCrew:
    """Fulfils `engine.work.Crew` with processes; for one thread."""

    def __init__(self, start: Start, size: int, job_s_max: float) -> None:
        self.size = size
        self._workers = [_Worker(start, job_s_max) for _ in range(size)]
        self._owners: dict[str, int] = {}
        self._sources: dict[str, SourceFile] = {}
        self._loads = [0] * size
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="sleeplsp-crew")

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        """Read modules and keep their texts; a string says why one could not be read."""
        shares: list[list[SourceFile]] = [[] for _ in self._workers]
        for source in sorted(sources, key=lambda each: len(each.source), reverse=True):
            self._sources[source.path] = source
            shares[self._owner(source)].append(source)
        answers: dict[str, ModuleFacts | str] = {}
        for found in self._threads.map(_Worker.read, self._workers, shares):
            answers.update(found)
        return [answers[each.path] for each in sources]

    def deduce(self, units: Sequence[UnitJob]) -> list[FunctionResult]:
        """Deduce units side by side."""
        shares: list[list[UnitJob]] = [[] for _ in self._workers]
        for unit in units:
            shares[self._best_owner(unit)].append(unit)
        results = self._threads.map(self._share, self._workers, shares)
        return [result for share in results for result in share]

    def close(self) -> None:
        """End all workers."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:  # side by side: each saves what it has learned of the library
            worker.dismiss()
        for worker in self._workers:
            worker.close()

    def _owner(self, source: SourceFile) -> int:
        if source.path not in self._owners:
            owner = min(range(self.size), key=self._loads.__getitem__)
            self._loads[owner] += len(source.source)
            self._owners[source.path] = owner
        return self._owners[source.path]

    def _best_owner(self, unit: UnitJob) -> int:
        paths = [_path(each.ref) for each in unit.functions]
        return Counter(self._owners[path] for path in paths).most_common(1)[0][0]

    def _share(self, worker: "_Worker", units: list[UnitJob]) -> list[FunctionResult]:
        results: list[FunctionResult] = []
        for start in range(0, len(units), CHUNK_UNITS):
            results.extend(worker.deduce(units[start : start + CHUNK_UNITS], self._sources))
        return results


class _Worker:
    """One worker process, started when it is first needed and again after it died."""

    def __init__(self, start: Start, job_s_max: float) -> None:
        self._start = start
        self._job_s_max = job_s_max
        self._process: subprocess.Popen[bytes] | None = None
        self._held: set[str] = set()
        self._timed_out = False
        self._is_busy = False
        self._is_ended = False

    def read(self, sources: list[SourceFile]) -> dict[str, ModuleFacts | str]:
        """Read modules; if that kills the worker, one by one."""
        if not sources:
            return {}
        try:
            return self._read(sources)
        except frames.ClosedError as error:
            if len(sources) == 1:
                return {sources[0].path: self._reason(error)}
        found: dict[str, ModuleFacts | str] = {}
        for source in sources:
            found.update(self.read([source]))
        return found

    def deduce(self, units: list[UnitJob], sources: dict[str, SourceFile]) -> list[FunctionResult]:
        """Deduce units; if that kills the worker, one by one."""
        try:
            needed = dict.fromkeys(_path(each.ref) for unit in units for each in unit.functions)
            self.read([sources[path] for path in needed if path not in self._held])
            replies = self._ask(orders.DeduceRequest(tuple(units)), orders.DEDUCE_REPLIES)
            return list(replies)
        except frames.ClosedError as error:
            if len(units) == 1:
                return [_failed(each.ref, self._reason(error)) for each in units[0].functions]
        return [result for unit in units for result in self.deduce([unit], sources)]

    def dismiss(self) -> None:
        """Tell the process to end for good, in the midst of its work too: nobody waits for it."""
        self._is_ended = True
        process = self._process
        if process is None:
            return
        if self._is_busy:
            process.kill()
        elif process.stdin is not None:
            _close_quietly(process.stdin)

    def close(self) -> None:
        """Wait until the process has ended."""
        self.dismiss()
        self._stop()

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

    def _read(self, sources: list[SourceFile]) -> dict[str, ModuleFacts | str]:
        replies = self._ask(orders.ReadRequest(tuple(sources)), orders.READ_REPLIES)
        self._held.update(each.path for each in sources)
        return {
            source.path: reply.facts if isinstance(reply, orders.Facts) else reply.reason
            for source, reply in zip(sources, replies, strict=True)
        }

    def _ask(self, request: orders.Request, decoder: msgspec.msgpack.Decoder[frames.T]) -> frames.T:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise frames.ClosedError("the worker has no pipes")
        watch = threading.Timer(self._job_s_max, self._kill)
        watch.daemon = True
        watch.start()
        self._is_busy = True
        try:
            frames.write(process.stdin, request)
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

    def _reason(self, error: Exception) -> str:
        if self._timed_out:
            return f"took longer than {self._job_s_max:g} s"
        return f"the worker process died ({error}; {DEBUG_VARIABLE}=1 shows what it said)"


def _path(ref: str) -> str:
    return ref.partition("::")[0]


def _failed(ref: str, reason: str) -> FunctionResult:
    return FunctionResult(
        ref=ref,
        contract=UNKNOWN_CONTRACT,
        invariants=(),
        suspicions=(),
        changes=(),
        complete=False,
        failure=reason,
    )


def _close_quietly(stream: IO[bytes]) -> None:
    with contextlib.suppress(OSError):  # its reader died with something still unsent
        stream.close()
