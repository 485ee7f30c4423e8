"""The files of a workspace: what is read, what is left out and why, and what is never followed."""

import os
import subprocess
from pathlib import Path
from typing import Self

import msgspec
import pytest

from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.ports import Files, Listing, SkipReason
from sleeplsp.engine.settings import Settings
from sleeplsp.repo.files import Repository
from tests.repo.conftest import Git, write

MODES = pytest.mark.parametrize("mode", ["walked", "git"])


def prepare(git: Git, mode: str) -> None:
    if mode == "git":
        git("init", "--quiet")


def scan(root: Path, **values: object) -> Listing:
    return Repository(root, msgspec.convert(values, Settings)).scan()


def paths(listing: Listing) -> list[str]:
    return [file.path for file in listing.files]


def skipped(listing: Listing) -> dict[str, SkipReason]:
    return {file.path: file.reason for file in listing.skipped}


def test_a_repository_fulfils_the_port(root: Path) -> None:
    files: Files = Repository(root)
    assert files.scan() == Listing((), (), 0)


@pytest.mark.parametrize("name", ["missing", "file"])
def test_a_root_that_is_no_folder_is_a_usage_error(root: Path, name: str) -> None:
    write(root, "file")
    with pytest.raises(UsageError, match=f"no such folder: .*{name}$"):
        Repository(root / name)


@MODES
def test_files_are_sorted_and_stamped_and_others_counted(root: Path, git: Git, mode: str) -> None:
    prepare(git, mode)
    write(root, "b.py", "a/z.py", "a.py", "README.md", "a/data.bin")
    os.utime(root / "a.py", ns=(5, 1_700_000_000_000_000_001))
    listing = scan(root)
    assert paths(listing) == ["a.py", "a/z.py", "b.py"]
    assert listing.files[0].size_bytes == 6
    assert listing.files[0].mtime_ns == 1_700_000_000_000_000_001
    assert (listing.skipped, listing.other) == ((), 2)


@MODES
def test_ignored_files_are_not_even_listed(root: Path, git: Git, mode: str) -> None:
    prepare(git, mode)
    write(root, "a.py", "b.py", "out/c.py", "sub/b.py", "sub/keep/b.py", "x.log", ".env")
    (root / ".gitignore").write_text("b.py\nout/\n*.log\n.env\n.gitignore\n")
    (root / "sub/keep/.gitignore").write_text("!b.py\n.gitignore\n")
    listing = scan(root)
    assert paths(listing) == ["a.py", "sub/keep/b.py"]
    assert (listing.skipped, listing.other) == ((), 0)


@MODES
def test_tool_folders_are_not_even_listed(root: Path, git: Git, mode: str) -> None:
    prepare(git, mode)
    write(root, "a.py", "__pycache__/a.py", ".mypy_cache/x.py", ".hg/x.py", "sub/.git/hooks/x.py")
    assert scan(root) == scan(root)
    assert paths(scan(root)) == ["a.py"]
    assert skipped(scan(root)) == {}


@MODES
def test_folders_that_only_sound_as_if_they_were_not_the_authors(root: Path, git: Git, mode: str) -> None:
    prepare(git, mode)
    names = ("build", "cvs", "dist", "env", "generated", "lib", "out", "packages", "pods", "target", "venv")
    write(root, *(f"{name}/__init__.py" for name in names))
    listing = scan(root)
    assert paths(listing) == [f"{name}/__init__.py" for name in names]
    assert skipped(listing) == {}


@MODES
def test_what_is_left_out_by_its_name(root: Path, git: Git, mode: str) -> None:
    prepare(git, mode)
    write(
        root,
        "a.py",
        "node_modules/x/y.py",
        "node_modules/z.py",
        "src/vendor/b.py",
        "src/Third_Party/b.py",
        "my_environment/pyvenv.cfg",
        "my_environment/lib/c.py",
        "conda/envs/mine/conda-meta/history",
        "conda/envs/mine/lib/c.py",
        "api_pb2.py",
        ".env",
        ".env.py",
        "deep/server.pem",
        ".ssh/config.py",
    )
    listing = scan(root)
    assert paths(listing) == ["a.py"]
    assert skipped(listing) == {
        ".env": SkipReason.DENIED,
        ".env.py": SkipReason.DENIED,
        ".ssh/": SkipReason.DENIED,
        "api_pb2.py": SkipReason.GENERATED,
        "conda/envs/mine/": SkipReason.VENDORED,
        "deep/server.pem": SkipReason.DENIED,
        "my_environment/": SkipReason.VENDORED,
        "node_modules/": SkipReason.VENDORED,
        "src/Third_Party/": SkipReason.VENDORED,
        "src/vendor/": SkipReason.VENDORED,
    }


