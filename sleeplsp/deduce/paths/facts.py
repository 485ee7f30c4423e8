"""Conditions remembered along one path: what was found true or false, by its canonical text.

Two tests of the same text on one path are taken to agree unless a variable in them was assigned in
between, calls included: a path that needs them to disagree is not feasible enough to report. It must not
know values; what a condition teaches about them is `refine`'s.
"""

from collections.abc import Container, Iterator
from itertools import chain

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.render import render
from sleeplsp.deduce.domain import State

_NEGATIONS = {"is-not": "is", "!=": "==", "not-in": "in", ">=": "<", "<=": ">"}

ONE_OF = "\n"
"""Stands before each of the facts of which one is true; no expression's text has it."""


def assume(test: Expression, state: State, worth: Container[str], *, holds: bool) -> None:
    """Remember that a condition held, or did not, if its text is one `worth` remembering."""
    if state.facts is not None:
        for text, truth in elementary(test, holds=holds):
            if text in worth:
                state.facts[text] = truth


def contradicts(test: Expression, state: State, *, holds: bool) -> bool:
    """Tell whether the path already says otherwise."""
    if not state.facts:
        return False
    said = elementary(test, holds=holds)
    if any(state.facts.get(text) is (not truth) for text, truth in said) or _leaves_none(said, state.facts):
        return True
    compared = choice(test, holds=holds)
    return compared is not None and _is_other(*compared, state.facts)


def _leaves_none(said: list[tuple[str, bool]], facts: dict[str, bool]) -> bool:
    """Tell whether something is known to be one of several, and with what is said none of them is left."""
    several = [text for text, truth in chain(said, facts.items()) if truth and text[:1] == ONE_OF]
    if not several:
        return False
    known = {**facts, **dict(said)}
    return any(all(known.get(each) is False for each in members(text)) for text in several)


def members(text: str) -> list[str]:
    """Return the facts of which a fact says that one is true; none for any other fact."""
    return text.split(ONE_OF)[1:]


def _by_class(test: Expression) -> list[str]:
    """Return the same test for each of its classes, where it is one of several."""
    if not (isinstance(test, flow.Call) and isinstance(test.callee, flow.Name) and len(test.arguments) == 2):
        return []
    what, among = test.arguments
    if test.callee.id not in ("isinstance", "issubclass") or what.stars or what.keyword:
        return []
    classes = list(_classes(among.value))
    return [
        f"{test.callee.id}({render(what.value)}, {render(each)})"
        for each in classes
        if classes != [among.value]
    ]


def _classes(among: Expression) -> Iterator[Expression]:
    """Yield the classes of a tuple, brackets within it included, or of a union."""
    if isinstance(among, flow.Display) and among.kind == "tuple":
        for each in among.items:
            yield from _classes(each)
    elif isinstance(among, flow.Operation) and among.operator == "|":
        yield from _classes(among.left)
        yield from _classes(among.right)
    else:
        yield among


def choice(test: Expression, *, holds: bool) -> tuple[str, tuple[str, ...]] | None:
    """Return what a condition says to be one of which constants, where it says so."""
    while isinstance(test, flow.Not):
        test, holds = test.operand, not holds
    if not isinstance(test, flow.Compare):
        return None
    operator = test.operator
    if operator in _NEGATIONS:
        operator, holds = _NEGATIONS[operator], not holds
    if not holds or operator not in ("==", "is", "in"):
        return None
    items = test.right.items if operator == "in" and isinstance(test.right, flow.Display) else (test.right,)
    constants = tuple(constant(each) for each in items)
    known = operator != "in" or isinstance(test.right, flow.Display)
    return (render(test.left), constants) if known and constants and all(constants) else None


def constant(node: Expression) -> str:
    """Return the text of a constant or of a name spelled like one (`_DONE`, `State.DONE`), else ''."""
    if isinstance(node, flow.Constant):
        return render(node) if node.kind in ("str", "bytes", "int") and node.known else ""
    name = (
        node.name if isinstance(node, flow.Attribute) else node.shown if isinstance(node, flow.Name) else ""
    )
    return render(node) if name.isupper() else ""


