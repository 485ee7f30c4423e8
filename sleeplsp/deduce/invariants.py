"""Invariants: a Contract told in sentences. The first told is the most useful one.

Signature, annotation and docstring are not repeated: what a type checker shows beside this is left out.
"""

from collections.abc import Iterator

from sleeplsp.core.contract import Contract, Raised, Returns, Verdict
from sleeplsp.core.flow import Constant, Display, Expression, Index, Operation, Parameter, Program
from sleeplsp.core.insight import Evidence, Grade, Invariant
from sleeplsp.core.paths import dotted
from sleeplsp.deduce.contracts.demands import DEMANDED
from sleeplsp.deduce.telling.describe import short

NAMED_MAX = 4
"""Exceptions or parameters named in one sentence."""

BRIEF_MAX = 2
"""Exceptions named beside a call."""


def invariants_of(symbol: str, program: Program, contract: Contract) -> tuple[Invariant, ...]:
    """Return what is claimed of a function, most useful first."""
    told = (
        *_returns(program, contract),
        *_raises(contract),
        *_requires(program, contract),
        *_mutates(contract),
        *_pure(contract),
    )
    return tuple(
        Invariant(
            kind=kind,
            symbol=symbol,
            sentence=sentence,
            evidence=evidence,
            grade=Grade.DEDUCED,
            news=_is_news(kind, program, contract),
            brief=_brief(kind, contract),
            check=check,
        )
        for kind, sentence, evidence, check in (_whole(*each) for each in told)
    )


Told = tuple[str, str, tuple[Evidence, ...]] | tuple[str, str, tuple[Evidence, ...], str]
"""Kind, sentence, evidence, and an expression that says the same, if there is one."""


def _whole(
    kind: str, sentence: str, evidence: tuple[Evidence, ...], check: str | None = None
) -> tuple[str, str, tuple[Evidence, ...], str | None]:
    return kind, sentence, evidence, check


def _returns(program: Program, contract: Contract) -> Iterator[Told]:
    returns = contract.returns
    verb = "Awaiting it" if program.is_async else "It"
    if program.is_generator or program.name == "__init__":
        return
    if returns.leaves is Verdict.NO:
        always = _always_raised(contract)
        how = f"raises {listed(always)}" if always else "every path raises or goes on for ever"
        yield "returns", f"Never returns: {how}.", ()
    elif returns.none is Verdict.YES and not _is_all_none(returns):
        yield "returns", f"May return `None`{when_none(contract)}.", returns.none_path
    elif returns.none is Verdict.NO and program.returns is None:
        types = [short(each) for each in returns.types]
        what = f": always {listed(types)}" if returns.complete and types and not returns.arguments else ""
        yield "returns", f"Never returns `None`{what}.", ()
    elif returns.none is Verdict.NO:
        yield (
            "returns",
            f"{verb} never gives `None`." if program.is_async else "Never returns `None`.",
            (),
        )


def _is_all_none(returns: Returns) -> bool:
    return returns.procedure or (returns.complete and not returns.types and not returns.arguments)


def _is_news(kind: str, program: Program, contract: Contract) -> bool:
    """Tell whether a claim says more than a type checker makes of the code, and than the first claim."""
    returns = contract.returns
    if returns.leaves is Verdict.NO:
        return kind != "pure" and not (kind == "raises" and _always_raised(contract))
    if kind != "returns" or (returns.none is Verdict.YES and when_none(contract)):
        return True
    if program.returns is not None:
        return returns.none is Verdict.NO and _names_none(program.returns)
    return not (returns.none is Verdict.NO and returns.complete and returns.types and not returns.arguments)


def _brief(kind: str, contract: Contract) -> str:
    """Say beside a call what it may do."""
    if contract.returns.leaves is Verdict.NO:
        return ""
    if kind == "returns" and contract.returns.none is Verdict.YES:
        return "may be None"
    if kind == "raises" and contract.raised:
        names = list(dict.fromkeys(short(each.exception) for each in contract.raised))
        told = [*names[:BRIEF_MAX], "…"] if len(names) > BRIEF_MAX else names
        return f"raises {', '.join(told)}"
    return ""


