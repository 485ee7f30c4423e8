"""Gates between processes: as many pass as there are places, and a process that is killed makes room."""

import os
import subprocess
import sys
import time
from pathlib import Path

from sleeplsp.cache.gates import STUCK_S, FileGate

HOLDER = """
import sys
import time
from pathlib import Path
from sleeplsp.cache.gates import STUCK_S, FileGate

gate = FileGate(Path(sys.argv[1]), "gate", places=int(sys.argv[2]))
print(gate.enter(), flush=True)
sys.stdin.read()
"""


def holder(folder: Path, places: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HOLDER, str(folder), str(places)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_as_many_pass_as_there_are_places_and_who_is_killed_makes_room(tmp_path: Path) -> None:
    with holder(tmp_path, 2) as first, holder(tmp_path, 2) as second:
        assert first.stdout is not None
        assert second.stdout is not None
        assert [first.stdout.readline(), second.stdout.readline()] == ["True\n", "True\n"]
        third = FileGate(tmp_path, "gate", places=2)
        assert not third.is_wanted()
        assert not third.enter()
        assert FileGate(tmp_path, "gate", places=2).is_wanted(), "who holds a place can see that"
        second.kill()
        second.wait()
        assert third.enter()
        assert third.enter(), "who has passed passes again"
        assert not FileGate(tmp_path, "gate", places=2).enter()
        third.leave()
        other = FileGate(tmp_path, "gate", places=2)
        assert other.enter()
        other.leave()
        first.kill()


def test_other_names_are_other_gates(tmp_path: Path) -> None:
    gates = [FileGate(tmp_path, "gate"), FileGate(tmp_path, "other")]
    assert all(gate.enter() for gate in gates)
    for gate in gates:
        gate.leave()


def test_where_no_lock_can_be_made_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    gates = [FileGate(tmp_path / "file", "gate") for _ in range(2)]
    assert all(gate.enter() for gate in gates)


def test_who_stands_still_is_passed_by_and_who_gives_signs_of_life_is_not(tmp_path: Path) -> None:
    holder, other = FileGate(tmp_path, "gate"), FileGate(tmp_path, "gate")
    assert holder.enter()
    long_ago = time.time() - 2 * STUCK_S
    os.utime(tmp_path / "gate-0.beat", (long_ago, long_ago))
    holder._beaten_at = 0.0
    holder.beat()
    assert not other.enter()
    os.utime(tmp_path / "gate-0.beat", (long_ago, long_ago))
    assert other.enter()
    other.leave()
    holder.leave()
    assert FileGate(tmp_path, "gate").enter()
