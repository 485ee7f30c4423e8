"""Questions that claims without a model answer: what a function returns, raises and changes, who calls it.

A question is answered if nothing is left of it beside its subject and the words of one template, and the
claim says just that. It must not know which symbols may be meant.
"""

import re
from collections.abc import Callable, Iterator

import msgspec

from sleeplsp.answers.ask.answered import Answered, Source
from sleeplsp.answers.ask.known import called, parameters_of
from sleeplsp.answers.ask.phrased import phrased
from sleeplsp.answers.ask.wants import Wants
from sleeplsp.answers.ask.wording import NOTHING, Wording, stemmed, wording
from sleeplsp.answers.calls import incoming, outgoing
from sleeplsp.answers.definitions import Defined, defined, read
from sleeplsp.core.insight import Grade, Invariant
from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS
from sleeplsp.core.snapshot import OpenModule, Snapshot

NAMED_MAX = 12
"""Callers that are named, by path."""


class Asked(msgspec.Struct, frozen=True):
    """A question about a symbol, taken apart."""

    wording: Wording
    left: frozenset[str]
    """Its strong words."""
    claims: tuple[Invariant, ...]
    """What was deduced of the symbol and holds."""


_Told = tuple[str, str] | None
"""The question as the template puts it (`{}` is the symbol), and the answer."""


def deduced(snapshot: Snapshot, question: str, ref: str) -> Answered | None:
    """Return what is known of a symbol without any model, if a question surely asks for it."""
    symbol = defined(snapshot, ref)
    if symbol is None or symbol.kind not in CALLABLE_KINDS | CLASS_KINDS:
        return None
    module = read(snapshot, symbol.path)
    own = called(symbol.path, symbol.symbol)
    names, question = _parameters(module, symbol) - own, phrased(question, own)
    taken = wording(question, names, own)
    if taken.negations:
        return None
    asked = Asked(taken, frozenset(taken.words), tuple(_claims(snapshot, module, symbol)))
    told = _calls(snapshot, question, asked, ref)
    for template in _TEMPLATES:
        told = told or template(asked)
    if told is None:
        return None
    put, answer = told
    return Answered(
        source=Source.DEDUCED,
        ref=ref,
        question=put.format(f"`{symbol.symbol.partition('#')[0]}`"),
        answer=answer,
        grade=Grade.DEDUCED,
    )


def _parameters(module: OpenModule | None, symbol: Defined) -> frozenset[str]:
    found = next((each for each in module.symbols if each.id == symbol.symbol), None) if module else None
    return parameters_of(module, found) if module is not None and found is not None else frozenset()


def _claims(snapshot: Snapshot, module: OpenModule | None, symbol: Defined) -> Iterator[Invariant]:
    """Yield what was deduced of a symbol and holds now."""
    if module is None or module.claims is None or module.claims.provisional:
        return
    claims = snapshot.claims_of(module, symbol.symbol)
    if claims is not None and snapshot.is_as_it_was(symbol.ref, claims.digest):
        yield from (each for each in snapshot.fresh_invariants(claims) if not each.is_by_model)


def _of_kind(asked: Asked, kind: str) -> list[str]:
    return [each.sentence for each in asked.claims if each.kind == kind]


def _none(asked: Asked) -> _Told:
    wants, claims = asked.wording.wants, _of_kind(asked, "returns")
    if NOTHING not in asked.left or asked.left - {NOTHING, "return"} or not claims:
        return None
    may, never = claims[0].startswith("May return `None`"), "ever" in claims[0] and "`None`" in claims[0]
    if wants in (Wants.CAN, Wants.WHETHER) and (may or never):
        return "Can {} return `None`?", f"{'Yes' if may else 'No'}. {claims[0]}"
    if wants in (Wants.WHEN, Wants.WHY) and may and " when " in claims[0]:
        return "When does {} return `None`?", claims[0]
    return None


