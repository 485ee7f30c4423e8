"""Reading a function's Contract off its analysis.

A yes needs an event on a path found feasible, or one that no path avoids; a no needs that nothing in
the whole program may do it. Everything else is unknown.
"""

from sleeplsp.core import flow
from sleeplsp.core.contract import Contract, Raised, Requirement, Returns, Verdict
from sleeplsp.core.flow import ParameterKind, Program, ProgramKind
from sleeplsp.core.insight import RAISED, Evidence
from sleeplsp.core.paths import dotted
from sleeplsp.deduce import cfg
from sleeplsp.deduce.analysis import NEEDS, Analysis
from sleeplsp.deduce.contracts.demands import none_when
from sleeplsp.deduce.contracts.effects import mutations
from sleeplsp.deduce.contracts.leading import leading, told
from sleeplsp.deduce.contracts.nones import NoneReturn, none_path, nones_of
from sleeplsp.deduce.contracts.subjects import none_asks
from sleeplsp.deduce.domain import (
    Alternative,
    Entity,
    Given,
    Instance,
    Literal,
    Nothing,
    Unbound,
    Unknown,
    given_name,
    type_name,
)
from sleeplsp.deduce.ends import Ends
from sleeplsp.deduce.evaluation.managers import may_catch
from sleeplsp.deduce.evaluation.operators import is_numeric
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.tails import may_never_come, tails
from sleeplsp.deduce.telling.describe import condition

TYPES_MAX = 6
"""Classes named in one contract; with more, the result is of no class that can be named."""

RAISED_MAX = 12
"""Exceptions named in one contract."""


def contract_of(analysis: Analysis) -> Contract:
    """Return what is known of the function; callers of a generator or coroutine see its body's."""
    raised = _raised(analysis)
    mutated, path = mutations(analysis)
    quiet = "act" not in analysis.risks
    impure = bool(path) or analysis.program.outer
    return Contract(
        returns=_returns(analysis),
        raises=Verdict.YES if raised else Verdict.UNKNOWN if _may_raise(analysis) else Verdict.NO,
        raised=raised,
        mutates=mutated,
        mutates_path=path,
        pure=Verdict.NO if impure else Verdict.YES if quiet and _is_plain(analysis) else Verdict.UNKNOWN,
        requires=_requires(analysis),
    )


def _is_plain(analysis: Analysis) -> bool:
    return not (analysis.program.is_async or analysis.program.is_generator) and not analysis.program.rebound


def _may_raise(analysis: Analysis) -> bool:
    return "raise" in analysis.risks or bool(analysis.uses.get(Use.RAISE)) or not _is_plain(analysis)


def _returns(analysis: Analysis) -> Returns:
    returned = analysis.events(Use.RETURN)
    if not returned:
        generator = analysis.program.is_generator
        return Returns(leaves=Verdict.UNKNOWN if generator else Verdict.NO, none=Verdict.UNKNOWN)
    alternatives = {each for event in returned for each in event.value if not isinstance(each, Unbound)}
    procedure = all(isinstance(event.node, flow.Constant) and event.node.kind == "none" for event in returned)
    named = {type_name(each) for each in alternatives if not isinstance(each, (Nothing, Given))}
    complete = "" not in named and len(named) <= TYPES_MAX
    nones = nones_of(analysis)
    path, partly = none_path(analysis, nones) if nones and not procedure else ((), False)
    return Returns(
        none=Verdict.YES if nones else _never_none(analysis, returned),
        none_path=path,
        none_partly=partly,
        none_when=none_when(analysis, [(each.block, each.event, each.witness) for each in nones]),
        none_asks=none_asks(analysis, nones) if not procedure else (),
        none_seldom=bool(nones) and not procedure and _is_seldom(analysis, nones),
        procedure=procedure,
        types=tuple(sorted(named - {""})) if complete else (),
        complete=complete,
        arguments=_arguments(analysis),
        leaves=Verdict.UNKNOWN if _promises_to_raise(analysis.program) else Verdict.YES,
    )


def _promises_to_raise(program: Program) -> bool:
    """Tell whether the annotation says that it never returns: then it may not, whatever is seen."""
    names = dotted(program.returns).rpartition(".")[2] if program.returns is not None else ""
    return names in ("NoReturn", "Never")


def _arguments(analysis: Analysis) -> tuple[tuple[str, bool], ...]:
    """Return the parameters that may be given back, and whether only when they are not None.

    What is given back only if another parameter wants it so is not counted as None: most calls do not.
    """
    present: dict[str, bool] = {}
    for block, event in analysis.uses.get(Use.RETURN, ()):
        for each in event.value:
            name = each.name if isinstance(each, Given) else _none_given(each)
            if name:
                sure = isinstance(each, Given) and each.present
                present[name] = present.get(name, True) and (sure or _is_wanted(analysis, block, name))
    return tuple(sorted(present.items()))


def _none_given(each: Alternative) -> str:
    return given_name(each) if isinstance(each, Nothing) else ""


def _is_wanted(analysis: Analysis, block: int, name: str) -> bool:
    """Tell whether every way to a block has asked another parameter."""
    others = {each.name for each in analysis.program.parameters} - {name}
    pending = [test for test, _ in analysis.decisions_before(block)]
    while pending:
        node = pending.pop()
        if isinstance(node, flow.Compare) and isinstance(node.left, flow.Name) and node.left.id in others:
            return isinstance(node.right, flow.Constant) and node.right.kind == "str"
        pending.extend(node.parts())
    return False


