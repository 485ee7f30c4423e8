"""Figures: percentiles, slopes, and the cells of tables."""

import pytest

from benchmarks.figures import number, percentile, slope, spread, table


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1.0), (0.5, 50.0), (0.99, 99.0), (0.995, 100.0), (1.0, 100.0)]
)
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(share: float, expected: float) -> None:
    assert percentile([float(each) for each in range(100, 0, -1)], share) == expected


def test_one_value_is_every_percentile() -> None:
    assert percentile([3.0], 0.5) == percentile([3.0], 0.99) == 3.0


def test_a_slope_is_of_the_line_through_the_points() -> None:
    assert slope([(0, 1), (1, 3), (2, 5)]) == pytest.approx(2.0)
    assert slope([(0, 2), (1, 2), (5, 2)]) == 0.0
    assert slope([(1, 7)]) == slope([]) == 0.0


def test_cells_have_as_many_places_as_they_deserve() -> None:
    assert [number(each) for each in (0.256, 12.34, 1234.5, None)] == ["0.26", "12.3", "1,234", "-"]
    assert spread([1.0, 2.0, 3.0]) == "2.00 / 3.00"
    assert spread([]) == "-"


def test_a_table_is_markdown() -> None:
    assert table(("a", "b"), [("x", 1)]) == "| a | b |\n|---|---:|\n| x | 1 |"
