"""`editors/README.md`: the lines that it tells users to write, by the heading they stand below."""

import re

from tests.editors.neovim import ROOT

TEXT = (ROOT / "editors" / "README.md").read_text(encoding="utf-8")

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sections() -> dict[str, str]:
    """Return what stands below each heading."""
    _, *parts = _SECTION.split(TEXT)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def block(heading: str, language: str) -> str:
    """Return the one block of a language below a heading."""
    (found,) = [text for name, text in _BLOCK.findall(sections()[heading]) if name == language]
    return str(found)


def blocks() -> list[tuple[str, str, str]]:
    """Return all blocks: heading, language, text."""
    return [(heading, *found) for heading, text in sections().items() for found in _BLOCK.findall(text)]