def _never_none(analysis: Analysis, returned: list[Event]) -> Verdict:
    if analysis.program.is_generator:
        return Verdict.UNKNOWN
    values = {each for event in returned for each in event.value}
    open_ = any(isinstance(each, (Unknown, Nothing, Unbound)) or _may_be_none(each) for each in values)
    return Verdict.UNKNOWN if open_ else Verdict.NO


def _may_be_none(each: object) -> bool:
    # An instance that came from an annotation or a stub's word is not seen to be one.
    if isinstance(each, Given):
        return not each.present
    return not isinstance(each, (Literal, Entity)) and not (
        isinstance(each, Instance) and (each.sure or each.made_at >= 0)
    )


def _is_seldom(analysis: Analysis, nones: list[NoneReturn]) -> bool:
    found = [each for one in nones for each in one.event.value if isinstance(each, Nothing)]
    origins = {each.origin for each in found}
    given = origins - {"end"}
    if not all("::" in each and analysis.world.contract(each).returns.none_seldom for each in given):
        return False
    return "end" not in origins or all(
        may_never_come(each) for each in tails(analysis.program.body, Ends(analysis, trusting=True))
    )


def _raised(analysis: Analysis) -> tuple[Raised, ...]:
    found: dict[str, Raised] = {}
    for block, event in analysis.uses.get(Use.RAISE, ()):
        exit_ = analysis.graph.blocks[block].exit
        if not isinstance(exit_, cfg.Throw) or exit_.value is None or not event.certain:
            continue  # what is raised again came from elsewhere; an assertion says what should not be
        name = event.detail or _written(exit_.value)
        if name and name not in found and _escapes(analysis, block, event.detail):
            path, partly = _raise_path(analysis, block, exit_)
            found[name] = Raised(name, path, partly=partly)
    return tuple(found.values())[:RAISED_MAX]


def _written(value: flow.Expression) -> str:
    called = value.callee if isinstance(value, flow.Call) else value
    if isinstance(called, flow.Name) and called.id[:1].isupper():
        return called.shown
    return called.name if isinstance(called, flow.Attribute) and called.name[:1].isupper() else ""


def _escapes(analysis: Analysis, number: int, exception: str) -> bool:
    """Tell whether an exception raised in a block surely leaves the program."""
    handler = analysis.graph.blocks[number].handler
    while handler is not None:
        block = analysis.graph.blocks[handler]
        if not isinstance(block.exit, cfg.Dispatch) or block.exit.maybe >= 0:
            return False
        for each, _ in block.exit.handlers:
            if each is None or may_catch(analysis.evaluator, each, (exception,) if exception else None)[0]:
                return False
        handler = block.handler
    return True


def _raise_path(analysis: Analysis, block: int, exit_: cfg.Throw) -> tuple[tuple[Evidence, ...], bool]:
    """Tell what leads to an exception, and whether there is more to it."""
    made, complete = leading(analysis, block)
    made, complete = told(analysis, made, complete=complete)
    steps = [
        analysis.quoter.evidence(test.start, test.end, f"when {condition(test, holds=holds)}")
        for _, test, holds in reversed(made)
    ]
    steps.append(analysis.quoter.evidence(exit_.start, exit_.end, RAISED))
    return tuple(step for step in steps if step is not None), not complete


def _requires(analysis: Analysis) -> tuple[Requirement, ...]:
    """Return what every call must see to: uses of a parameter that no path to a return avoids."""
    if analysis.program.kind is not ProgramKind.FUNCTION or analysis.program.is_generator:
        return ()
    optional = {
        each.name
        for each in analysis.program.parameters
        if each.kind not in (ParameterKind.REST, ParameterKind.KEYWORDS)
    }
    found: dict[tuple[str, str], Requirement] = {}
    for use in NEEDS:
        for block, event in analysis.uses.get(use, ()) if use is not Use.PASSED else ():
            _require(analysis, block, event, "not none", optional, found)
    for block, event in analysis.uses.get(Use.INDEX, ()):
        if any(isinstance(each, Literal) and each.type == "int" for each in event.other):
            _require(analysis, block, event, "not empty", optional, found)
    for block, event in analysis.uses.get(Use.DIVIDE, ()):
        if not is_numeric(event.other):
            continue  # text, a path or an array may well bear it
        _require(analysis, block, event, "not zero", optional, found)
    return tuple(found[key] for key in sorted(found))


def _require(
    analysis: Analysis,
    block: int,
    event: Event,
    kind: str,
    names: set[str],
    found: dict[tuple[str, str], Requirement],
) -> None:
    name = _given(event, present=kind != "not none")
    if name not in names or (name, kind) in found or analysis.graph.blocks[block].handler is not None:
        return
    if event.certain and analysis.is_unavoidable(block):
        step = analysis.quoter.evidence(
            event.node.start, event.node.end, f"every path needs `{name}` {_NEEDED[kind]}"
        )
        found[name, kind] = Requirement(name, kind, (step,) if step is not None else ())


def _given(event: Event, *, present: bool) -> str:
    """Return the parameter whose value is used, '' if it may be another; `present`: seen not to be None."""
    given = [each for each in event.value if isinstance(each, Given)]
    names = {each.name for each in given}
    if len(names) != 1 or len(given) < len(event.value):
        return ""
    # In a loop it is seen before and after its first use.
    return names.pop() if present or not all(each.present for each in given) else ""


_NEEDED = {
    "not none": "not to be `None`",
    "not zero": "not to be zero",
    "not empty": "not to be empty",
}
