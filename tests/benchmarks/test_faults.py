"""Nothing is lost by kill -9 at a random moment; and what is lost would be noticed.

Twenty kills; `python -m benchmarks.faults` does two hundred, and many faults more.
"""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.faults import killing
from benchmarks.faults.bombs import BOMBS, text_of
from benchmarks.faults.place import CALLER, Place, essence
from benchmarks.faults.storing import corrupt

KILLS = 5
"""Of each kind."""
MODULES = 6

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("faults"), MODULES)


def test_the_workspace_has_something_to_lose(place: Place) -> None:
    for word, ran in place.expected.items():
        assert ran.code == 1  # it is asked to fail where something is suspected
        assert '"category": "none-dereference"' in ran.report
        assert f'\\"{word}\\"' in ran.report


@pytest.mark.timeout(900)  # each is some twenty processes, on machines that may be busy
@pytest.mark.parametrize("kind", killing.KILLS)
def test_nothing_is_lost_by_kills(place: Place, kind: str) -> None:
    assert killing.run(place, kind, KILLS, 1) == []


def test_what_is_lost_is_noticed(place: Place) -> None:
    place.edit("first")
    expected = place.expected["first"]
    assert place.differences(expected) == []
    assert place.differences(expected._replace(report="{}")) == ["another report"]
    assert "exit code 4" in place.differences(expected._replace(code=4))[0]
    assert "a traceback" in place.differences(expected._replace(said="Traceback (most"))[0]
    (place.root / CALLER).write_text("", "utf-8")
    assert place.lost(place.store())


def test_a_process_that_is_left_is_noticed_and_ended(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.faults.place.LEFT_S_MAX", 0.0)
    command = [sys.executable, "-c", "import sys; sys.stdin.read()", str(place.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as stray:
        assert "left behind" in place.left()[0]
        assert stray.wait() < 0


def test_a_report_is_compared_without_what_it_says_of_the_run() -> None:
    assert essence(b'{"run": {"seconds": 1}, "checks": []}') == essence(b'{"checks": [], "run": {}}')
    assert essence(b'{"run": {}, "checks": [1]}') != essence(b'{"run": {}, "checks": []}')
    assert essence(b"half of") == ""


@pytest.mark.parametrize("seed", range(12))
def test_a_corrupted_store_is_another_one(tmp_path: Path, seed: int) -> None:
    (tmp_path / "cache.db").write_bytes(bytes(range(1, 256)) * 64)
    before = (tmp_path / "cache.db").read_bytes()
    corrupt(tmp_path, random.Random(seed))
    assert (tmp_path / "cache.db").read_bytes() != before


def test_bombs_are_large_and_no_two_are_alike() -> None:
    texts = [text_of(each) for each in BOMBS]
    assert len(set(texts)) == len(texts)
    assert min(map(len, texts)) > 10_000
