"""The pictures in README.md are what the modules in fixtures/readme give."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.cli.conftest import Command, write
from tests.fixture_files import FIXTURES, read_cases

README = Path(__file__).parents[2] / "README.md"


def pictures() -> Iterator[str]:
    """Yield the text blocks of README.md: without frames, as words with one space between them."""
    for block in re.findall(r"^```text\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        yield plain(block)


def plain(text: str) -> str:
    """Leave out frames, bullets and Markdown's emphasis; spaces count once."""
    return " ".join(re.sub(r"[┌─┐│└┘•*]|^- ", " ", text, flags=re.MULTILINE).split())


def test_the_pictures_are_what_is_shown(workspace: Path, command: Command) -> None:
    (case,) = read_cases(FIXTURES / "readme" / "picture.md")
    write(workspace, case.files)
    report = command("precompute").out
    hover = command("query", "hover", "store.py:6:9").out
    shown, marked = pictures()
    assert plain(hover) == shown
    assert plain(report).startswith(marked)