def _is_other(what: str, constants: tuple[str, ...], facts: dict[str, bool]) -> bool:
    """Tell whether something is known to be another constant than these, or none of them."""
    if all(facts.get(f"{what} == {each}") is False for each in constants):
        return True
    begin = f"{what} == "
    known = (fact.removeprefix(begin) for fact, truth in facts.items() if truth and fact.startswith(begin))
    return any(all(_differ(one, each) for each in constants) for one in known)


def _differ(one: str, other: str) -> bool:
    """Tell whether two texts of constants are of constants that differ: of one kind, with two names."""
    (place, _, name), (elsewhere, _, others) = one.rpartition("."), other.rpartition(".")
    if name.isidentifier() or others.isidentifier():
        alike = name.isidentifier() and others.isidentifier() and place == elsewhere
        return alike and name.isupper() and others.isupper() and name != others
    return one[:1] == other[:1] and one[:1] in "'\"" and one != other


def elementary(test: Expression, *, holds: bool) -> list[tuple[str, bool]]:
    """Return the elementary facts a condition amounts to: one, or several where it implies more."""
    while isinstance(test, flow.Not):
        test, holds = test.operand, not holds
    if isinstance(test, flow.Boolean):
        if (test.operator == "and") is holds:
            return [fact for operand in test.operands for fact in elementary(operand, holds=holds)]
        return [(render(test), holds)]
    if isinstance(test, flow.Compare):
        return _comparison(test, holds=holds)
    if (
        isinstance(test, flow.Call)
        and isinstance(test.callee, flow.Name)
        and test.callee.id in ("bool", "len")
        and len(test.arguments) == 1
    ):
        return elementary(test.arguments[0].value, holds=holds)
    if isinstance(test, (flow.Name, flow.Attribute, flow.Call, flow.Index, flow.Operation)):
        text = render(test)
        if holds:
            return [(text, True), (f"{text} is None", False), *_one_of(_by_class(test))]
        return [(text, False), *((each, False) for each in _by_class(test))]
    return []


def _comparison(test: flow.Compare, *, holds: bool) -> list[tuple[str, bool]]:
    operator, left, right = test.operator, test.left, test.right
    if operator in _NEGATIONS:
        operator, holds = _NEGATIONS[operator], not holds
    size = _size_of(left)
    if size is not None and isinstance(right, flow.Constant) and right.value == 0 and operator in ("==", ">"):
        return elementary(size, holds=holds is (operator == ">"))
    if operator == "in" and isinstance(right, flow.Display):
        return _membership(render(left), right, holds=holds)
    if operator == ">":
        operator, left, right = "<", right, left
    facts = [(f"{render(left)} {operator} {render(right)}", holds)]
    if operator in ("==", "is") and holds and isinstance(right, flow.Constant):
        # Being one constant decides its truth and, with it, plain tests of the same expression.
        facts.append((render(left), right.kind != "none" and bool(right.value)))
    if operator in ("==", "is") and not isinstance(left, flow.Constant):
        facts.append((f"{render(right)} {operator} {render(left)}", holds))
    return facts


def _membership(left: str, right: flow.Display, *, holds: bool) -> list[tuple[str, bool]]:
    """Return what it means to be in, or not in, a list of constants."""
    whole = [(f"{left} in {render(right)}", holds)]
    equal = [f"{left} == {text}" for each in right.items if (text := constant(each))]
    if holds and len(right.items) > 1:
        return whole + (_one_of(equal) if len(equal) == len(right.items) else [])
    return whole + [(text, holds) for text in equal]


def _one_of(several: list[str]) -> list[tuple[str, bool]]:
    return [("".join(f"{ONE_OF}{each}" for each in sorted(several)), True)] if several else []


def _size_of(node: Expression) -> Expression | None:
    is_len = isinstance(node, flow.Call) and isinstance(node.callee, flow.Name) and node.callee.id == "len"
    return (
        node.arguments[0].value
        if is_len and isinstance(node, flow.Call) and len(node.arguments) == 1
        else None
    )
