"""The scribe: writes batches of entries, and keeps those that cannot be written for another time.

Works in one thread. What goes wrong is told in a notice, once; nothing is raised.
"""

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from sleeplsp.engine.entries import Entry
from sleeplsp.engine.errors import JournalError
from sleeplsp.journal.compacting import compact
from sleeplsp.journal.file import JournalFile, NewerJournalError
from sleeplsp.journal.writing import day, write

log = logging.getLogger(__name__)


class Scribe:
    """Writes into the journal of `state_dir`; at most `pending_max` entries are kept for later."""

    def __init__(
        self, state_dir: str | Path | None, lock_s_max: float, pending_max: int, notices: list[str]
    ) -> None:
        self.pending: list[Entry] = []
        self._dropped = 0
        self._pending_max = pending_max
        self._notices = notices
        self._told: set[str] = set()
        self._state_dir = state_dir
        self._lock_s_max = lock_s_max
        self._file: JournalFile | None = None
        self._is_useless = False
        self._compacted_on = ""

    def write(self, entries: Sequence[Entry], dropped: int) -> bool:
        """Write what was left and what is new; tell whether all of it is on disk."""
        if self._is_useless:
            return not entries
        self.pending += entries
        self._dropped += dropped
        if not self.pending and not self._dropped:
            return True
        try:
            self._write()
        except NewerJournalError as error:
            self._is_useless = True
            self.pending.clear()
            self._say(str(error))
        except JournalError as error:
            self._say(f"what happens is not noted: {error}")
        except Exception as error:
            # A mistake of ours in one entry must not come back with every batch.
            log.exception("entries cannot be written")
            self._dropped += len(self.pending)
            self.pending.clear()
            self._say(f"what happens is not noted: internal error: {type(error).__name__}: {error}")
        else:
            return True
        self._dropped += max(0, len(self.pending) - self._pending_max)
        del self.pending[: -self._pending_max]
        return False

    def close(self) -> None:
        """Release the file."""
        if self._file is not None:
            self._file.close()

    def _write(self) -> None:
        if self._file is None:
            self._file = JournalFile(self._state_dir, self._lock_s_max)
        file = self._file
        try:
            file.write(lambda connection: write(connection, self.pending, self._dropped))
            self.pending.clear()
            self._dropped = 0
            if self._compacted_on != day(time.time()):
                file.write(lambda connection: compact(connection, time.time()))
                self._compacted_on = day(time.time())
        finally:
            for line in file.notices:
                self._say(line)
            file.notices.clear()

    def _say(self, line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            self._notices.append(line)
