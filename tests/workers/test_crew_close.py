"""A crew that is closed in the midst of its work: as when a command is interrupted."""

import subprocess
import sys
import threading

from sleeplsp.engine.work import SourceFile
from sleeplsp.workers.process import ProcessWorker

# Says that it has been asked something, and never answers.
MUTE = """
import sys, time
sys.stdin.buffer.read(1)
sys.stderr.write("asked")
sys.stderr.flush()
time.sleep(600)
"""


def test_a_closed_crew_ends_its_workers_at_once_and_starts_no_new_ones() -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", MUTE]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe))
        asked.set()
        return started[0]

    asked = threading.Event()
    worker = ProcessWorker(start, job_s_max=600)
    sources = [SourceFile(f"{name}.py", "python", b"") for name in "ab"]
    answers: list[object] = []
    asking = threading.Thread(target=lambda: answers.extend(worker.read(sources)))
    asking.start()
    asked.wait()
    assert started[0].stderr is not None
    with started[0].stderr as said:
        said.read(1)
        worker.close()
    asking.join()
    assert started[0].returncode is not None
    assert len(started) == 1
    assert all(isinstance(each, str) for each in answers)
    assert len(answers) == 2
