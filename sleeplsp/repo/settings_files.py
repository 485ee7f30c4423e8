"""Settings files: the workspace's `pyproject.toml` and the user's own, read into layers.

A file that cannot be read, or is no TOML, is one warning and no layer. This module must not know
which settings there are.
"""

import re
import stat
import tomllib
from pathlib import Path

from sleeplsp.engine.settings import Fault, Layer, Origin

_SETTINGS_FILE_BYTES_MAX = 1024 * 1024
_TABLE = ("tool", "sleeplsp")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def user_settings_file() -> Path:
    """Return where the user's settings file is looked for."""
    import platformdirs  # noqa: PLC0415 - 20 ms that a caller who names a file need not wait

    return platformdirs.user_config_path("sleeplsp", appauthor=False) / "config.toml"


def read_settings_files(
    root: str | Path | None, user_file: Path | None = None
) -> tuple[tuple[Layer, ...], tuple[str, ...]]:
    """Return the layers of the user's file and of the workspace at `root`, and one-line warnings.

    Without a root there is the user's file alone.
    The user's file holds settings at its top level, the workspace's in `[tool.sleeplsp]`.
    """
    user_file = user_file or user_settings_file()
    # Where no home directory is known it is a path from here, and what lies here is not the user's.
    is_known = user_file.is_absolute()
    user, user_warning = _read(user_file, str(user_file), ()) if is_known else ({}, "")
    workspace: dict[str, object] = {}
    workspace_warning = ""
    if root is not None:
        file = Path(root, "pyproject.toml")
        workspace, workspace_warning = _read(file, "pyproject.toml", _TABLE)
    layers = (
        Layer(Origin.USER_FILE, str(user_file), user),
        Layer(Origin.REPOSITORY, "pyproject.toml", workspace),
    )
    warnings = (user_warning, workspace_warning)
    return tuple(each for each in layers if each.values), tuple(Fault(each) for each in warnings if each)


def has_settings(root: str | Path) -> bool:
    """Tell whether a folder's `pyproject.toml` has a table for this program, be it empty."""
    try:
        text = _text(Path(root, "pyproject.toml"))
        # Most of the folders above a file have none, and most that do say nothing of this program.
        table: object = tomllib.loads(text) if _TABLE[-1] in text else {}
    except (OSError, ValueError, RecursionError):
        return False
    for key in _TABLE:
        table = table.get(key) if isinstance(table, dict) else None
    return isinstance(table, dict)


def _read(file: Path, called: str, keys: tuple[str, ...]) -> tuple[dict[str, object], str]:
    """Return the table at `keys` of a TOML file, or an empty one and perhaps a warning."""
    try:
        text = _text(file)
    except (FileNotFoundError, NotADirectoryError):
        return {}, ""
    except OSError as error:
        return {}, f"{called}: ignored: {error.strerror or error}"
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return {}, f"{called}:{line}: ignored: not UTF-8"
    try:
        return _table(tomllib.loads(text), called, keys)
    except tomllib.TOMLDecodeError as error:
        return {}, _syntax_warning(called, text, str(error))
    except RecursionError:
        return {}, f"{called}: ignored: nested too deeply"


def _text(file: Path) -> str:
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError("not a regular file")
    if status.st_size > _SETTINGS_FILE_BYTES_MAX:
        raise OSError(f"larger than {_SETTINGS_FILE_BYTES_MAX} bytes")
    return file.read_bytes().decode("utf-8")


def _table(document: dict[str, object], called: str, keys: tuple[str, ...]) -> tuple[dict[str, object], str]:
    table: object = document
    for key in keys:
        table = table.get(key, {}) if isinstance(table, dict) else table
    if isinstance(table, dict):
        return table, ""
    return {}, f"{called}: ignored: [{'.'.join(keys)}] is not a table"


def _syntax_warning(called: str, text: str, said: str) -> str:
    place = _PLACE.search(said)
    line = place[1] if place and place[1] else text.rstrip("\n").count("\n") + 1
    return f"{called}:{line}: ignored: not valid TOML: {_PLACE.sub('', said)}"
