"""Figures and how they are printed: percentiles, and Markdown tables. Pure."""

from collections.abc import Iterable, Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of all values do not exceed; they must not be none."""
    ordered = sorted(values)
    rank = max(-int(-share * len(ordered) // 1), 1)
    return ordered[rank - 1]


def spread(values: Sequence[float]) -> str:
    """Return median and 99th percentile as a cell; a dash where nothing was measured."""
    return f"{number(percentile(values, 0.5))} / {number(percentile(values, 0.99))}" if values else "-"


def number(value: float | None) -> str:
    """Return a figure with as many places as it deserves; a dash where nothing was measured."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; all columns but the first are of figures."""
    lines = [f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1)]
    lines += [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join(lines)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return by how much y grows for each unit of x (least squares); 0 where x does not vary."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / max(count, 1)
    mean_y = sum(y for _, y in points) / max(count, 1)
    spread_x = sum((x - mean_x) ** 2 for x, _ in points)
    if not spread_x:
        return 0.0
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread_x
