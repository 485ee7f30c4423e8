"""Where a call may lead: functions of the workspace, or nobody knows where; and what that makes of it.

All that is the same whatever the state: worked out once for each call. It must not know values.
"""

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.context import Callee, Site
from sleeplsp.core.contract import Contract, Verdict
from sleeplsp.core.resolved import Kind
from sleeplsp.deduce.evaluation.arguments import Bound, bind
from sleeplsp.deduce.evaluation.fitting import fits
from sleeplsp.deduce.evaluation.given_back import Reached
from sleeplsp.deduce.evaluation.leaving import demands, may_leave, seldom_raises, vets
from sleeplsp.deduce.world import World


class Aim(msgspec.Struct, frozen=True, gc=False):
    """What a call of a function of the workspace, or of who knows what, may lead to."""

    node: flow.Call
    site: Site | None
    reached: Reached
    """The functions it may run with their contracts; empty when one of them is not known."""
    bound: tuple[Bound, ...]
    """How its arguments meet the parameters of each."""
    leaves: bool
    """It may well not come back, by its name or by a contract."""
    leaves_handed: bool
    """It may well not come back if it is handed an exception."""
    vets: bool
    """It looks whether what it is passed is right, by its name."""
    raises: bool
    acts: bool
    """It may change something, or run code that is not known."""
    forgets: bool
    """After it nothing is known of the attributes of objects."""


def aim_of(node: flow.Call, world: World) -> Aim:
    """Return what a call may lead to."""
    site = world.site(node.end)
    reached = contracts_at(world, site) if site is not None else []
    bound = tuple(
        bind(callee.parameters, node.arguments, given=site is not None and site.given)
        for _, callee, _ in reached
    )
    # Somebody else is meant to put something in a hook's place.
    unknown = not reached or any(callee.hook for _, callee, _ in reached)
    fit = site is not None and all(
        fits(callee, node, each, given=site.given)
        for (_, callee, _), each in zip(reached, bound, strict=True)
    )
    deferred = any(callee.is_async or callee.is_generator for _, callee, _ in reached)
    acts = unknown or deferred or any(each.pure is not Verdict.YES for _, _, each in reached)
    return Aim(
        node=node,
        site=site,
        reached=reached,
        bound=bound,
        leaves=_may_leave(node, site, reached, world.off, unknown=unknown),
        leaves_handed=_may_leave_handed(node, reached, world.off, unknown=unknown),
        vets=vets(node) and "narrow:vetted" not in world.off,
        raises=unknown or not fit or any(each.raises is not Verdict.NO for _, _, each in reached),
        acts=acts,
        forgets=acts or (site is not None and site.kind is Kind.CLASS),
    )


def contracts_at(world: World, site: Site) -> Reached:
    """Return the functions a call may run with their contracts; empty when one of them is not known."""
    found = []
    for ref in site.refs:
        callee = world.callee(ref)
        if callee is None:
            return []
        found.append((ref, callee, world.contract(ref)))
    return found


def _may_leave(
    node: flow.Call, site: Site | None, reached: Reached, off: frozenset[str], *, unknown: bool
) -> bool:
    leaves = _one_leaves(reached)
    if leaves and unknown and site is not None and site.kind is Kind.FUNCTION:
        return True  # it only raises, and no class overrides it
    if any(_demands(node, contract) for _, _, contract in reached) and "narrow:demanding" not in off:
        return True
    if any(_promises_to_raise(callee, contract) for _, callee, contract in reached):
        return True
    return (unknown or leaves) and may_leave(node) and "narrow:leaving" not in off


def _may_leave_handed(node: flow.Call, reached: Reached, off: frozenset[str], *, unknown: bool) -> bool:
    if "narrow:handing" in off:
        return False
    raises = _one_leaves(reached) or any(contract.raised for _, _, contract in reached)
    return raises or (unknown and not seldom_raises(node))


def _one_leaves(reached: Reached) -> bool:
    """Tell whether one of the functions it may run is known to leave."""
    return any(contract.returns.leaves is Verdict.NO for _, _, contract in reached)


def _demands(node: flow.Call, contract: Contract) -> bool:
    """Tell whether a call that may raise says by its name that something must hold from then on."""
    return bool(contract.raised) and demands(node)


def _promises_to_raise(callee: Callee, contract: Contract) -> bool:
    return contract.returns.leaves is Verdict.UNKNOWN and not callee.is_generator
