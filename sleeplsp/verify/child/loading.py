"""A module of the workspace, imported by the name it has there. It must not know what is wanted of it."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

from .spelling import cut

REASON_LENGTH_MAX = 200


class UnloadableError(Exception):
    """The module cannot be had; the text says why, in one line."""


def load(root: Path, path: Path) -> ModuleType:
    """Import the module of a file; folders for its imports come first on the path. Raises UnloadableError."""
    folder, name = dotted(path)
    places = [str(each) for each in (folder, root, root / "src") if each.is_dir()]
    sys.path[:0] = list(dict.fromkeys(places))
    try:
        module = importlib.import_module(name)
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        raise UnloadableError(f"the module cannot be imported: {in_short(error)}") from error
    if not is_of(module, path):
        raise UnloadableError("another module of that name is found first")
    return module


def dotted(path: Path) -> tuple[Path, str]:
    """Return the folder that a module's package is found in, and its name from there on."""
    parts = [] if path.stem == "__init__" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        parts.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(parts)


def is_of(module: ModuleType, path: Path) -> bool:
    """Return whether a module is that of a file."""
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and Path(file).exists() and Path(file).samefile(path)


def not_loaded(files: list[Path]) -> Path | None:
    """Return the first of some files that no imported module is of, if there is one."""
    loaded = {file for each in list(sys.modules.values()) if (file := _identity(_file(each)))}
    return next((each for each in files if _identity(str(each)) not in loaded), None)


def _file(module: object) -> object:
    try:
        return getattr(module, "__file__", None)
    except Exception:  # noqa: BLE001 - what is there need not be a module
        return None


def _identity(file: object) -> tuple[int, int] | None:
    try:
        found = Path(file).stat() if isinstance(file, str) else None
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if found else None


def in_short(error: BaseException) -> str:
    """Return an error's kind and what it says, on one line."""
    try:
        said = " ".join(str(error).split())
    except Exception:  # noqa: BLE001 - the workspace's own code
        said = ""
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return cut(text, REASON_LENGTH_MAX)
