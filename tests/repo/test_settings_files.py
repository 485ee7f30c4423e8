"""Settings files: what is read of them, and one line for what cannot be."""

import os
from pathlib import Path

import pytest

from sleeplsp.engine.settings import Fault, Layer, Origin, resolve
from sleeplsp.repo.settings_files import read_settings_files, user_settings_file


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_without_files_there_are_no_layers(root: Path, user_file: Path) -> None:
    assert read_settings_files(root, user_file) == ((), ())


def test_both_files_are_read(root: Path, user_file: Path) -> None:
    user_file.write_text("jobs = 3\n[checks]\narity = 'off'\n")
    (root / "pyproject.toml").write_text('[tool.sleeplsp]\nexcludes = ["x/"]\njobs = 9\n')
    layers, warnings = read_settings_files(root, user_file)
    assert layers == (
        Layer(Origin.USER_FILE, str(user_file), {"jobs": 3, "checks": {"arity": "off"}}),
        Layer(Origin.REPOSITORY, "pyproject.toml", {"excludes": ["x/"], "jobs": 9}),
    )
    assert warnings == ()
    settings, warnings = resolve(layers)
    assert (settings.jobs, settings.excludes, settings.checks) == (3, ("x/",), {"arity": "off"})
    assert warnings == ("pyproject.toml: jobs: ignored, only the user may set it",)


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'\n", "[tool]\n", "[tool.other]\na = 1\n"])
def test_a_pyproject_without_our_table_is_no_layer(root: Path, user_file: Path, text: str) -> None:
    (root / "pyproject.toml").write_text(text)
    assert read_settings_files(root, user_file) == ((), ())


@pytest.mark.parametrize(
    ("raw", "warning"),
    [
        (b"a = 1\nb = = 2\n", "pyproject.toml:2: ignored: not valid TOML: Invalid value"),
        (b"a = 1\n\nb = [\n", "pyproject.toml:3: ignored: not valid TOML: Invalid value"),
        (b"a = 1\n# \xff\n", "pyproject.toml:2: ignored: not UTF-8"),
        (b"[tool]\nsleeplsp = 1\n", "pyproject.toml: ignored: [tool.sleeplsp] is not a table"),
        (b"tool = 1\n", "pyproject.toml: ignored: [tool.sleeplsp] is not a table"),
        (b"a = " + b"[" * 50_000, "pyproject.toml: ignored: nested too deeply"),
        (b"# " + b"x" * 2**20, "pyproject.toml: ignored: larger than 1048576 bytes"),
    ],
    ids=["syntax", "end", "bytes", "table", "tool", "deep", "large"],
)
def test_a_file_that_cannot_be_used_is_one_warning(
    root: Path, user_file: Path, raw: bytes, warning: str
) -> None:
    user_file.write_text("jobs = 2\n")
    (root / "pyproject.toml").write_bytes(raw)
    layers, warnings = read_settings_files(root, user_file)
    assert warnings == (warning,)
    assert isinstance(warnings[0], Fault)
    assert [layer.origin for layer in layers] == [Origin.USER_FILE]


def test_the_users_file_is_named_by_its_path(root: Path, user_file: Path) -> None:
    user_file.write_text("jobs == 2\n")
    _, warnings = read_settings_files(root, user_file)
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{user_file}:1: ignored: not valid TOML: ")


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop"])
def test_what_is_no_file_is_one_warning(root: Path, user_file: Path, kind: str) -> None:
    place = root / "pyproject.toml"
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("pyproject.toml")
    layers, warnings = read_settings_files(root, user_file)
    assert layers == ()
    assert len(warnings) == 1
    assert warnings[0].startswith("pyproject.toml: ignored: ")


def test_the_users_file_lies_in_the_users_configuration_folder(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = user_settings_file()
    assert tmp_path in file.parents
    assert (file.parent.name, file.name) == ("sleeplsp", "config.toml")
    file.parent.mkdir(parents=True)
    file.write_text("jobs = 5\n")
    layers, _ = read_settings_files(root)
    assert resolve(layers)[0].jobs == 5


def test_where_no_home_directory_is_known_what_lies_here_is_not_the_users(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    file = Path("~/.config/sleeplsp/config.toml")
    file.parent.mkdir(parents=True)
    file.write_text("jobs = 5\n")
    assert read_settings_files(root, file) == ((), ())
