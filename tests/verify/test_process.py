"""The verifier as the engine sees it: order, limits, ends."""

import contextlib
import os
import select
import sys
from pathlib import Path

import pytest

from sleeplsp.engine.verification.ports import Finding, Limits, Result, Trial, UnverifiableError
from sleeplsp.verify import interpreters
from sleeplsp.verify.process import OUT_OF_TIME, UNWANTED, ProcessVerifier
from sleeplsp.verify.sandbox import kept_tables
from tests.verify.cases import LIMITS, contents
from tests.verify.test_child import needs_linux
from tests.verify.test_verify import needs_bubblewrap

ENDLESS = (
    "def waits(x: int) -> int:\n    while True:\n        pass\n\n\ndef same(x: int) -> int:\n    return x\n"
)


def findings(
    root: Path, *trials: tuple[str, str], limits: Limits = LIMITS, wanted: int | None = None
) -> tuple[Finding, ...]:
    """Try checks of `m.py`, which nobody wants any more after some looks."""
    looks = 0

    def is_wanted() -> bool:
        nonlocal looks
        looks += 1
        return wanted is None or looks <= wanted

    verifier = ProcessVerifier(root, None, call_seconds_max=60.0, may_wrap=False)
    return verifier.verify("m.py", tuple(Trial(name, (check,)) for name, check in trials), limits, is_wanted)


def test_one_trial_may_have_several_checks_and_all_are_told_in_order(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(ENDLESS)
    trials = (Trial("same", ("result == x", "result > x")), Trial("gone", ()), Trial("same", ("x",)))
    found = ProcessVerifier(tmp_path, None).verify("m.py", trials, LIMITS, lambda: True)
    assert [(each.function, each.check, each.result) for each in found] == [
        ("same", "result == x", Result.TESTED),
        ("same", "result > x", Result.REFUTED),
        ("same", "x", Result.REFUTED),
    ]


def test_nothing_to_try_starts_nothing(tmp_path: Path) -> None:
    assert findings(tmp_path) == ()


def test_no_more_calls_than_are_allowed(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("def same(x: int) -> int:\n    return x\n")
    (found,) = findings(
        tmp_path, ("same", "result == x"), limits=Limits(calls_max=30, seconds_max=60, bytes_max=2**30)
    )
    assert found.result is Result.TESTED
    assert 20 <= found.runs <= 30


def test_what_was_found_is_told_when_nobody_waits_any_more(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(ENDLESS)
    told = findings(tmp_path, ("same", "result == x"), ("waits", "True"), ("same", "x"), wanted=30)
    assert [(each.result, each.reason) for each in told[1:]] == [(Result.OPEN, UNWANTED)] * 2


def test_nobody_wants_it_from_the_start(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(ENDLESS)
    (found,) = findings(tmp_path, ("same", "result == x"), wanted=0)
    assert (found.result, found.reason) == (Result.OPEN, UNWANTED)


def test_the_time_of_a_module_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(ENDLESS)
    limits = Limits(calls_max=200, seconds_max=5.0, bytes_max=2**30)
    told = findings(tmp_path, ("same", "result == x"), ("waits", "True"), ("same", "x"), limits=limits)
    assert [each.result for each in told] == [Result.TESTED, Result.OPEN, Result.OPEN]
    assert [each.reason for each in told[1:]] == [OUT_OF_TIME] * 2


def test_an_import_that_does_not_end_takes_all_the_time(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("while True:\n    pass\n")
    limits = Limits(calls_max=200, seconds_max=1.0, bytes_max=2**30)
    (found,) = findings(tmp_path, ("same", "True"), limits=limits)
    assert found.reason == "importing the module takes all its time"


def test_memory_is_limited_as_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("def big(flag: bool) -> bytes:\n    return bytes(600 * 2**20)\n")
    less = Limits(calls_max=200, seconds_max=60.0, bytes_max=512 * 2**20)
    more = Limits(calls_max=200, seconds_max=60.0, bytes_max=2**31)
    (found,) = findings(tmp_path, ("big", "len(result) > 0"), limits=less)
    assert found.reason == "it needs too much memory"
    (found,) = findings(tmp_path, ("big", "len(result) > 0"), limits=more)
    assert found.result is Result.TESTED


@needs_linux
@pytest.mark.parametrize("may_wrap", [False, pytest.param(True, marks=needs_bubblewrap)])
def test_nothing_is_left_running_and_no_file_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, may_wrap: bool
) -> None:
    root, temporary = tmp_path / "root", tmp_path / "temporary"
    root.mkdir()
    temporary.mkdir()
    (root / "m.py").write_text(ENDLESS)
    kept_tables()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    verifier = ProcessVerifier(root, None, call_seconds_max=60.0, may_wrap=may_wrap)
    running: list[set[int]] = []

    def is_wanted() -> bool:
        running.append(processes(temporary))
        return len(running) < 20

    verifier.verify("m.py", (Trial("waits", ("True",)),), LIMITS, is_wanted)
    assert any(running)
    assert not [each for each in processes(temporary) if not has_ended(each)]
    assert list(temporary.iterdir()) == []
    assert list(contents(root)) == ["m.py"]


def test_the_rules_are_part_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = ProcessVerifier(tmp_path, None).environment()
    assert told == ProcessVerifier(tmp_path, None).environment()
    assert told.startswith(f"{sys.executable} CPython {'.'.join(map(str, sys.version_info[:3]))} hypothesis ")
    monkeypatch.setattr("sleeplsp.verify.process._rules_digest", lambda: "other")
    assert ProcessVerifier(tmp_path, None).environment() != told


def test_where_there_are_no_limits_nothing_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreters, "_HAS_LIMITS", False)
    with pytest.raises(UnverifiableError, match="Windows"):
        ProcessVerifier(tmp_path, None).environment()


def processes(home: Path) -> set[int]:
    """Return the processes that have a folder of their own below this one."""
    found = set()
    for each in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"HOME={home}".encode() in each.read_bytes():
                found.add(int(each.parent.name))
    return found


def has_ended(process: int) -> bool:
    """Wait until a process has ended that was killed; return whether it has."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    poll = select.poll()
    poll.register(watched, select.POLLIN)
    try:
        return bool(poll.poll(10_000))
    finally:
        os.close(watched)
