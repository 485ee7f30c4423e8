"""Finding modules: which file of the workspace an import names.

A module of the workspace is its path (`pkg/mod.py`), a package its `__init__` file, a namespace package
its folder with a slash at the end (`ns/`). Source roots are the workspace itself and every folder that
holds a top-level package (so `src/` layouts and several projects side by side work); a script sees its
own folder too. This module must not look into files.
"""

from collections.abc import Iterable

_SUFFIXES = (".py", ".pyi")


def is_stub(path: str) -> bool:
    """Tell whether a module declares what is defined elsewhere: its functions have no bodies."""
    return path.endswith(".pyi")


class Modules:
    """All Python files of a workspace, ready for lookups by dotted name."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.files = frozenset(path for path in paths if path.endswith(_SUFFIXES))
        self.folders = frozenset(folder for path in self.files for folder in _folders(path))
        self.packages = frozenset(_folder(path) for path in self.files if _is_init(path))
        self.roots = self._roots()
        self._found: dict[tuple[str, str], str] = {}

    def find(self, importer: str, module: str, level: int) -> str:
        """Return the module that `importer` means by a dotted name after `level` dots; '' if outside."""
        if level == 0:
            key = (self._nearest_root(importer), module)
            if key not in self._found:
                self._found[key] = self._absolute(key[0], module)
            return self._found[key]
        folder = _folder(importer)
        for _ in range(level - 1):
            if not folder:
                return ""
            folder = _folder(folder.rstrip("/"))
        return self._below(folder, module)

    def member(self, module: str, name: str) -> str:
        """Return the submodule `name` of a package, '' if it has none."""
        if module.endswith("/"):
            return self._below(module, name)
        return self._below(_folder(module), name) if _is_init(module) else ""

    def dotted(self, path: str) -> str:
        """Return the name by which a module is imported from its source root."""
        root = self._nearest_root(path)
        inner = path[len(root) :].rpartition(".")[0] if not path.endswith("/") else path[len(root) : -1]
        return inner.removesuffix("/__init__").replace("/", ".")

    def _absolute(self, nearest: str, module: str) -> str:
        hits = [found for root in self.roots if (found := self._below(root, module))]
        own = self._below(nearest, module)
        if own and not own.endswith("/"):
            return own
        # A folder without __init__ is a namespace package only if nothing better bears the name.
        whole = [hit for hit in hits if not hit.endswith("/")] or hits
        return whole[0] if len(set(whole)) == 1 else own

    def _below(self, folder: str, module: str) -> str:
        if not module:
            return self._package(folder)
        place = folder + module.replace(".", "/")
        for suffix in _SUFFIXES:
            if f"{place}/__init__{suffix}" in self.files:
                return f"{place}/__init__{suffix}"
            if place + suffix in self.files:
                return place + suffix
        return f"{place}/" if f"{place}/" in self.folders else ""

    def _package(self, folder: str) -> str:
        found = (
            f"{folder}__init__{suffix}" for suffix in _SUFFIXES if f"{folder}__init__{suffix}" in self.files
        )
        return next(found, folder)

    def _roots(self) -> tuple[str, ...]:
        roots = {"", *(folder for folder in ("src/", "lib/") if folder in self.folders)}
        for package in self.packages:
            above = _folder(package.rstrip("/"))
            if package and above not in self.packages:
                roots.add(above)
        return tuple(sorted(roots))

    def _nearest_root(self, path: str) -> str:
        """Return the source root of a file: the folder above its outermost package, or its own folder."""
        folder = path if path.endswith("/") else _folder(path)
        while folder in self.packages and folder:
            folder = _folder(folder.rstrip("/"))
        inside = [root for root in self.roots if folder.startswith(root)]
        if folder and not any(root for root in inside):
            return folder if _folder(path) == folder else ""
        return max(inside, key=len, default="")


def _folder(path: str) -> str:
    """Return the folder of a path with its slash; '' for the workspace itself."""
    return path[: path.rfind("/") + 1]


def _folders(path: str) -> Iterable[str]:
    folder = _folder(path)
    while folder:
        yield folder
        folder = _folder(folder.rstrip("/"))


def _is_init(path: str) -> bool:
    return path.endswith(("__init__.py", "__init__.pyi")) and path[: path.rfind("__init__")][-1:] in ("", "/")
