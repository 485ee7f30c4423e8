"""Reading one file of a workspace: its bytes, or the reason why they are not used."""

import os
from pathlib import Path

import pytest

from sleeplsp.engine.ports import SkipReason
from sleeplsp.engine.settings import Settings
from sleeplsp.repo.files import Repository
from tests.repo.conftest import write


def test_read_returns_the_bytes(root: Path) -> None:
    (root / "a.py").write_bytes(b"\xef\xbb\xbfx\r\n\xff\0")
    assert Repository(root).read("a.py") == b"\xef\xbb\xbfx\r\n\xff\0"


def test_read_says_why_contents_are_not_used(root: Path) -> None:
    write(root, "generated.py", text="# @generated\n")
    write(root, "minified.py", text="x" * 5000)
    write(root, "long.py", text="x = 1\n" * 500 + "y" * 2500)
    (root / "binary.py").write_bytes(bytes(range(32)) * 9)
    write(root, "big.py", text="x = 1\n" * 2000)
    repository = Repository(root, Settings(file_bytes_max=10_000, line_bytes_max=2000))
    assert repository.read("generated.py") is SkipReason.GENERATED
    assert repository.read("minified.py") is SkipReason.MINIFIED
    assert repository.read("long.py") is SkipReason.LINE_TOO_LONG
    assert repository.read("binary.py") is SkipReason.BINARY
    assert repository.read("big.py") is SkipReason.TOO_LARGE


@pytest.mark.parametrize(
    "path",
    [
        "gone.py",
        "folder",
        "",
        ".",
        "..",
        "../outside.py",
        "a/../../outside.py",
        "a.py/x",
        "nul\0.py",
        "loop.py",
    ],
)
def test_read_is_unreadable_where_there_is_no_file_within_the_root(root: Path, path: str) -> None:
    write(root.parent, "outside.py")
    write(root, "a.py", "folder/x.py", "a/x.py")
    (root / "loop.py").symlink_to("loop.py")
    assert Repository(root).read(path) is SkipReason.UNREADABLE


def test_read_follows_links_within_the_root_only(root: Path) -> None:
    write(root.parent, "outside.py", "root-beside/b.py")
    write(root, "a.py", ".env")
    (root / "link.py").symlink_to("a.py")
    (root / "out.py").symlink_to("../outside.py")
    (root / "beside.py").symlink_to("../root-beside/b.py")
    (root / "settings.py").symlink_to(".env")
    repository = Repository(root)
    assert repository.read("link.py") == b"x = 1\n"
    assert repository.read(str(root.parent / "outside.py")) is SkipReason.UNREADABLE
    assert repository.read("out.py") is SkipReason.UNREADABLE
    assert repository.read("beside.py") is SkipReason.UNREADABLE
    assert repository.read("settings.py") is SkipReason.DENIED


def test_read_denies_secrets(root: Path) -> None:
    write(root, ".env", "sub/.aws/config.py", "deep/id_rsa")
    for path in (".env", "sub/.aws/config.py", "deep/id_rsa", "not_there/.env"):
        assert Repository(root).read(path) is SkipReason.DENIED


def test_a_file_that_vanishes_or_closes_after_the_scan_is_unreadable(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "gone.py", "closed.py")
    repository = Repository(root)
    assert len(repository.scan().files) == 2
    (root / "gone.py").unlink()
    assert repository.read("gone.py") is SkipReason.UNREADABLE

    def refusing(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refusing)
    assert repository.read("closed.py") is SkipReason.UNREADABLE
