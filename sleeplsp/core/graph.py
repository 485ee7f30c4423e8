"""The call graph in the order in which contracts are made: callees before callers.

Functions that call each other in a circle form one unit. Units are put into levels: a unit's callees
all lie in lower levels, so the units of one level can be deduced side by side.
"""

from collections.abc import Iterator, Mapping, Sequence

UNIT_MAX = 400
"""Functions in one circle; a larger circle is deduced without knowing its own members' contracts."""


def levels(calls: Mapping[str, Sequence[str]]) -> list[list[tuple[str, ...]]]:
    """Return the units of a call graph by level, lowest first.

    `calls` maps each function to those it calls; callees that are no keys are left out of account.
    """
    level: dict[str, int] = {}
    found: list[list[tuple[str, ...]]] = []
    for unit in units(calls):
        members = set(unit)
        height = max(
            (
                level[callee] + 1
                for each in unit
                for callee in calls[each]
                if callee in level and callee not in members
            ),
            default=0,
        )
        for each in unit:
            level[each] = height
        while len(found) <= height:
            found.append([])
        found[height].append(unit)
    return found


def units(calls: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield strongly connected components, callees first (Tarjan's algorithm, without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in calls:
        if root in number:
            continue
        work = [(root, iter(calls[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, callees = work[-1]
            for callee in callees:
                if callee not in calls:
                    continue
                if callee not in number:
                    number[callee] = low[callee] = len(number)
                    stack.append(callee)
                    on_stack.add(callee)
                    work.append((callee, iter(calls[callee])))
                    break
                if callee in on_stack:
                    low[node] = min(low[node], number[callee])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    yield _popped(node, stack, on_stack)


def _popped(node: str, stack: list[str], on_stack: set[str]) -> tuple[str, ...]:
    unit = []
    while True:
        each = stack.pop()
        on_stack.discard(each)
        unit.append(each)
        if each == node:
            return tuple(sorted(unit))
