"""Which files matter to what is thought: whoever watches for changes asks here. Pure."""

from pathlib import PurePosixPath

from sleeplsp.core.baseline import FILE as BASELINE_FILE
from sleeplsp.core.languages import language_of

SETTINGS_FILE = "pyproject.toml"
"""At the top of a workspace: it may hold settings."""

RULES = (".gitignore", ".sleeplspignore")
"""Files anywhere that say which others are left out."""

GIT = ".git/"
"""The folder of git's own files."""

HEADS = (".git/HEAD", ".git/logs/HEAD", ".git/packed-refs")
"""What a git repository has checked out, and where else git may write down that it is another commit."""

BRANCHES = ".git/refs/heads/"
"""The folder in which the branch that is checked out may be written down, among others."""


def concerns(path: str) -> bool:
    """Tell whether a change of a file, named from the top, may change what is thought."""
    name = PurePosixPath(path).name
    return path in (SETTINGS_FILE, BASELINE_FILE) or name in RULES or language_of(path) is not None


def is_head(path: str) -> bool:
    """Tell whether a change of a file, named from the top, may mean that HEAD moved."""
    return path in HEADS or (path.startswith(BRANCHES) and not path.endswith(".lock"))
