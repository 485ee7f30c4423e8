"""Real code to measure on: wheels of PyPI, unpacked, and the running interpreter's own library.

It must not know what is measured.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

STANDARD_LIBRARY = "Lib"
"""The name that stands for the library of the Python that runs the benchmark."""


class MissingPackageError(Exception):
    """A package cannot be had; the text says why."""


def unpacked(named: str, work: Path) -> Path:
    """Return the folder of a package's sources: a folder named as it is, a PyPI requirement fetched.

    What is fetched stays below `work`. Raises MissingPackageError.
    """
    if Path(named).is_dir():
        return Path(named).resolve()
    if named == STANDARD_LIBRARY:
        return _standard_library(work)
    folder = work / "wheels" / re.sub(r"[^\w.-]", "_", named)
    if not folder.is_dir():
        _unpack(_fetched(named, work / "downloads"), folder)
    return folder.resolve()


def _fetched(requirement: str, folder: Path) -> Path:
    folder = folder / re.sub(r"[^\w.-]", "_", requirement)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "-q"]
    done = subprocess.run(
        [*command, "--dest", str(folder), requirement], capture_output=True, text=True, check=False
    )
    wheels = sorted(folder.glob("*.whl"))
    if not wheels:
        said = done.stderr.strip().splitlines()
        raise MissingPackageError(f"no wheel of {requirement}: {said[-1] if said else 'pip said nothing'}")
    return wheels[0]


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(folder)


def _standard_library(work: Path) -> Path:
    version = "{}.{}.{}".format(*sys.version_info)
    folder = work / f"python-{version}" / STANDARD_LIBRARY
    if not folder.is_dir():
        left_out = shutil.ignore_patterns("site-packages", "__pycache__", "*.so", "*.a")
        shutil.copytree(sysconfig.get_path("stdlib"), folder, ignore=left_out)
    return folder
