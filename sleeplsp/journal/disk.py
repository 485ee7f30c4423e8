"""The journal on disk: entries go through a queue to a thread, which writes what has come together.

Whoever tells never waits. What cannot be written is tried again, up to a limit, and counted when it is
lost; a notice says so once. This module must not know tables.
"""

import threading
from pathlib import Path
from queue import Empty, SimpleQueue

from sleeplsp.engine.account import Account
from sleeplsp.engine.entries import Entry

QUEUE_MAX = 10_000
"""Entries that wait to be written; what comes beyond them is dropped and counted."""

TOGETHER_S = 2.0
"""Seconds in which entries are waited for that are written together."""

AGAIN_S = 30.0
"""Seconds after which what could not be written is tried again."""

FLUSH_S_MAX = 5.0
"""Seconds that anybody waits for the end of writing."""

LOCK_S_MAX = 10.0
"""Seconds that a write waits for another process's."""


class _Waiter:
    """Somebody who waits until all before it in the queue is written."""

    def __init__(self, *, is_last: bool) -> None:
        self.is_last = is_last
        """Nothing comes after it."""
        self.is_over = threading.Event()
        self.is_kept = False


class DiskJournal:
    """Fulfils the port `Journal` in `state_dir`, by default the user's state directory.

    Nothing is opened before the first entry. Any thread may call.
    """

    def __init__(
        self,
        state_dir: str | Path | None = None,
        *,
        lock_s_max: float = LOCK_S_MAX,
        queue_max: int = QUEUE_MAX,
        together_s: float = TOGETHER_S,
    ) -> None:
        self.notices: list[str] = []
        self._state_dir = state_dir
        self._lock_s_max = lock_s_max
        self._queue_max = queue_max
        self._together_s = together_s
        self._queue: SimpleQueue[Entry | _Waiter] = SimpleQueue()
        self._hurry = threading.Event()
        self._dropped = 0
        self._is_closed = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def tell(self, entry: Entry) -> None:
        """Take an entry; never waits and never raises."""
        if self._is_closed or self._queue.qsize() >= self._queue_max:
            self._drop()
            return
        self._queue.put(entry)
        if self._thread is None:
            self._start()

    def flush(self) -> bool:
        """Wait until all that was told is on disk; tell whether it is."""
        return self._wait(is_last=False)

    def account(self, root: str) -> Account:
        """Return what is known of a workspace. Raises JournalError."""
        from sleeplsp.journal.file import reading  # noqa: PLC0415 - as in the thread
        from sleeplsp.journal.reading import account  # noqa: PLC0415

        with reading(self._state_dir, self._lock_s_max) as connection:
            return account(connection, root) if connection is not None else Account()

    def close(self) -> None:
        """Keep what was told, and end; harmless when done before."""
        if not self._is_closed:
            self._is_closed = True
            self._wait(is_last=True)

    def _wait(self, *, is_last: bool) -> bool:
        if self._thread is None:
            return True
        waiter = _Waiter(is_last=is_last)
        self._queue.put(waiter)
        self._hurry.set()
        waiter.is_over.wait(FLUSH_S_MAX)
        return waiter.is_kept

    def _drop(self) -> None:
        with self._lock:
            self._dropped += 1

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_on, name="sleeplsp-journal", daemon=True)
                self._thread.start()

    def _write_on(self) -> None:
        """Write until closed: what has come together, in one transaction."""
        # SQLite is not loaded by who never tells anything.
        from sleeplsp.journal.scribe import Scribe  # noqa: PLC0415

        scribe = Scribe(self._state_dir, self._lock_s_max, self._queue_max, self.notices)
        while True:
            entries, waiters = self._batch(AGAIN_S if scribe.pending else None)
            with self._lock:
                dropped, self._dropped = self._dropped, 0
            is_kept = scribe.write(entries, dropped)
            is_last = any(each.is_last for each in waiters)
            if is_last:
                scribe.close()
            for each in waiters:
                each.is_kept = is_kept
                each.is_over.set()
            if is_last:
                return

    def _batch(self, wait_s: float | None) -> tuple[list[Entry], list[_Waiter]]:
        """Return what came together, waiting for the first of it."""
        found: list[Entry | _Waiter] = []
        try:
            found.append(self._queue.get(timeout=wait_s))
        except Empty:
            return [], []
        if not isinstance(found[0], _Waiter):
            self._hurry.wait(self._together_s)
        self._hurry.clear()
        while not self._queue.empty():
            found.append(self._queue.get())
        entries = [each for each in found if not isinstance(each, _Waiter)]
        return entries, [each for each in found if isinstance(each, _Waiter)]
