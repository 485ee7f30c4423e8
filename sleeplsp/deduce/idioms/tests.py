"""Which modules are tests, by where they are: what fails there is noticed at once, and often meant to."""

import re

_FOLDER = re.compile(r"(?:^|/)(?:tests?|testing)/")
_FILE = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?|conftest)\.pyi?$")


def is_test(path: str) -> bool:
    """Tell whether a module is a test, or there for tests."""
    return bool(_FOLDER.search(path) or _FILE.search(path))
