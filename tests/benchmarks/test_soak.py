"""Memory over time is judged by its slope, whatever it was at the start."""

import pytest

from benchmarks.soak.__main__ import HALF_HOUR_S, growth, is_flat


def curve(mib_per_s: float, start: float = 100.0) -> list[tuple[float, float]]:
    warming = [(float(each), 10.0 * each) for each in range(10)]
    return [*warming, *((float(each), start + mib_per_s * each) for each in range(10, 100))]


def test_a_flat_curve_is_flat_though_it_rose_at_the_start() -> None:
    assert growth(curve(0.0)) == pytest.approx(0.0)
    assert is_flat(curve(0.0))


def test_a_leak_is_told_by_what_it_comes_to_in_half_an_hour() -> None:
    leaking = curve(0.01)
    assert growth(leaking) == pytest.approx(0.01 * HALF_HOUR_S / 100.7, rel=0.01)
    assert not is_flat(leaking)


def test_nothing_measured_is_flat() -> None:
    assert is_flat([])
