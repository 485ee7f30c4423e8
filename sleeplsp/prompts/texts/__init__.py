"""The texts of prompts: one Markdown file for each version, whose first-level headings name its sections.

A text that was released is never changed: another wording is another version, since results are stored
under it.
"""

import re
from functools import cache
from importlib.resources import files

_HEADING = re.compile(r"^# (\w+)\n", re.MULTILINE)


@cache
def sections(version: str) -> dict[str, str]:
    """Return the sections of a version, such as `sleep/1`, by name."""
    text = files(__name__).joinpath(f"{version.replace('/', '-')}.md").read_text("utf-8")
    _, *parts = _HEADING.split(text)
    return {name: part.strip() for name, part in zip(parts[::2], parts[1::2], strict=True)}
