"""Changes: what is certain of two sides of one function and differs in a way that callers may feel.

Only a no that became a yes, or a yes that became a no: what is unknown on either side says nothing. It must
not know callers.
"""

from collections.abc import Callable, Iterator

from sleeplsp.core.contract import Contract, Returns, Verdict
from sleeplsp.core.facts import FunctionFacts
from sleeplsp.core.insight import Evidence, Place
from sleeplsp.deduce.drift.sides import Change, Side
from sleeplsp.deduce.drift.signature import signature_losses
from sleeplsp.deduce.invariants import listed, raises_told, when_none
from sleeplsp.deduce.telling.describe import short

IsKind = Callable[[str, str], bool | None]
"""Whether objects of one class are objects of another; None where that is not known."""

_TEST = "when "


def changes(then: Side, now: Side, is_kind: IsKind) -> tuple[Change, ...]:
    """Return what was lost, the worst first; nothing where a decorator changed or code is broken."""
    if then.facts.decorators != now.facts.decorators or then.facts.broken or now.facts.broken:
        return ()
    return tuple(_changes(then, now, is_kind))


def _changes(then: Side, now: Side, is_kind: IsKind) -> Iterator[Change]:
    yield from _parameters(then.facts, now.facts)
    if then.facts.is_generator != now.facts.is_generator:
        return  # its contract is that of a body which runs at another time
    if then.facts.is_async != now.facts.is_async:
        yield from _coroutine(now.facts)
        return
    before, after = then.contract, now.contract
    yield from _none(before.returns, after)
    yield from _types(before.returns, after.returns, is_kind)
    yield from _raises(before, after)
    changed = tuple(_mutates(before, after))
    yield from changed or _pure(before, after)


def _parameters(then: FunctionFacts, now: FunctionFacts) -> Iterator[Change]:
    told = signature_losses(then, now)
    if told:
        yield Change(
            kind="parameters",
            sentence=listed_sentences(told),
            check="wrong-arguments",
            one="still calls it as it was",
            several="still call it as it was",
        )


def _coroutine(now: FunctionFacts) -> Iterator[Change]:
    if now.is_async:
        yield Change(
            kind="coroutine",
            sentence="is a coroutine now and has to be awaited",
            check="missing-await",
            one="does not await it",
            several="do not await it",
        )


def _none(then: Returns, after: Contract) -> Iterator[Change]:
    now = after.returns
    if then.none is not Verdict.NO or now.none is not Verdict.YES or now.none_seldom:
        return
    always = now.procedure or (now.complete and not now.types and not now.arguments)
    yield Change(
        kind="none",
        sentence="always returns `None` now" if always else f"may return `None` now{when_none(after)}",
        evidence=now.none_path,
        mark=_last(now.none_path),
        check="none-dereference",
        one="relies on a value",
        several="rely on a value",
    )


def _types(then: Returns, now: Returns, is_kind: IsKind) -> Iterator[Change]:
    if not (then.complete and now.complete) or then.arguments or now.arguments or not then.types:
        return
    if then.none is not now.none and Verdict.UNKNOWN in (then.none, now.none):
        return
    added = [each for each in now.types if each not in then.types]
    # What derives from a class that was returned before does all that callers could rely on.
    if not added or any(is_kind(each, old) is not False for each in added for old in then.types):
        return
    kept = set(then.types).intersection(now.types)
    before = listed([short(each) for each in then.types])
    what = listed([short(each) for each in added])
    yield Change(
        kind="types",
        sentence=f"may return {what} now, beside {before}" if kept else f"returns {what} now, not {before}",
    )


def _raises(then: Contract, now: Contract) -> Iterator[Change]:
    if then.raises is Verdict.NO and now.raises is Verdict.YES and now.raised:
        yield Change(
            kind="raises",
            sentence=f"now raises {raises_told(now)}",
            evidence=now.raised[0].path,
            mark=_last(now.raised[0].path),
        )


def _mutates(then: Contract, now: Contract) -> Iterator[Change]:
    left = {name for name, verdict in then.mutates if verdict is Verdict.NO}
    changed = [name for name, verdict in now.mutates if verdict is Verdict.YES and name in left]
    if changed:
        yield Change(
            kind="mutates",
            sentence=f"changes {listed(changed)} now",
            evidence=now.mutates_path,
            mark=_last(now.mutates_path[:1]),
        )


def _pure(then: Contract, now: Contract) -> Iterator[Change]:
    if then.pure is Verdict.YES and now.pure is Verdict.NO:
        yield Change(kind="pure", sentence="is not pure any more: it assigns to a variable outside of it")


def _last(path: tuple[Evidence, ...]) -> Place | None:
    """Return where a path ends, if that is more than a decision."""
    return path[-1].place if path and not path[-1].sentence.startswith(_TEST) else None


def listed_sentences(told: list[str]) -> str:
    """Join what is said of one function."""
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
