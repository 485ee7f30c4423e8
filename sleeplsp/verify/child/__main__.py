"""Where the program begins: `python path/to/child`.

It gives itself a name that no workspace has, and runs; it must not know what.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

_NAME = "_sleeplsp_child"


def _begin() -> None:
    """Run `running.main` as a module of a package that cannot be mistaken for the workspace's."""
    folder = Path(__file__).resolve().parent
    here = {str(folder), str(Path(__file__).parent), ""}
    sys.path[:] = [each for each in sys.path if each not in here]
    spec = importlib.util.spec_from_file_location(
        _NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(_NAME)
    package = importlib.util.module_from_spec(spec)
    sys.modules[_NAME] = package
    spec.loader.exec_module(package)
    importlib.import_module(f"{_NAME}.running").main()


if __name__ == "__main__":
    _begin()
