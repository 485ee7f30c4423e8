"""Plots as small SVG files. It needs matplotlib (the extra `benchmarks`); without it no plot is written.

It must not know what is plotted.
"""

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Line = Sequence[tuple[float, float]]
"""Points of one curve: x and y."""


def can_plot() -> bool:
    """Tell whether there is anything to plot with; say so if not."""
    found = importlib.util.find_spec("matplotlib") is not None
    if not found:
        print("NOT RUN: the plot: matplotlib is missing (pip install '.[benchmarks]')")
    return found


def write_lines(
    file: Path,
    title: str,
    axes: tuple[str, str],
    lines: Mapping[str, Line],
    *,
    logarithmic: str = "",
) -> None:
    """Write curves; `logarithmic` names the axes that are: "x", "y" or "xy"."""
    if not can_plot():
        return
    from matplotlib.figure import Figure  # noqa: PLC0415  an extra

    figure = Figure(figsize=(7, 4))
    plot = figure.subplots()
    for name, points in lines.items():
        marker = "o" if len(points) < 20 else ""
        plot.plot([x for x, _ in points], [y for _, y in points], marker=marker, label=name)
    if "x" in logarithmic:
        plot.set_xscale("log")
    if "y" in logarithmic:
        plot.set_yscale("log")
    plot.set(title=title, xlabel=axes[0], ylabel=axes[1])
    plot.grid(alpha=0.3, which="both")
    plot.legend()
    _save(figure, file)


def write_spreads(
    file: Path, title: str, axis: str, groups: Mapping[str, Mapping[str, tuple[float, float]]]
) -> None:
    """Write, for each group and name, a bar from one value to another (median to p99), logarithmic."""
    if not can_plot():
        return
    from matplotlib.figure import Figure  # noqa: PLC0415  an extra

    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    figure = Figure(figsize=(7, 1 + 0.28 * len(names) * len(groups)))
    plot = figure.subplots()
    height = 0.8 / max(len(groups), 1)
    for nth, (group, values) in enumerate(groups.items()):
        rows = [names.index(name) + nth * height for name in values]
        low = [pair[0] for pair in values.values()]
        width = [max(high - start, 0.02 * start) for start, high in values.values()]
        plot.barh(rows, width, height * 0.9, left=low, label=group)
    plot.set_yticks([each + 0.4 - height / 2 for each in range(len(names))], names)
    plot.invert_yaxis()
    plot.set_xscale("log")
    plot.set(title=title, xlabel=axis)
    plot.grid(alpha=0.3, axis="x", which="both")
    plot.legend()
    _save(figure, file)


def _save(figure: Any, file: Path) -> None:  # noqa: ANN401  matplotlib is an extra
    import matplotlib as mpl  # noqa: PLC0415  an extra

    mpl.rcParams["svg.hashsalt"] = "sleeplsp"  # the same figures make the same file
    mpl.rcParams["svg.fonttype"] = "none"
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, format="svg", bbox_inches="tight", metadata={"Date": None})
    print(f"plot: {file}")
