"""The order of the call graph: circles are one unit, callees come before callers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleeplsp.core.graph import levels, units

NODES = st.integers(0, 9)
GRAPHS = st.dictionaries(NODES.map(str), st.lists(NODES.map(str), max_size=4), max_size=10)


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ("", []),
        ("a", [["a"]]),
        ("a>b b>c c", [["c"], ["b"], ["a"]]),
        ("a>b a>c b c", [["b", "c"], ["a"]]),
        ("a>a", [["a"]]),
        ("a>b b>a", [["ab"]]),
        ("a>b b>c c>a d>a c>e e", [["e"], ["abc"], ["d"]]),
        ("a>b b>a c>d d>c a>c", [["cd"], ["ab"]]),
        ("a>outside", [["a"]]),
        ("a>b b c>a c>b", [["b"], ["a"], ["c"]]),
    ],
)
def test_levels_are(calls: str, expected: list[list[str]]) -> None:
    graph: dict[str, list[str]] = {}
    for each in calls.split():
        caller, _, callee = each.partition(">")
        graph.setdefault(caller, []).extend([callee] if callee else [])
    assert [sorted("".join(unit) for unit in level) for level in levels(graph)] == expected


@given(GRAPHS)
def test_units_are_the_circles_of_any_graph(calls: dict[str, list[str]]) -> None:
    reached = {each: _reached(calls, each) for each in calls}
    found = list(units(calls))
    assert sorted(each for unit in found for each in unit) == sorted(calls)
    for unit in found:
        first = unit[0]
        circle = {each for each in calls if each in reached[first] and first in reached[each]} | {first}
        assert set(unit) == circle


@given(GRAPHS)
def test_callees_lie_in_lower_levels(calls: dict[str, list[str]]) -> None:
    found = levels(calls)
    height = {each: number for number, level in enumerate(found) for unit in level for each in unit}
    unit_of = {each: unit for level in found for unit in level for each in unit}
    assert height.keys() == calls.keys()
    for caller, callees in calls.items():
        for callee in callees:
            if callee in calls and callee not in unit_of[caller]:
                assert height[callee] < height[caller]
    assert all(found)


def test_a_chain_may_be_long() -> None:
    calls = {str(i): [str(i + 1)] for i in range(50_000)}
    assert len(levels(calls)) == 50_000


def _reached(calls: dict[str, list[str]], start: str) -> set[str]:
    found: set[str] = set()
    pending = list(calls[start])
    while pending:
        each = pending.pop()
        if each in calls and each not in found:
            found.add(each)
            pending.extend(calls[each])
    return found
