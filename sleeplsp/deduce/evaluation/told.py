"""Which calls are known to raise: the contract of what they reach says so, or the table of the library.

Of most calls nobody says anything, and most of them never raise: makers of plain objects, loggers,
buffers. It must not know where exceptions go.
"""

from sleeplsp.core import flow
from sleeplsp.deduce.domain import Entity, Value
from sleeplsp.deduce.events import Event
from sleeplsp.deduce.library import LibraryFunction
from sleeplsp.deduce.world import World

# What these say is wrong with the arguments alone, and with what stands written always or never.
_OF_ARGUMENTS = frozenset(
    ("builtins.OverflowError", "builtins.ValueError", "decimal.InvalidOperation", "re.error", "struct.error")
)

# Told to whoever forgets to override the method, which is not seen here.
_NOT_MADE = "builtins.NotImplementedError"


def is_told_to_raise(world: World, event: Event) -> bool:
    """Tell whether what a call (an event CALLED) reaches is known to raise in ordinary use."""
    node = event.node
    if not isinstance(node, flow.Call):
        return False
    site = world.site(node.end)
    if site is None:
        function = world.library_function(event.detail) if event.detail else None
        return function is not None and _raises_so(function, node, event.receiver)
    known = [(world.callee(each), world.contract(each)) for each in site.refs]
    return any(
        each.exception != _NOT_MADE
        for callee, contract in known
        if callee is not None and not (callee.hook or callee.is_generator)
        for each in contract.raised
    )


def _raises_so(function: LibraryFunction, node: flow.Call, receiver: Value) -> bool:
    given = {each.keyword or index for index, each in enumerate(node.arguments)}
    if not given.isdisjoint(function.raises_unless):
        return False
    of_object = any(not isinstance(each, Entity) for each in receiver)
    written = all(isinstance(each.value, flow.Constant) for each in node.arguments) and not of_object
    return not _OF_ARGUMENTS.issuperset(function.raises) if written else bool(function.raises)
