"""What handlers do with exceptions, and which code they wait for.

It must not know which checks ask.
"""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Block, Expression, Statement
from sleeplsp.core.walk import parts_of, statements
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.evaluation.leaving import tells_a_log
from sleeplsp.deduce.paths.trail import Decision

_TELLING = frozenset(("print", "pprint", "print_exc", "print_exception", "warn"))


def does_nothing(body: Block) -> bool:
    """Tell whether a handler's body only tells of the exception, or not even that."""
    return all(_only_tells(statement) for statement in body)


def _only_tells(statement: Statement) -> bool:
    if isinstance(statement, (flow.Declare, flow.Import)):
        return True
    if not isinstance(statement, flow.Evaluate):
        return False
    value = statement.value
    if isinstance(value, flow.Call):
        callee = value.callee
        name = callee.name if isinstance(callee, flow.Attribute) else getattr(callee, "id", "")
        return name in _TELLING or tells_a_log(callee)
    return isinstance(value, flow.Constant)


def is_for_later_code(analysis: Analysis, path: tuple[Decision, ...]) -> bool:
    """Tell whether a handler on a path may wait for code that comes after what raises on the path.

    It asks for one kind of error, nobody knows whether that step raises it, and later steps of the
    same try may as well.
    """
    raised: Decision | None = None
    for decision in path:
        if decision.kind == "raised":
            raised = decision
        elif isinstance(decision.node, flow.Handler) and raised is not None:
            specific = not decision.holds and not _catches_all(decision.node)
            body = _protected(analysis, decision.node) if specific else ()
            if any(each.start >= raised.end for each in _raising(body)):
                return True
    return False


def _catches_all(handler: flow.Handler) -> bool:
    names = {each.id for each in handler.types if isinstance(each, flow.Name)}
    return not handler.types or not names.isdisjoint(("Exception", "BaseException"))


def _protected(analysis: Analysis, handler: flow.Handler) -> Block:
    for each in analysis.written.of(flow.Try):
        if any(other.start == handler.start for other in each.handlers):
            return each.body
    return ()


def _raising(body: Block) -> Iterator[Expression]:
    """Yield what handlers wait for: calls, and items that may be missing."""
    pending = [part for statement in statements(body) for part in parts_of(statement)]
    while pending:
        node = pending.pop()
        if isinstance(node, (flow.Call, flow.Index)):
            yield node
        pending.extend(node.parts())
