"""Which Python runs the workspace's code: one that has hypothesis, by preference the workspace's own.

It must not know what is run.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from sleeplsp.engine.verification.ports import UnverifiableError
from sleeplsp.verify.sandbox import can_wrap, kept_tables, started

HYPOTHESIS_MIN = (6, 100)
PYTHON_MIN = (3, 10)

PROBE_SECONDS_MAX = 20.0
"""For an interpreter to start and import hypothesis."""

_HAS_LIMITS = os.name == "posix"
_OWN = ("bin/python", "Scripts/python.exe")
_FOLDERS = (".venv", "venv")

_PROBE = """
import json, platform, sys
import hypothesis, hypothesis.strategies
hypothesis.strategies.text().validate()
print(json.dumps({
    "python": platform.python_implementation() + " " + platform.python_version(),
    "python_version": sys.version_info[:2],
    "hypothesis": hypothesis.__version__,
    "folders": [sys.prefix, sys.base_prefix, sys.exec_prefix],
}))
"""


class Interpreter(msgspec.Struct, frozen=True):
    """A Python that has hypothesis."""

    path: str
    python: str
    """Its kind and version."""
    python_version: tuple[int, int]
    hypothesis: str
    """Its version."""
    folders: tuple[str, ...]
    """Where its library is."""


def interpreter(root: Path, named: str | None, *, may_wrap: bool = True) -> Interpreter:
    """Return what runs the code of a workspace: the one that is named, else the first that can.

    Without `may_wrap` bubblewrap is left alone. Waits for processes. Raises UnverifiableError.
    """
    if not _HAS_LIMITS:
        raise UnverifiableError(
            "claims are not tested on Windows: what the code may take cannot be limited there"
        )
    if named is not None:
        path = _named(root, named)
        found = probed(root, path, may_wrap=may_wrap)
        if isinstance(found, str):
            raise UnverifiableError(f"verify_python: {found}; {_remedy(path)}")
        return found
    told = []
    for path in _candidates(root):
        found = probed(root, path, may_wrap=may_wrap)
        if isinstance(found, Interpreter):
            return found
        told.append(found)
    raise UnverifiableError(f"claims cannot be tested: {'; '.join(told)}; {_remedy(sys.executable)}")


def probed(root: Path, path: str, *, may_wrap: bool = True) -> Interpreter | str:
    """Return what an interpreter is, or why it is of no use, in one line.

    It may be the workspace's, and what it imports, too: it is started as what runs the workspace's code is.
    It also makes the tables of characters that hypothesis needs, which takes a second.
    """
    try:
        code, output, errors = _answer(root, path, may_wrap=may_wrap)
    except subprocess.TimeoutExpired:
        return f"{path} does not answer within {PROBE_SECONDS_MAX:g} s"
    except OSError as error:
        return f"{path} cannot be started ({error.strerror})"
    if code != 0:
        says = errors.decode(errors="replace").strip().rpartition("\n")[2]
        is_missing = says.startswith("ModuleNotFoundError") and "'hypothesis'" in says
        return f"{path} has no hypothesis" if is_missing else f"{path} fails: {says or code}"
    try:
        found = msgspec.convert({"path": path, **json.loads(output)}, Interpreter)
    except (ValueError, TypeError):
        return f"{path} is no Python"
    if found.python_version < PYTHON_MIN:
        return f"{path} is Python {_dotted(found.python_version)}, {_dotted(PYTHON_MIN)} is needed"
    if _version(found.hypothesis) < HYPOTHESIS_MIN:
        return f"{path} has hypothesis {found.hypothesis}, {_dotted(HYPOTHESIS_MIN)} is needed"
    return found


def _answer(root: Path, path: str, *, may_wrap: bool) -> tuple[int, bytes, bytes]:
    """Return how the probe ended and what it said. Raises OSError, subprocess.TimeoutExpired."""
    Path(path).stat()  # of one that is not there, bubblewrap would tell
    tables = kept_tables()
    # Tried with our own: a file of the workspace is not run to find out whether it can be shut in.
    is_wrapped = may_wrap and can_wrap(sys.executable, (Path(sys.prefix), Path(sys.base_prefix)))
    behind = (Path(path), Path(path).resolve(), Path(sys.executable).resolve())
    seen = {root, tables, *(each.parent for each in behind), *map(_prefix, behind)}
    with started(
        [path, "-c", _PROBE], seen, is_wrapped=is_wrapped, kept=tables, errors=subprocess.PIPE
    ) as process:
        output, errors = process.communicate(timeout=PROBE_SECONDS_MAX)
        return process.returncode, output, errors


def _prefix(python: Path) -> Path:
    """Return the folder that holds `bin/python` and its library; of others the one they are in."""
    return python.parent.parent if python.parent.name == "bin" else python.parent


def _candidates(root: Path) -> list[str]:
    own = (root / folder / each for folder in _FOLDERS for each in _OWN)
    # As it is written: a link resolved would be the Python behind an environment, without its packages.
    return [*(str(each.absolute()) for each in own if each.is_file()), sys.executable]


def _named(root: Path, named: str) -> str:
    path = Path(named).expanduser()
    if path.parent == Path():
        return shutil.which(named) or named
    return str(path if path.is_absolute() else root / path)


def _remedy(path: str) -> str:
    if path == sys.executable:
        return 'install it with `pip install "sleeplsp[verify]"`'
    return f"install it with `{path} -m pip install hypothesis`"


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(".")[:2] if each.isdigit())


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