def _raises(asked: Asked) -> _Told:
    wants, claims = asked.wording.wants, _of_kind(asked, "raises")
    if not claims or wants not in (Wants.RAISES, Wants.FAILS, Wants.CAN, Wants.WHETHER, Wants.WHEN):
        return None
    if wants not in (Wants.RAISES, Wants.FAILS) and not _FAIL & asked.left:
        return None
    left = asked.left - _FAIL
    if not left:
        return "What does {} raise?", claims[0]
    names = _quoted(claims[:1])
    if len(left) == 1 and left <= names and wants is not Wants.RAISES:
        return "What does {} raise?", claims[0]
    return None


def _changes(asked: Asked) -> _Told:
    wants, claims = asked.wording.wants, _of_kind(asked, "mutates")
    if _CHANGE not in asked.left or wants not in (Wants.WHETHER, Wants.CAN, Wants.WHAT):
        return None
    left = asked.left - {_CHANGE, *_ANYTHING}
    if claims and left <= _quoted(claims):
        return "What does {} change?", claims[0]
    if pure := _of_kind(asked, "pure"):
        return ("What does {} change?", f"Nothing. {pure[0]}") if not left else None
    return None


def _pure(asked: Asked) -> _Told:
    if asked.wording.wants not in (Wants.WHETHER, Wants.CAN) or asked.left not in (_PURE, _EFFECT):
        return None
    asks_pure = asked.left == _PURE
    if pure := _of_kind(asked, "pure"):
        return "Is {} pure?", f"Yes. {pure[0]}" if asks_pure else pure[0]
    if changes := _of_kind(asked, "mutates"):
        return "Is {} pure?", f"No. {changes[0]}" if asks_pure else changes[0]
    return None


def _requires(asked: Asked) -> _Told:
    claims = _of_kind(asked, "requires")
    if claims and asked.left == _MUST and asked.wording.wants is Wants.WHAT:
        return "What does {} require?", " ".join(claims)
    return None


def _returns(asked: Asked) -> _Told:
    claims = _of_kind(asked, "returns")
    if claims and not asked.left and asked.wording.wants is Wants.RETURNS:
        return "What does {} return?", claims[0]
    return None


_TEMPLATES: tuple[Callable[[Asked], _Told], ...] = (_none, _raises, _changes, _pure, _requires, _returns)


def _calls(snapshot: Snapshot, question: str, asked: Asked, ref: str) -> _Told:
    """Answer who calls a symbol, or what it calls, as far as calls are certain."""
    is_in, is_out = (bool(each.search(question.strip().lower())) for each in (_CALLERS, _CALLED))
    if (not is_in and not is_out) or asked.left - _PLACES:
        return None
    found = incoming(snapshot, ref) if is_in else outgoing(snapshot, ref)
    if not found:
        return None
    told = [f"- `{each.symbol.ref}`" for each in found[:NAMED_MAX]]
    more = len(found) - NAMED_MAX
    count = sum(len(each.names) for each in found)
    where = f"{_count(count, 'call')}, as far as they are certain:"
    lines = "\n".join((where, "", *told, *([f"- and {more} more"] if more > 0 else [])))
    return ("Who calls {}?" if is_in else "What does {} call?"), lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def _quoted(claims: list[str]) -> set[str]:
    """Return the names that sentences quote, in lower case."""
    return {name.lower() for each in claims for name in re.findall(r"`(\w+)`", each)}


def _stems(*words: str) -> frozenset[str]:
    return frozenset(map(stemmed, words))


_CHANGE = stemmed("change")
_FAIL = _stems("fail", "raise", "error")
_PURE, _EFFECT, _MUST = _stems("pure"), _stems("side", "effect"), _stems("must")
_ANYTHING = _stems("anything", "something", "state", "object")
_PLACES = _stems("caller", "place", "directly")
_CALLERS = re.compile(
    r"^(who|what|which \w+) (calls?|uses?|invokes?)\b|^(from )?where is .* (called|used|invoked)\b"
    r"|^(who|what|which) (are|is) .*\bcallers?\b|^(list|show)( me)? .*\bcallers\b|^who is calling\b"
)
_CALLED = re.compile(
    r"^(who|what|which \w+) (does|do) .* (call|use|invoke)\b|^(what|which \w+) (is|are) called by\b"
)