@pytest.mark.parametrize("place", ["venv/lib/python3.13/site-packages", "vendor/package", "x/.git/y"])
def test_a_workspace_may_itself_lie_in_a_vendored_folder(root: Path, place: str) -> None:
    write(root, "venv/pyvenv.cfg", f"{place}/package/a.py", f"{place}/package-1.0.dist-info/x.py")
    assert paths(scan(root / place)) == ["package-1.0.dist-info/x.py", "package/a.py"]


@MODES
def test_sleeplspignore_works_everywhere_and_nested(root: Path, git: Git, mode: str) -> None:
    prepare(git, mode)
    write(root, "a.py", "b.py", "docs/c.py", "docs/d/e.py", "sub/b.py", "sub/docs/c.py")
    if mode == "git":
        git("add", ".")  # tracked files are excluded like any other
    (root / ".sleeplspignore").write_text("/docs/\nb.py\n")
    (root / "sub/.sleeplspignore").write_text("!b.py\ndocs/c.py\n")
    listing = scan(root)
    assert paths(listing) == ["a.py", "sub/b.py"]
    assert skipped(listing) == {
        "b.py": SkipReason.EXCLUDED,
        "docs/": SkipReason.EXCLUDED,
        "sub/docs/c.py": SkipReason.EXCLUDED,
    }


@MODES
def test_excludes_rank_above_sleeplspignore(root: Path, git: Git, mode: str) -> None:
    prepare(git, mode)
    write(root, "a.py", "private/b.py", "c.py")
    (root / ".sleeplspignore").write_text("!private/\nc.py\n")
    listing = scan(root, excludes=["private/", "!c.py"])
    assert paths(listing) == ["a.py", "c.py"]
    assert skipped(listing) == {"private/": SkipReason.EXCLUDED}


@MODES
def test_a_negated_pattern_takes_in_what_is_left_out_by_default_but_no_secret(
    root: Path, git: Git, mode: str
) -> None:
    prepare(git, mode)
    write(root, "app/vendor/models.py", "vendor/x.py", "a_pb2.py", ".env.py", ".ssh/x.py")
    listing = scan(root, excludes=["!app/vendor/", "!*_pb2.py", "!.env.py", "!.ssh/"])
    assert paths(listing) == ["a_pb2.py", "app/vendor/models.py"]
    assert skipped(listing) == {
        ".env.py": SkipReason.DENIED,
        ".ssh/": SkipReason.DENIED,
        "vendor/": SkipReason.VENDORED,
    }


@MODES
def test_limits_of_size_depth_and_number(root: Path, git: Git, mode: str) -> None:
    prepare(git, mode)
    write(root, "a.py", "b.py", "one/two/c.py", "one/two/three/d.py", "one/two/three/four/e.py")
    write(root, "big.py", text="x" * 101)
    write(root, "fits.py", text="x" * 100)
    listing = scan(root, file_bytes_max=100, depth_max=2, files_max=3)
    assert paths(listing) == ["a.py", "b.py", "fits.py"]
    assert skipped(listing) == {
        "big.py": SkipReason.TOO_LARGE,
        "one/two/c.py": SkipReason.OVER_LIMIT,
        "one/two/three/": SkipReason.TOO_DEEP,
    }


@MODES
def test_links_are_not_followed_and_loops_are_harmless(
    root: Path, git: Git, mode: str, tmp_path: Path
) -> None:
    prepare(git, mode)
    write(root, "a.py", "pkg/b.py")
    write(tmp_path / "outside", "secret.py")
    (root / "inside.py").symlink_to("a.py")
    (root / "outside.py").symlink_to(tmp_path / "outside/secret.py")
    (root / "broken.py").symlink_to("nowhere.py")
    (root / "self.py").symlink_to("self.py")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "pkg/loop").symlink_to("..")
    (root / "readme").symlink_to("a.py")
    listing = scan(root)
    assert paths(listing) == ["a.py", "pkg/b.py"]
    assert skipped(listing) == dict.fromkeys(
        ["broken.py", "folder/", "inside.py", "outside.py", "pkg/loop/", "self.py"],
        SkipReason.LINKED,
    )
    assert listing.other == 1


