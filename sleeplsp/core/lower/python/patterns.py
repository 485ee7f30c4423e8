"""Python match statements: patterns as tests on the subject, as far as tests can say them.

`case None`, constants, dotted names, class patterns without arguments and unions of these are said in
full; sequence, mapping and deeper class patterns are said in part or not at all, and their case is then
not `total`.
"""

from collections.abc import Callable

from tree_sitter import Node

from sleeplsp.core.flow import (
    Argument,
    Attribute,
    Block,
    Boolean,
    Call,
    Case,
    Compare,
    Display,
    Expression,
    Match,
    Name,
    Opaque,
    Walrus,
    chained,
)
from sleeplsp.core.lower.python.expressions import expression, operands
from sleeplsp.core.lower.python.scope import Scope

LowerBlock = Callable[[Node | None, Scope], Block]


def match(node: Node, scope: Scope, block: LowerBlock) -> Match:
    """Lower a match statement; its subject is evaluated once into a fresh variable."""
    subjects = tuple(expression(each, scope) for each in node.children_by_field_name("subject"))
    start, end = node.start_byte, node.end_byte
    if len(subjects) == 1 and not any(child.type == "," for child in node.children):
        subject = subjects[0]
    else:
        subject = Display(subjects[0].start if subjects else start, end, "tuple", subjects)
    variable = scope.fresh("subject")
    scope.bound.add(variable)
    body = node.child_by_field_name("body")
    clauses = [child for child in operands(body) if child.type == "case_clause"] if body is not None else []
    return Match(
        start,
        end,
        subject,
        variable,
        tuple(_case(each, _asked(subject) or variable, scope, block) for each in clauses),
    )


def _asked(subject: Expression) -> str:
    """Return the variable that has the subject's value, if there is one: tests teach of it, too."""
    name = subject.target if isinstance(subject, Walrus) else subject
    return name.id if isinstance(name, Name) else ""


class _Pattern:
    """What one pattern demands and binds."""

    def __init__(self, subject: Name, scope: Scope) -> None:
        self.subject = subject
        self.scope = scope
        self.binds: list[Name] = []
        self.whole: Name | None = None

    def bind(self, node: Node) -> Name:
        start, end = node.start_byte, node.end_byte
        name = Name(start, end, self.scope.binds(self.scope.text(start, end)))
        self.binds.append(name)
        return name


def _case(node: Node, variable: str, scope: Scope, block: LowerBlock) -> Case:
    start, end = node.start_byte, node.end_byte
    patterns = [child for child in operands(node) if child.type == "case_pattern"]
    found = _Pattern(Name(start, start, variable), scope)
    if len(patterns) == 1:
        test, total = _pattern(patterns[0], found, top=True)
    else:
        for each in patterns:
            _bind_inner(each, found)
        test, total = None, False
    guard_node = node.child_by_field_name("guard")
    guard = (
        expression(operands(guard_node)[0], scope)
        if guard_node is not None and operands(guard_node)
        else None
    )
    body = block(node.child_by_field_name("consequence"), scope)
    tests = (test,) if test is not None else ()
    return Case(start, end, tests, total, tuple(found.binds), found.whole, guard, body)


def _pattern(node: Node, found: _Pattern, *, top: bool) -> tuple[Expression | None, bool]:
    """Return the test a pattern makes of the subject (None: none that can be said) and whether it is all."""
    inner = operands(node)
    kind = node.type
    if kind == "case_pattern":
        if not inner:  # the wildcard
            return None, found.scope.text(node.start_byte, node.end_byte) == "_"
        if len(inner) == 1 and inner[0].start_byte == node.start_byte:
            return _pattern(inner[0], found, top=top)
        return _value(node, inner[0], found)
    if kind == "as_pattern" and len(inner) == 2:
        test, total = _pattern(inner[0], found, top=top)
        found.whole = found.bind(inner[1])
        return test, total
    if kind == "tuple_pattern" and len(inner) == 1 and not any(each.type == "," for each in node.children):
        return _pattern(inner[0], found, top=top)
    if kind == "union_pattern":
        return _union(node, inner, found)
    if kind == "class_pattern":
        return _class(node, inner, found)
    if kind == "dotted_name" and len(inner) == 1:
        found.whole = found.bind(inner[0])
        return None, True
    if kind in _VALUES:
        return _value(node, node, found)
    _bind_inner(node, found)
    return None, False


_VALUES = frozenset(
    (
        "integer",
        "float",
        "string",
        "concatenated_string",
        "true",
        "false",
        "none",
        "dotted_name",
        "complex_pattern",
    )
)


def _value(whole: Node, node: Node, found: _Pattern) -> tuple[Expression, bool]:
    start, end = whole.start_byte, whole.end_byte
    if node.type == "dotted_name":
        value: Expression = _dotted(node, found.scope)
    elif whole.start_byte != node.start_byte or _is_negative(node) or node.type == "complex_pattern":
        value = Opaque(start, end, ())  # a signed number: its value does not matter here
    else:
        value = expression(node, found.scope)
    operator = "is" if node.type in ("none", "true", "false") else "=="
    return Compare(start, end, operator, found.subject, value), True


def _is_negative(node: Node) -> bool:
    """Tell whether a number's sign stands beside it, as one of the alternatives of a pattern."""
    before = node.prev_sibling
    return before is not None and before.type == "-"


def _dotted(node: Node, scope: Scope) -> Expression:
    first, *rest = operands(node)
    start, text = first.start_byte, scope.text
    value: Expression = Name(start, first.end_byte, scope.reads(text(start, first.end_byte)))
    for part in rest:
        name = text(part.start_byte, part.end_byte)
        chain = chained(value, name)
        value = Attribute(start, part.end_byte, value, name, part.start_byte, chain)
    return value


def _union(node: Node, inner: list[Node], found: _Pattern) -> tuple[Expression | None, bool]:
    results = [_pattern(each, found, top=False) for each in inner]
    if any(child.type == "_" for child in node.children):
        return None, True
    tests = tuple(test for test, _ in results if test is not None)
    total = all(total for _, total in results)
    if len(tests) != len(results) or not tests:
        return None, total and any(test is None for test, _ in results)
    test = tests[0] if len(tests) == 1 else Boolean(node.start_byte, node.end_byte, "or", tests)
    # A partial test of an alternative may not be used: refusing it must mean refusing the alternative.
    return (test, True) if total else (None, False)


def _class(node: Node, inner: list[Node], found: _Pattern) -> tuple[Expression, bool]:
    start, end = node.start_byte, node.end_byte
    type_ = _dotted(inner[0], found.scope)
    for child in inner[1:]:
        _bind_inner(child, found)
    # Reading isinstance here is the pattern's doing, not the program's: it cannot be shadowed.
    callee = Name(start, start, "isinstance#builtin")
    test = Call(start, end, callee, (Argument(found.subject), Argument(type_)))
    return test, len(inner) == 1


def _bind_inner(node: Node, found: _Pattern) -> None:
    """Bind the capture names inside a pattern that tests cannot say."""
    inner = operands(node)
    if node.type == "dotted_name":
        if len(inner) == 1:
            found.bind(inner[0])
        else:
            _dotted(node, found.scope)
        return
    if node.type == "class_pattern" and inner:
        _dotted(inner[0], found.scope)
        inner = inner[1:]
    elif node.type == "keyword_pattern":
        inner = inner[1:]
    elif node.type in ("as_pattern", "splat_pattern"):
        for child in inner:
            if child.type == "identifier":
                found.bind(child)
    for child in inner:
        if child.type not in ("identifier", "string"):
            _bind_inner(child, found)
