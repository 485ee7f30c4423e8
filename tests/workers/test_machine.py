"""Whether the machine is busy: by its load, and by where its power comes from."""

import os
from pathlib import Path

import pytest

from sleeplsp.workers.machine import busy


def supply(folder: Path, name: str, kind: str, online: str) -> None:
    (folder / name).mkdir()
    (folder / name / "type").write_text(f"{kind}\n")
    (folder / name / "online").write_text(f"{online}\n")


@pytest.mark.parametrize(
    ("load", "says"), [(0.0, ""), (3.0, ""), (3.1, "the machine is busy: load 3.1 on 2 processors")]
)
def test_load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, load: float, says: str) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 9.0, 9.0))
    assert busy(1.5, tmp_path) == says
    assert busy(0, tmp_path) == ""


BATTERY = "the machine runs on battery"
SUPPLIES = {
    "none": ([], ""),
    "a battery alone": ([("BAT0", "Battery", "1")], ""),
    "plugged in": ([("AC", "Mains", "1"), ("BAT0", "Battery", "0")], ""),
    "unplugged": ([("AC", "Mains", "0"), ("BAT0", "Battery", "1")], BATTERY),
    "one of two": ([("AC", "Mains", "0"), ("USB", "Mains", "1")], ""),
    "what makes no sense": ([("AC", "Mains", "maybe")], ""),
}


@pytest.mark.parametrize(("supplies", "says"), SUPPLIES.values(), ids=SUPPLIES)
def test_battery(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, supplies: list[tuple[str, str, str]], says: str
) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))
    for each in supplies:
        supply(tmp_path, *each)
    assert busy(1.5, tmp_path) == says
    assert busy(1.5, tmp_path / "nowhere") == ""
    assert busy(0, tmp_path) == ""
