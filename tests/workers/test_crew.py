"""A crew of real processes, some of which crash, hang, starve or say what is no frame."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sleeplsp.core.text import Text
from sleeplsp.engine.asking import Asked
from sleeplsp.engine.reading import ORDER_MODULES
from sleeplsp.workers.process import ProcessWorker
from tests.thinking import EditedFiles, Night, Thinker

PATIENT_S = 120.0
"""No worker is ended for being slow."""

CURSED = [sys.executable, "-m", "tests.workers.cursed"]

GOOD = "def one():\n    return 1\n\ndef two():\n    return one()\n"


class Workers:
    """Starts cursed workers and counts them."""

    def __init__(self) -> None:
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self) -> "subprocess.Popen[bytes]":
        self.started.append(subprocess.Popen(CURSED, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return self.started[-1]


@contextmanager
def crew(size: int = 1, job_s_max: float = PATIENT_S) -> Iterator[tuple[list[ProcessWorker], Workers]]:
    workers = Workers()
    crew = [ProcessWorker(workers.start, job_s_max) for _ in range(size)]
    try:
        yield crew, workers
    finally:
        for each in crew:
            each.close()
    assert all(each.returncode is not None for each in workers.started)


def night_of(crew: list[ProcessWorker], bad: str) -> Night:
    files = {"bad.py": f"def {bad}():\n    return 1\n\ndef beside():\n    return 2\n", "good.py": GOOD}
    return Thinker(EditedFiles(files), workers=crew).think()


def test_processes_answer_what_one_process_would() -> None:
    files = {"a.py": "from b import one\n\ndef f(x):\n    return one() or x.y\n", "b.py": GOOD}
    files |= {f"more{number}.py": GOOD for number in range(2 * ORDER_MODULES)}
    with crew(size=2) as (many, workers):
        assert (
            Thinker(EditedFiles(files), workers=many).think().rows == Thinker(EditedFiles(files)).think().rows
        )
    assert len(workers.started) == 2


@pytest.mark.parametrize(
    ("bad", "reason", "started"),
    [
        # The crew is told of the end of a process, asks for each function alone, for one that ends another
        # process once more, and goes on with a new one.
        ("crash", "the worker process died (the stream ended", 4),
        ("garble", "the worker process died (", 4),
        ("fall_silent", "the worker process died (the stream ended", 4),
        ("boast", "the worker process died (a frame of ", 4),
        # What can be caught ends one function alone.
        ("eat", "more memory needed than worker_bytes_max allows", 2),
        ("exhaust", "RecursionError", 1),
    ],
)
def test_what_ends_a_worker_costs_one_function(bad: str, reason: str, started: int) -> None:
    with crew() as (cursed, workers):
        night = night_of(cursed, bad)
    assert night.outcome.failed.keys() == {"bad.py"}
    assert reason in night.outcome.failed["bad.py"]
    functions = [each for row in night.rows.values() for each in row.functions.items()]
    assert [symbol for symbol, row in functions if not row.complete] == [bad]
    assert len(workers.started) == started


def test_a_worker_that_somebody_else_ends_costs_nothing() -> None:
    files = {"a.py": "def one():\n    return 1\n"}
    with crew() as (workers, started):

        def start() -> "subprocess.Popen[bytes]":
            process = started.start()
            if len(started.started) == 1:
                process.kill()
            return process

        worker = ProcessWorker(start, PATIENT_S)
        night = Thinker(EditedFiles(files), workers=[worker, *workers]).think()
        worker.close()
    assert not night.outcome.failed
    assert len(started.started) > 1


def test_a_worker_that_hangs_is_ended_after_its_time() -> None:
    # Alone on its level with its own worker, so that nothing else is timed.
    files = {"bad.py": "def hang():\n    return 1\n\nhang()\n"}
    with crew(job_s_max=4.0) as (cursed, _):
        night = Thinker(EditedFiles(files), workers=cursed).think()
    assert night.outcome.failed == {"bad.py": "took longer than 4 s"}
    assert night.rows["bad.py"].functions["<module>"].complete


def test_what_an_edit_outdates_is_not_waited_for() -> None:
    before, after = "def linger():\n    return 1\n", "def hurry():\n    return 2\n"
    process = subprocess.Popen(CURSED, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    worker = ProcessWorker(lambda: process, PATIENT_S)
    deduction = Thinker(EditedFiles({"a.py": before}), workers=[worker]).deduction
    deduction.ask(Asked())
    while not deduction.knowledge.facts:
        deduction.step()
        deduction.wait(0)
    deduction.step()
    assert process.stderr is not None
    with process.stderr as told:
        assert told.readline() == b"I am at it\n"
    deduction.ask(Asked(held={"a.py": Text.from_str(after)}, scan=False))
    while deduction.outcome is None:
        if not deduction.step() and deduction.outcome is None:
            deduction.wait()
    deduction.close()
    assert not deduction.outcome.failed
    assert dict(deduction.rows) == Thinker(EditedFiles({"a.py": after})).think().rows


def test_a_worker_that_cannot_start_fails_every_module() -> None:
    worker = ProcessWorker(
        lambda: subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE),
        PATIENT_S,
    )
    night = Thinker(EditedFiles({"a.py": GOOD, "b.py": GOOD}), workers=[worker]).think()
    worker.close()
    assert night.outcome.failed.keys() == {"a.py", "b.py"}
