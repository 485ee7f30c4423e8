"""What may be promised of a function, given what stands around its body.

A declaration's body says nothing of what will run, a decorator that is not known may put anything in the
function's place, and subclasses are meant to put something in the place of a method that does nothing. It
must not be known here how a contract is read off a body.
"""

from msgspec.structs import replace

from sleeplsp.core import flow
from sleeplsp.core.contract import UNKNOWN_CONTRACT, Contract, Verdict
from sleeplsp.core.decorators import ABSTRACT, CACHED_PROPERTIES, CACHES, OVERLOADS, PROPERTIES, TRANSPARENT
from sleeplsp.core.extract.functions import decorator, is_hook
from sleeplsp.core.flow import Program
from sleeplsp.core.imports import is_stub
from sleeplsp.deduce.world import World

_KEEPS = TRANSPARENT | PROPERTIES
_CACHES = CACHES | CACHED_PROPERTIES
_PROPERTY_PARTS = (".setter", ".getter", ".deleter")


def promised(contract: Contract, program: Program, world: World) -> Contract:
    """Return what of a body's contract holds for those who call the function."""
    decorators = [decorator(each) for each in program.decorators]
    declared = _only_declares(program) or not OVERLOADS.isdisjoint(decorators)
    if declared or is_stub(world.ref.partition("::")[0]):
        return UNKNOWN_CONTRACT
    if not ABSTRACT.isdisjoint(decorators) or (world.context.owner and is_hook(program)):
        return _doubted(contract)
    if not all(each in _KEEPS or each.endswith(_PROPERTY_PARTS) for each in decorators):
        return _doubted(contract)
    if not _CACHES.isdisjoint(decorators) and program.parameters:
        # A cache asks arguments for their hash; or keeps the result in the object.
        return replace(
            contract,
            raises=_without(contract.raises, Verdict.NO),
            mutates=_unsure(contract),
            pure=_without(contract.pure, Verdict.YES),
        )
    return contract


def _only_declares(program: Program) -> bool:
    return bool(program.body) and all(_is_ellipsis(each) for each in program.body)


def _is_ellipsis(statement: flow.Statement) -> bool:
    value = statement.value if isinstance(statement, flow.Evaluate) else None
    return isinstance(value, flow.Constant) and value.kind == "ellipsis"


def _doubted(contract: Contract) -> Contract:
    """Return what a body may do, without what it never does."""
    returns = contract.returns
    return Contract(
        returns=replace(
            returns,
            none=_without(returns.none, Verdict.NO),
            leaves=Verdict.YES if returns.leaves is Verdict.NO else returns.leaves,
            complete=False,
        ),
        raises=_without(contract.raises, Verdict.NO),
        raised=contract.raised,
        mutates=_unsure(contract),
        mutates_path=contract.mutates_path,
        pure=_without(contract.pure, Verdict.YES),
        pure_path=contract.pure_path,
    )


def _unsure(contract: Contract) -> tuple[tuple[str, Verdict], ...]:
    return tuple((name, _without(verdict, Verdict.NO)) for name, verdict in contract.mutates)


def _without(verdict: Verdict, promise: Verdict) -> Verdict:
    return Verdict.UNKNOWN if verdict is promise else verdict