def test_a_tracked_folder_that_became_a_link_is_not_followed(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    write(repository, "a.py", "pkg/b.py")
    git("add", ".")
    (repository / "pkg/b.py").unlink()
    (repository / "pkg").rmdir()
    write(tmp_path / "outside", "b.py")
    (repository / "pkg").symlink_to(tmp_path / "outside")
    listing = scan(repository)
    assert paths(listing) == ["a.py"]
    assert skipped(listing) == {"pkg/": SkipReason.LINKED}
    assert Repository(repository).read("pkg/b.py") is SkipReason.UNREADABLE


@MODES
def test_pipes_and_unreadable_folders_are_listed(
    root: Path, git: Git, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(git, mode)
    write(root, "a.py", "closed/b.py")
    os.mkfifo(root / "pipe.py")
    if mode == "walked":
        # Permission bits do not stop root, who may run this test.
        really = os.scandir

        def refusing(path: str) -> object:
            if path.rstrip("/").endswith("closed"):
                raise PermissionError(13, "Permission denied")
            return really(path)

        monkeypatch.setattr(os, "scandir", refusing)
        expected = {"closed/": SkipReason.UNREADABLE, "pipe.py": SkipReason.UNREADABLE}
    else:
        expected = {}  # git lists no pipe
    assert skipped(scan(root)) == expected
    assert Repository(root).read("pipe.py") is SkipReason.UNREADABLE


@MODES
def test_names_that_are_not_utf8_are_listed_and_read(root: Path, git: Git, mode: str) -> None:
    prepare(git, mode)
    strange = root / os.fsdecode(b"caf\xe9/\xff.py")
    strange.parent.mkdir()
    strange.write_bytes(b"strange = 1\n")
    write(root, "new\nline.py", "a\\udc80.py", 'quote".py')
    listing = scan(root)
    assert paths(listing) == [
        "a\\u005cudc80.py",
        "caf\\udce9/\\udcff.py",
        "new\nline.py",
        'quote".py',
    ]
    assert msgspec.json.decode(msgspec.json.encode(listing), type=Listing) == listing
    assert Repository(root).read("caf\\udce9/\\udcff.py") == b"strange = 1\n"
    assert Repository(root).read("a\\u005cudc80.py") == b"x = 1\n"


def test_a_file_that_vanishes_during_the_scan_is_no_error(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "a.py", "b.py")
    really = os.scandir

    def and_remove(path: str) -> object:
        entries = list(really(path))
        (root / "a.py").unlink()
        # Iterating is all that a scan does with the result, besides closing it.
        return Entries(entries)

    monkeypatch.setattr(os, "scandir", and_remove)
    assert paths(scan(root)) == ["b.py"]


class Entries(list[os.DirEntry[str]]):
    """A stand-in for what os.scandir returns."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_a_root_that_is_a_link_is_resolved(root: Path, tmp_path: Path) -> None:
    write(root, "a.py")
    (tmp_path / "link").symlink_to(root)
    repository = Repository(tmp_path / "link")
    assert paths(repository.scan()) == ["a.py"]
    assert repository.read("a.py") == b"x = 1\n"


def test_folders_nested_deeper_than_python_recurses(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = 1500
    monkeypatch.chdir(root)
    try:
        # One at a time, since making all of them at once would recurse as well.
        for _ in range(depth):
            Path("d").mkdir()
            monkeypatch.chdir("d")
        Path("a.py").write_text("x = 1\n")
        monkeypatch.chdir(root)
        assert paths(scan(root, depth_max=depth)) == ["d/" * depth + "a.py"]
        assert skipped(scan(root)) == {"d/" * 65: SkipReason.TOO_DEEP}
    finally:
        subprocess.run(["rm", "-r", str(root / "d")], check=True)  # pytest would recurse, too


def test_scanning_opens_no_source_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "a.py", "sub/b.py", ".gitignore", "sub/.sleeplspignore")
    opened: list[str] = []
    really = os.open

    def noting(path: str, *arguments: int) -> int:
        opened.append(Path(path).name)
        return really(path, *arguments)

    monkeypatch.setattr(os, "open", noting)
    assert len(scan(root).files) == 2
    # The null device is what git gets for standard input.
    assert set(opened) == {".gitignore", ".sleeplspignore", Path(os.devnull).name}


def test_who_has_more_files_than_are_read_is_told_what_to_do(root: Path) -> None:
    write(root, "a.py", "b.py", "c.py", "d.py", "e.py")
    repository = Repository(root, Settings(files_max=3))
    repository.scan()
    [notice] = repository.notices
    assert notice.startswith(
        "2 of 5 files are left out: files_max = 3 lets so many be read, by order of path"
    )
    enough = Repository(root, Settings(files_max=5))
    enough.scan()
    assert enough.notices == ()
