"""Packages with their tests: fetched, unpacked, and installed into an environment of their own.

It must not know claims.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

NEWEST = ("python3.14", "python3.13", "python3.12", "python3", "python")
EXTRAS = ("test", "tests", "testing")
"""Names under which projects list what their tests need."""

KNOWN = Path(__file__).with_name("packages.toml")


class UnusableError(Exception):
    """Something the benchmark needs is not there; the text says what."""


class Package(NamedTuple):
    """A package that can be tested."""

    name: str
    folder: Path
    python: Path
    tests: tuple[str, ...]
    """What pytest is told to run, relative to the folder."""
    arguments: tuple[str, ...]
    explained: Mapping[str, str]
    """Why a contradiction is none, by 'REFERENCE: KIND'."""


def python_for_tests(named: str) -> str:
    """Return a Python that has `sys.monitoring`: the one named, this one, or the newest on the path."""
    for candidate in (named,) if named else (sys.executable, *NEWEST):
        found = shutil.which(candidate)
        if found and _succeeds([found, "-c", "import sys; sys.monitoring"]):
            return found
    said = f"{named} has none" if named else "none was found"
    raise UnusableError(f"calls are watched through sys.monitoring, which needs Python >= 3.12: {said}")


def prepare(named: str, work: Path, python: str, more: Sequence[str]) -> Package:
    """Fetch a package (or take a folder), and make the environment its tests run in."""
    folder = Path(named).resolve()
    if not folder.is_dir():
        folder = _unpacked(_sdist(named, work), work)
    name = re.split(r"[=<>~! ]", folder.name if Path(named).is_dir() else named)[0]
    known = tomllib.loads(KNOWN.read_text("utf-8")).get(name, {})
    home = work / "environments" / folder.name
    requirements = ["pytest", *_requirements(folder), *known.get("requirements", ()), *more]
    _environment(home, python, folder, requirements)
    tests = tuple(known.get("tests") or _tests(folder))
    return Package(
        name,
        folder,
        home / "bin" / "python",
        tests,
        tuple(known.get("arguments", ())),
        known.get("explained", {}),
    )


def _sdist(requirement: str, work: Path) -> Path:
    target = work / "sdists" / re.sub(r"[^\w.-]", "_", requirement)
    if not target.is_dir() or not any(target.iterdir()):
        target.mkdir(parents=True, exist_ok=True)
        _pip(
            [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", ":all:"],
            ["--dest", str(target), requirement],
        )
    return next(each for each in sorted(target.iterdir()) if each.name.endswith((".gz", ".zip")))


def _unpacked(archive: Path, work: Path) -> Path:
    folder = work / "sources" / archive.name.removesuffix(".zip").removesuffix(".tar.gz")
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        if archive.suffix == ".zip":
            with zipfile.ZipFile(archive) as opened:
                opened.extractall(folder.parent)
        else:
            with tarfile.open(archive) as packed:
                packed.extractall(folder.parent, filter="data")
    if not folder.is_dir():
        raise UnusableError(f"{archive.name} does not unpack to {folder.name}")
    return folder.resolve()


def _environment(home: Path, python: str, folder: Path, requirements: Sequence[str]) -> None:
    done = home / "installed"
    wanted = "\n".join((python, str(folder), *requirements))
    if done.is_file() and done.read_text("utf-8") == wanted:
        return
    if not _succeeds([python, "-m", "venv", "--clear", str(home)]):
        raise UnusableError(f"{python} has no venv module")
    pip = [
        str(home / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "-q",
    ]
    _pip(pip, [*requirements, "--editable", str(folder)])
    done.write_text(wanted, "utf-8")


def _pip(command: Sequence[str], arguments: Sequence[str]) -> None:
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise UnusableError(f"pip could not fetch or install {' '.join(arguments)}:\n{last}")


def _requirements(folder: Path) -> Iterator[str]:
    """Yield what the project says its tests need: an extra or a dependency group of a usual name."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    except FileNotFoundError:
        return
    extras = project.get("project", {}).get("optional-dependencies", {})
    groups = project.get("dependency-groups", {})
    for name in EXTRAS:
        yield from extras.get(name, ())
        yield from _group(groups, name)


def _group(groups: Mapping[str, list[str | dict[str, str]]], name: str) -> Iterator[str]:
    for each in groups.get(name, ()):
        if isinstance(each, str):
            yield each
        else:
            yield from _group(groups, each["include-group"])


def _tests(folder: Path) -> list[str]:
    for name in ("tests", "test", "testing"):
        if (folder / name).is_dir():
            return [name]
    return ["."]


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
