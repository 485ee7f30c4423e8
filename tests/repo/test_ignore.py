"""Ignore files: git itself is the judge of what is ignored."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sleeplsp.repo.ignore import Patterns, Rules, patterns_of, read_patterns

FOLDERS = ["a", "b", "foo", "é", "z "]
NAMES = [
    "a",
    "b",
    "foo",
    "a.py",
    "b.py",
    "foo.py",
    "x y.py",
    "é.py",
    "[z].py",
    "#h.py",
    "!n.py",
    "z ",
]
# Left out: what pathspec is known to see otherwise than git (character classes, backslashes within
# brackets, an escaped slash, a bracket across a slash, `foo**/`).
PARTS = [
    "a", "b", "foo", "é", "*", "**", "f*", "*.py", "?.py", "??.py", "**o", "*o*", "[ab]",
    "[!a].py", "[^b]",
    "[a-f]oo", "[]a]", "[z-a]", "[a-]", "[[]z].py", "a\\", "\\*", "\\[z\\].py", "x y.py",
    "x\\ y.py", "\\#h.py",
    "\\!n.py", "#h.py", "z\\ ", "z ",
]  # fmt: skip

patterns = st.builds(
    lambda negation, anchor, parts, end, tail: negation + anchor + "/".join(parts) + end + tail,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).filter(
        lambda parts: not any(part.endswith("\\") for part in parts[:-1])
    ),
    st.sampled_from(["", "", "/"]),
    st.sampled_from(["", "", " ", "  ", "\r"]),
).filter(lambda pattern: "\\/" not in pattern)
ignore_files = st.lists(patterns, min_size=1, max_size=4).map("\n".join)
paths = st.builds(
    lambda folders, name: "/".join([*folders, name]),
    st.lists(st.sampled_from(FOLDERS), max_size=3),
    st.sampled_from(NAMES),
)


def build(root: Path, files: set[str], ignored: dict[str, str]) -> None:
    for path in sorted(files):
        file = root / path
        # A path may be a folder already, or lead through a file.
        if not file.exists() and all(not parent.is_file() for parent in file.parents):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("")
    for folder, text in ignored.items():
        if (root / folder).is_dir():
            (root / folder / ".gitignore").write_text(text + "\n", newline="")


def by_git(root: Path) -> set[str]:
    """Return what git takes for untracked and not ignored."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    git = ["git", "-C", str(root), "-c", "init.templateDir="]
    subprocess.run([*git, "init", "--quiet"], check=True, env=environment)
    listing = [*git, "ls-files", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(listing, check=True, env=environment, capture_output=True)
    return {os.fsdecode(path) for path in done.stdout.split(b"\0") if path}


def by_rules(root: Path, folder: str = "", above: Rules | None = None) -> set[str]:
    """Return the same by walking with Rules."""
    rules = (above or Rules()).within(folder, read_patterns(f"{root}/{folder}.gitignore"))
    found: set[str] = set()
    for entry in os.scandir(root / folder):
        path = folder + entry.name
        if entry.name == ".git" or rules.verdict(path, is_folder=entry.is_dir()):
            continue
        found |= by_rules(root, f"{path}/", rules) if entry.is_dir() else {path}
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sets(paths, min_size=1, max_size=10),
    st.dictionaries(
        st.sampled_from(["", "a", "b", "foo", "a/b", "é", "z "]),
        ignore_files,
        min_size=1,
        max_size=3,
    ),
)
@example({"foo/a.py", "foo/b.py"}, {"": "foo/**\n!foo/a.py"})
@example({"a/b/x y.py", "a/b/a.py"}, {"": "*.py", "a": "!b/"})
@example({"foo/a.py", "a/foo/a.py"}, {"": "/foo", "a": "!foo"})
@example({"a/b/foo/a.py", "a/foo/a.py"}, {"": "a/**/foo/"})
@example({"a/a.py", "a/b.py"}, {"": "a/\n!a/a.py"})
@example({"a/a.py", "b/a.py"}, {"": "*\n!*/\n!a/a.py"})
@example({"a", "b"}, {"": "a\\"})
@example({"a.py", "b.py"}, {"": "\ufeffa.py\r\n# b.py\r\n"})
def test_rules_ignore_exactly_what_git_ignores(files: set[str], ignored: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        build(root, files, ignored)
        assert by_rules(root) == by_git(root)


def test_question_mark_is_one_byte_as_in_git() -> None:
    two_bytes = Rules().within("", Patterns(b"??.py\n"))
    one_byte = Rules().within("", Patterns(b"?.py\n"))
    assert two_bytes.verdict("é.py", is_folder=False)
    assert one_byte.verdict("é.py", is_folder=False) is None


def test_names_that_are_not_utf8_can_be_ignored() -> None:
    rules = Rules().within("", Patterns(b"\xe9.py\n"))
    assert rules.verdict(os.fsdecode(b"\xe9.py"), is_folder=False)
    assert rules.verdict("\xe9.py", is_folder=False) is None


@pytest.mark.parametrize("bad", ["[", "[z-a]", "a\\", "!", "/", "**[", "[[:nonsense:]]", "\\", "[!", "(?P<"])
def test_a_bad_pattern_costs_only_itself(bad: str) -> None:
    rules = Patterns(f"{bad}\n*.log\n".encode())
    assert rules.verdict("x.log", is_folder=False) is True
    assert rules.verdict("x.py", is_folder=False) is None


def test_an_ignore_file_that_is_a_link_or_a_folder_or_a_pipe_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("*.py\n")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert read_patterns(str(tmp_path / "real")) is not None
    for name in ("link", "folder", "pipe", "missing"):
        assert read_patterns(str(tmp_path / name)) is None


def test_no_lines_make_no_patterns() -> None:
    assert patterns_of(()) is None
    assert Rules().within("", patterns_of(["# nothing", ""])).verdict("a", is_folder=False) is None