def _always_raised(contract: Contract) -> list[str]:
    """Return what is raised, if nothing needs to be said of when."""
    told = [each for each in contract.raised if len(each.path) == 1 and not each.partly]
    return [short(each.exception) for each in told] if len(told) == len(contract.raised) else []


def when_none(contract: Contract) -> str:
    """Say what makes the result None, as all it takes only where it is: '' or ` when ...`."""
    returns = contract.returns
    tests = [step.sentence.removeprefix("when ") for step in returns.none_path if _is_test(step)]
    if tests:
        some = " in some cases" if returns.none_partly else ""
        return f"{some} when {' and '.join(tests)}"
    demands = [DEMANDED[what].format(name) for name, what in returns.none_when if what in DEMANDED]
    return f" in some cases when {' and '.join(demands)}" if demands else ""


def _is_test(step: Evidence) -> bool:
    return step.sentence.startswith("when ")


def _raises(contract: Contract) -> Iterator[Told]:
    if contract.raised:
        yield (
            "raises",
            f"Raises {raises_told(contract)}.",
            tuple(s for each in contract.raised for s in each.path[-1:]),
        )
    elif contract.raises is Verdict.NO:
        yield "raises", "Never raises.", ()


def raises_told(contract: Contract) -> str:
    """List the exceptions, each with what leads to it."""
    told = [_raise(each) for each in contract.raised[:NAMED_MAX]]
    more = len(contract.raised) - NAMED_MAX
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def _raise(raised: Raised) -> str:
    tests = [step.sentence.removeprefix("when ") for step in raised.path if _is_test(step)]
    when = f" when {' and '.join(tests)}" if tests else ""
    some = " in some cases" if raised.partly else ""
    return f"`{short(raised.exception)}`{some}{when}"


_CHECKS = {"not none": "{} is not None", "not empty": "len({}) != 0", "not zero": "{} != 0"}


def _requires(program: Program, contract: Contract) -> Iterator[Told]:
    """Tell what callers must see to; that a value is needed is news only where None is allowed for."""
    allowed = {each.name for each in program.parameters if _allows_none(each)}
    words = {"not none": "not be `None`", "not empty": "not be empty", "not zero": "not be zero"}
    for each in contract.requires:
        if each.kind != "not none" or each.parameter in allowed:
            yield (
                "requires",
                f"`{each.parameter}` must {words[each.kind]}: every path depends on it.",
                each.path,
                _CHECKS[each.kind].format(each.parameter),
            )


def _allows_none(parameter: Parameter) -> bool:
    default = parameter.default
    if isinstance(default, Constant) and default.kind == "none":
        return True
    return parameter.annotation is not None and _names_none(parameter.annotation)


def _names_none(annotation: Expression) -> bool:
    """Tell whether None is one of the alternatives of an annotation: `X | None`, `Optional[X]`."""
    pending = [annotation]
    while pending:
        each = pending.pop()
        if isinstance(each, Constant) and each.kind == "none":
            return True
        if isinstance(each, Index) and dotted(each.base).endswith("Optional"):
            return True
        is_union = isinstance(each, Index) and dotted(each.base).endswith("Union")
        if is_union or isinstance(each, Operation):
            pending.extend(each.parts())
        elif isinstance(each, Display):
            pending.extend(each.items)
    return False


def _mutates(contract: Contract) -> Iterator[Told]:
    changed = [name for name, verdict in contract.mutates if verdict is Verdict.YES]
    if changed:
        yield "mutates", f"Changes {listed(changed)}.", contract.mutates_path


def _pure(contract: Contract) -> Iterator[Told]:
    if contract.pure is Verdict.YES:
        yield "pure", "Pure: the result depends on the arguments alone and nothing is changed.", ()


def listed(names: list[str]) -> str:
    """List names as code, at most `NAMED_MAX` of them."""
    return ", ".join(f"`{each}`" for each in names[:NAMED_MAX])
