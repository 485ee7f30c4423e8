"""Test cases kept as Markdown, so that people can read and edit them.

A file is a suite, a heading above code blocks is a case, and each fenced block is a part of the
case: a file when its info string says `path=`, else whatever its first word says. What a case means
is the business of the test that reads it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures"

_HEADING = re.compile(r"#{1,6} +(.*)")
_FENCE = re.compile(r"(`{3,}) *([^`]*)")


@dataclass(frozen=True)
class Block:
    """One fenced block: `word` is the first of its info string, `path` empty if it is no file."""

    word: str
    path: str
    text: str
    line: int
    """0-based line of `text` in the Markdown file."""


@dataclass(frozen=True)
class Case:
    """The blocks below one heading, in order."""

    name: str
    blocks: tuple[Block, ...]

    @property
    def files(self) -> dict[str, str]:
        """The text of each file by its path."""
        return {each.path: each.text for each in self.blocks if each.path}

    def texts(self, word: str) -> list[str]:
        """The texts of the blocks with this word that are no files."""
        return [each.text for each in self.blocks if each.word == word and not each.path]


def read_cases(path: Path) -> list[Case]:
    """Read a suite; headings without blocks of their own are no cases.

    Raises ValueError for a block above all headings, a block left open and a name used twice.
    """
    found: dict[str, list[Block]] = {}
    name = ""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines())
    for number, line in lines:
        if heading := _HEADING.fullmatch(line):
            name = heading[1].strip()
            if found.get(name):
                raise ValueError(f"{path}:{number + 1}: a second case called {name!r}")
            found[name] = []
        elif fence := _FENCE.fullmatch(line):
            if not name:
                raise ValueError(f"{path}:{number + 1}: a block above all headings")
            inside: list[str] = []
            for _, each in lines:
                if each == fence[1]:
                    break
                inside.append(each + "\n")
            else:
                raise ValueError(f"{path}:{number + 1}: a block left open")
            found[name].append(_block(fence[2], "".join(inside), number + 1))
    return [Case(each, tuple(blocks)) for each, blocks in found.items() if blocks]


def _block(info: str, text: str, line: int) -> Block:
    word, *rest = info.split() or [""]
    said = dict(each.split("=", 1) for each in rest if "=" in each)
    return Block(word, said.get("path", ""), text, line)
