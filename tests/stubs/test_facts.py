"""The tables of `fixtures/stubs/facts.md`: each row is a lookup and what it must say."""

import re
from collections.abc import Iterator

import pytest

from sleeplsp.stubs import TypeshedLibrary
from tests.fixture_files import FIXTURES
from tests.stubs.said import SAYS

_ROW = re.compile(r"\| `(?P<asked>[^`]+)` \| (?P<said>.*) \|")


def rows() -> Iterator[tuple[str, str, str]]:
    heading = ""
    for line in (FIXTURES / "stubs" / "facts.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif row := _ROW.fullmatch(line):
            yield heading, row["asked"], row["said"]


@pytest.mark.parametrize(("heading", "asked", "said"), list(rows()))
def test_says(library: TypeshedLibrary, heading: str, asked: str, said: str) -> None:
    assert SAYS[heading](library, asked) == said


def test_every_kind_of_lookup_has_rows() -> None:
    assert {heading for heading, _, _ in rows()} == SAYS.keys()
