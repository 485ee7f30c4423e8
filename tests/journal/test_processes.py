"""Several processes on one journal, and some that are killed in the midst of writing."""

import os
import random
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from sleeplsp.journal.home import Home
from sleeplsp.journal.schema import MIGRATIONS
from tests.journal.conftest import execute, journal, line_from, noted, process, query

if TYPE_CHECKING:
    import subprocess

WRITER = """
import sys, time
from sleeplsp.engine.entries import Queried
from sleeplsp.journal.disk import DiskJournal
folder, name, batches = sys.argv[1], sys.argv[2], int(sys.argv[3])
journal = DiskJournal(folder, together_s=0, lock_s_max=60)
print("ready", flush=True)
sys.stdin.readline()
for batch in range(batches):
    for _ in range(10):
        journal.tell(Queried(root="r", path=name, kind="hover", found=True, at=time.time()))
    while not journal.flush():
        assert not journal.notices, journal.notices
    print(batch, flush=True)
journal.close()
assert not journal.notices, journal.notices
"""
BUSY = 8
ROUNDS = 12


def begin(writer: "subprocess.Popen[str]") -> None:
    assert line_from(writer) == "ready"
    assert writer.stdin is not None
    writer.stdin.write("\n")
    writer.stdin.flush()


def test_eight_processes_that_write_at_once_lose_nothing(state_dir: Path) -> None:
    with ExitStack() as stack:
        writers = [stack.enter_context(process(WRITER, state_dir, name, 20)) for name in "abcdefgh"]
        for writer in writers:
            begin(writer)
        for writer in writers:
            out, _ = writer.communicate()
            assert (writer.returncode, out.split()) == (0, [str(batch) for batch in range(20)])
    assert len(writers) == BUSY
    assert noted(state_dir) == dict.fromkeys("abcdefgh", 200)
    assert execute(state_dir, "PRAGMA integrity_check") == [("ok",)]
    assert execute(state_dir, "SELECT version FROM migrations") == [(n + 1,) for n in range(len(MIGRATIONS))]
    assert [path.name for path in (state_dir / "journal").iterdir()] == ["1"]


def test_writers_that_are_killed_lose_nothing_that_was_acknowledged(state_dir: Path) -> None:
    """Two at a time, again and again, at moments that nobody chose; the first while they make the file."""
    chance = random.Random(3)
    acknowledged: dict[str, int] = {}
    for turn in range(ROUNDS):
        with ExitStack() as stack:
            names = [f"{turn}{each}" for each in "ab"]
            writers = [stack.enter_context(process(WRITER, state_dir, name, 10**6)) for name in names]
            for writer in writers:
                begin(writer)
            for writer, name in zip(writers, names, strict=True):
                last = -1
                for _ in range(chance.randrange(30) if turn else 0):
                    last = int(line_from(writer))
                os.kill(writer.pid, signal.SIGKILL)
                assert writer.stdout is not None
                rest = writer.stdout.read()  # it may have gone on before it was killed
                last = max([last, *map(int, rest.split("\n")[:-1])])
                acknowledged[name] = (last + 1) * 10
        with journal(state_dir) as after:
            after.tell(query("after"))
        assert after.notices == []
        assert execute(state_dir, "PRAGMA integrity_check") == [("ok",)]
        found = noted(state_dir)
        for name, count in acknowledged.items():
            # Of what was not acknowledged, a batch is there as a whole or not at all.
            assert found.get(name, 0) in (count, count + 10)
    assert found["after"] == ROUNDS
    assert sum(acknowledged.values()) > ROUNDS * 10


def test_who_comes_second_takes_the_file_that_came_meanwhile(tmp_path: Path) -> None:
    """As two that find no file at once do, of which one is slower to begin its own."""
    first = Home(tmp_path).begin(lambda file: file.touch())
    assert Home(tmp_path).begin(lambda file: file.touch()) == first
    assert [path.name for path in (tmp_path / "journal").iterdir()] == ["1"]
