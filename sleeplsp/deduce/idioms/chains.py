"""Chains of decisions: an `if` and its `elif` branches, each an If alone in an `orelse`."""

from collections.abc import Iterable

from sleeplsp.core import flow


def chains(statements: Iterable[flow.If]) -> list[flow.If]:
    """Return the decisions that begin a chain, of all those of a program, in source order."""
    found = list(statements)
    inner = {
        (each.orelse[0].start, each.orelse[0].end)
        for each in found
        if len(each.orelse) == 1 and isinstance(each.orelse[0], flow.If)
    }
    heads = (each for each in found if (each.start, each.end) not in inner)
    return sorted(heads, key=lambda each: each.start)


def arms(statement: flow.If) -> list[flow.If]:
    """Return the `if` and each `elif` of a chain; the last one's `orelse` is the `else`."""
    found = [statement]
    while len(statement.orelse) == 1 and isinstance(statement.orelse[0], flow.If):
        statement = statement.orelse[0]
        found.append(statement)
    return found
