"""No Python file of a package is lost without a word."""

from typing import Any

import pytest

from benchmarks.corpus import Measured, complain, lost

REPORT: dict[str, Any] = {
    "modules": [{"path": "a.py"}, {"path": "sub/b.py"}, {"path": "c.js"}],
    "skipped": [
        {"path": "d_pb2.py", "reason": "generated"},
        {"path": "vendor/", "reason": "vendored"},
        {"path": "big.js", "reason": "too large"},
    ],
    "failed": [],
    "run": {"functions_deduced": 0},
}
KEPT = ("a.py", "sub/b.py", "d_pb2.py", "vendor/x.py", "vendor/y/z.py")


def measured(*files: str) -> Measured:
    return Measured("some", REPORT, 1.0, 1.0, REPORT, 1.0, frozenset(files))


@pytest.mark.parametrize("files", [(), ("sub/c.py",), ("vendored.py", "e.py"), ("sub/vendor/x.py",)])
def test_a_lost_file_is_told_though_a_folder_is_skipped(
    files: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    package = measured(*KEPT, *files)
    assert lost(package) == set(files)
    assert complain(package) == bool(files)
    assert ("lost" in capsys.readouterr().out) is bool(files)
