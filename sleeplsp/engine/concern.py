"""Which files matter to what is thought: whoever watches for changes asks here. Pure."""

from pathlib import PurePosixPath

from sleeplsp.core.languages import language_of

SETTINGS_FILE = "pyproject.toml"
"""At the top of a workspace: it may hold settings."""

RULES = (".gitignore", ".sleeplspignore")
"""Files anywhere that say which others are left out."""

HEADS = (".git/HEAD", ".git/logs/HEAD")
"""What a git repository has checked out, and the log to which git adds a line when that is another commit."""


def concerns(path: str) -> bool:
    """Tell whether a change of a file, named from the top, may change what is thought."""
    name = PurePosixPath(path).name
    return path in (SETTINGS_FILE, *HEADS) or name in RULES or language_of(path) is not None
