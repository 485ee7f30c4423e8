"""The page that explains every check: it comes with the package.

Here the server learns which checks there are, without importing them.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

from sleeplsp.lsp.convert import uri_of

_PAGE = "checks.md"
_HEADING = "## "


@cache
def explanations() -> str:
    """Return the URI of the page; the name of a check is its fragment."""
    return uri_of(Path(str(files("sleeplsp.lsp") / _PAGE)))


@cache
def check_names() -> frozenset[str]:
    """Return the names of all checks."""
    lines = (files("sleeplsp.lsp") / _PAGE).read_text("utf-8").splitlines()
    return frozenset(line.removeprefix(_HEADING).strip() for line in lines if line.startswith(_HEADING))
