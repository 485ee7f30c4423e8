"""Reports on disk: nobody else reads them, and they do not add up for ever."""

import os
import stat
from pathlib import Path

import pytest

from sleeplsp.cache.reports import REPORTS_MAX, keep_report
from sleeplsp.engine.errors import StoreError


def test_a_report_is_for_its_owner_alone(tmp_path: Path) -> None:
    kept = keep_report(tmp_path / "cache", "a project", "pkg/größe 😀.py", "# Größe\n")
    assert kept.read_text(encoding="utf-8") == "# Größe\n"
    assert kept.is_relative_to(tmp_path / "cache")
    assert (kept.suffix, kept.name[:5]) == (".md", "größe")
    for path, mode in ((kept, 0o600), (kept.parent, 0o700)):
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_module_has_one_report(tmp_path: Path) -> None:
    first = keep_report(tmp_path, "a", "m.py", "one")
    assert keep_report(tmp_path, "a", "m.py", "two") == first
    assert first.read_text() == "two"
    others = {keep_report(tmp_path, "b", "m.py", ""), keep_report(tmp_path, "a", "n/m.py", "")}
    assert len({first, *others}) == 3
    assert len(list(first.parent.iterdir())) == 3, "nothing is left lying about"


@pytest.mark.parametrize("path", ["a" * 300 + ".py", "..", "a/../../b", "nul\0l", "a\nb.md", "con", "-rf.py"])
def test_no_path_leads_elsewhere(tmp_path: Path, path: str) -> None:
    kept = keep_report(tmp_path, "a", path, "text")
    assert kept.parent == keep_report(tmp_path, "a", "m.py", "").parent
    assert kept.read_text() == "text"


def test_the_oldest_go(tmp_path: Path) -> None:
    kept = []
    for number in range(REPORTS_MAX + 2):
        kept.append(keep_report(tmp_path, "a", f"m{number}.py", ""))
        os.utime(kept[-1], (number, number))
    assert [each for each in kept if not each.exists()] == kept[:2]


def test_a_folder_that_others_could_write_to_is_closed_to_them(tmp_path: Path) -> None:
    folder = keep_report(tmp_path, "a", "m.py", "").parent
    folder.chmod(0o777)
    keep_report(tmp_path, "a", "m.py", "")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "reports").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        keep_report(tmp_path, "a", "m.py", "")


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be used"):
        keep_report(tmp_path / "file", "a", "m.py", "")
