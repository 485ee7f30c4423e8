"""The cases of `fixtures/stubs/written.md`: small stubs, and what the library says of them."""

import re
from pathlib import Path

import pytest
from typeshed_client import NameDict

from sleeplsp.stubs import TypeshedLibrary, typeshed
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.stubs.said import SAYS

_SAYS = re.compile(r"(?P<heading>\w+) `(?P<asked>[^`]+)`: (?P<said>.*)")

CASES = read_cases(FIXTURES / "stubs" / "written.md")


def module_of(path: str) -> str:
    return path.removesuffix(".pyi").removesuffix("/__init__").replace("/", ".")


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_says(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    parse, names = typeshed.parse, typeshed.module_names()
    written = {module_of(path): (Path(path), text) for path, text in case.files.items()}

    def parse_written(module: str) -> NameDict | None:
        if module not in written:
            return parse(module)
        path, text = written[module]
        return typeshed.parse_text(module, path, text.encode())

    monkeypatch.setattr(typeshed, "parse", parse_written)
    monkeypatch.setattr(typeshed, "module_names", lambda: [*names, *written])
    library = TypeshedLibrary()
    (asked,) = case.texts("says")
    rows = [_SAYS.fullmatch(line) for line in asked.splitlines()]
    assert all(rows)
    told = {row["asked"]: SAYS[row["heading"]](library, row["asked"]) for row in rows if row}
    assert told == {row["asked"]: row["said"] for row in rows if row}
