"""The generated repository: the same for the same seed, of Python that parses, as deep as people write it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scale import generate
from benchmarks.scale.__main__ import growth

SEED = 5
MODULES = 200


def imported(number: int) -> Iterator[int]:
    for each in generate.imports(number, SEED):
        yield each.number


def test_modules_are_the_same_for_the_same_seed() -> None:
    for number in (0, 7, 150):
        assert generate.module(number, SEED) == generate.module(number, SEED)
        assert generate.module(number, SEED) != generate.module(number, SEED + 1)


def test_modules_parse_and_have_about_a_hundred_lines() -> None:
    texts = [generate.module(number, SEED) for number in range(MODULES)]
    for text in texts:
        ast.parse(text)
    assert 90 < sum(text.count("\n") for text in texts) / MODULES < 110


def test_imports_are_near_and_never_circular() -> None:
    depth: dict[int, int] = {}

    def deep(number: int, around: tuple[int, ...] = ()) -> int:
        assert number not in around
        if number not in depth:
            depth[number] = 1 + max((deep(each, (*around, number)) for each in imported(number)), default=0)
        return depth[number]

    reach = generate.PACKAGE * (generate.NEAR + 1)
    for number in range(2000):
        deep(number)
        assert all(each < generate.COMMON or abs(number - each) <= reach for each in imported(number))
    assert max(depth.values()) <= (generate.LAYERS + 1) * generate.SHELVES


def test_few_modules_are_suspicious() -> None:
    count = sum(generate.is_suspicious(number, SEED) for number in range(5000))
    assert 60 < count < 140


def test_growth_is_of_the_cost_of_one_module() -> None:
    assert growth([(1000, 2.0), (5000, 10.0)]) == 1.0
    assert growth([(5000, 30.0), (1000, 2.0)]) == 3.0


def test_a_repository_is_written_once(tmp_path: Path) -> None:
    lines = generate.write(tmp_path / "some", 25, SEED)
    files = sorted((tmp_path / "some").rglob("*_[0-9]*.py"))
    assert len(files) == 25
    assert lines == sum(each.read_text("utf-8").count("\n") for each in files)
    files[0].unlink()
    assert generate.write(tmp_path / "some", 25, SEED) == lines
    assert not files[0].exists()
