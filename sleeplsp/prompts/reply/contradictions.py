"""What a reply may not say: tables of sentences, and of the deduced facts that they go against or repeat.

What is deduced follows from the code; where a model says otherwise, the model is wrong. It must not know
how anything was deduced.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from sleeplsp.core.contract import Contract, Verdict
from sleeplsp.prompts.reply.ground import Ground
from sleeplsp.prompts.reply.held import DropReason
from sleeplsp.prompts.sameness import parsed

YES, NO = Verdict.YES, Verdict.NO
Fact = Callable[[Contract], bool]


class Row(NamedTuple):
    """What sentences of a form mean, and the facts they go against or repeat."""

    what: str
    form: re.Pattern[str]
    against: Fact
    repeats: Fact


def _form(pattern: str) -> re.Pattern[str]:
    spelled = pattern.replace("NEVER", _NEVER).replace("MAY", _MAY).replace("GIVES", _GIVES)
    return re.compile(spelled.replace("CHANGES", _CHANGES).replace(" ", r"\s+"), re.IGNORECASE)


_NEVER = (
    r"(?:never|cannot|can not|can never|(?:does|do|will|is|are) (?:not|never)"
    r"|(?:doesn|don|won|isn|can)['\u2019]?t)"
)
_MAY = r"(?:may|might|can|could|sometimes|also)"
_GIVES = r"(?:returns?|gives?|yields?)"
_CHANGES = r"(?:changes?|mutates?|modif(?:y|ies)|alters?|updates?)"

NEVER_NONE = Row(
    "never None",
    _form(r"\b(?:NEVER GIVES (?:a )?none|never none|(?:result|value) is (?:never|not) none|non-none)\b"),
    against=lambda known: known.returns.none is YES,
    repeats=lambda known: known.returns.none is NO,
)
MAY_BE_NONE = Row(
    "may be None",
    _form(r"\b(?:GIVES none|GIVES\b[^.;]*\bor none|(?:result|value) (?:MAY be|is) none|none is returned)\b"),
    against=lambda known: known.returns.none is NO,
    repeats=lambda known: False,  # noqa: ARG005 - when it does may be what is new
)
NEVER_RAISES = Row(
    "never raises",
    _form(r"\bNEVER (?:raises?|throws?|fails?)\b(?! [A-Za-z]+(?:Error|Exception)|.* (?:if|when|unless)\b)"),
    against=lambda known: known.raises is YES or bool(known.raised),
    repeats=lambda known: known.raises is NO,
)
RAISES = Row(
    "raises",
    _form(r"\b(?:raises?|throws?|(?:is|are|gets) (?:raised|thrown))\b(?! (?:to|by|away)\b)"),
    against=lambda known: known.raises is NO,
    repeats=lambda known: False,  # noqa: ARG005
)
NOT_PURE = Row(
    "not pure",
    _form(r"\b(?:not pure|impure|has side effects?|NEVER pure)\b"),
    against=lambda known: known.pure is YES,
    repeats=lambda known: False,  # noqa: ARG005
)
PURE = Row(
    "pure",
    _form(r"\A\W*pure\b(?!\s+\w+\s+\w)|\b(?:is|stays) pure(?=\W*(?:\Z|[.:;,]))|\bpure function\b"),
    against=lambda known: known.pure is NO,
    repeats=lambda known: known.pure is YES,
)

KINDS: Mapping[str, tuple[Row, Row]] = {
    "returns": (NEVER_NONE, MAY_BE_NONE),
    "raises": (NEVER_RAISES, RAISES),
    "pure": (NOT_PURE, PURE),
}
"""Of each line the first row counts whose form a sentence has: the negation comes first."""

_BY_KIND = frozenset(("raises", "pure"))
"""Where the kind alone says what the second row does."""


def held_against(ground: Ground, symbol: str, sentence: str, kind: str, check: str) -> DropReason | None:
    """Return why an invariant is not held, by what was deduced of its symbol; None if nothing is."""
    contract = ground.contract(symbol)
    rows = [*_meant(sentence, kind), *_checked(check)]
    if any(row.against(contract) for row in rows) or _is_against_mutation(contract, sentence):
        return DropReason.CONTRADICTION
    if _names_known_exception(contract, sentence):
        return DropReason.CONTRADICTION
    repeats = bool(rows) and all(row.repeats(contract) for row in rows) and not _adds(sentence)
    return DropReason.KNOWN if repeats else None


def is_against_callee(ground: Ground, text: str) -> bool:
    """Tell whether a text says that a function gives None or raises which, by its name, never does."""
    flat = text.replace("`", "")
    by_name: dict[str, list[Contract]] = {}
    for ref, contract in ground.context.contracts.items():
        by_name.setdefault(ref.rpartition("::")[2].rpartition(".")[2].partition("#")[0], []).append(contract)
    said_names = set(re.findall(r"\w+", flat))
    for name, contracts in by_name.items():
        if name not in said_names:
            continue
        for row, form in ((MAY_BE_NONE, _GIVES_NONE), (RAISES, _MAY_RAISE)):
            said = re.search(rf"\b{re.escape(name)}(?:\([^)]*\))?{form}", flat, re.IGNORECASE)
            if said and all(map(row.against, contracts)):
                return True
    return False


_GIVES_NONE = _form(r" (?:MAY )?GIVES none\b").pattern
_MAY_RAISE = _form(r" (?:MAY )?(?:raises?|throws?)\b").pattern


def _meant(sentence: str, kind: str) -> Iterator[Row]:
    flat = sentence.replace("`", "")
    for name, rows in KINDS.items():
        found = [row for row in rows if row.form.search(flat)]
        yield from found[:1] or (rows[1:] if name == kind in _BY_KIND else ())


def _checked(check: str) -> Iterator[Row]:
    """Yield what a check says of None: `result is not None`, alone or among what must hold together."""
    tree = parsed(check) if check else None
    pending = [tree.body] if tree is not None else []
    while pending:
        match pending.pop():
            case ast.BoolOp(op=ast.And(), values=values):
                pending += values
            case ast.Compare(
                left=ast.Name(id="result"), ops=[operator], comparators=[ast.Constant(value=None)]
            ):
                yield NEVER_NONE if isinstance(operator, (ast.IsNot, ast.NotEq)) else MAY_BE_NONE


def _is_against_mutation(contract: Contract, sentence: str) -> bool:
    """Tell whether a sentence says that a parameter is changed, or is not, and the contrary is known."""
    flat = sentence.replace("`", "")
    for name, verdict in contract.mutates:
        named = rf"\s+(?:the\s+)?{re.escape(name)}\b"
        never = re.search(_UNCHANGED + named, flat, re.IGNORECASE)
        changes = re.search(_CHANGED + named, flat, re.IGNORECASE)
        if (never and verdict is YES) or (changes and not never and verdict is NO):
            return True
    return False


_UNCHANGED = _form(r"\bNEVER CHANGES").pattern
_CHANGED = _form(r"\bCHANGES").pattern


def _names_known_exception(contract: Contract, sentence: str) -> bool:
    """Tell whether a sentence says that an exception is never raised which is."""
    never = _NEVER_THIS.search(sentence.replace("`", ""))
    raised = {each.exception.rpartition("::")[2].rpartition(".")[2] for each in contract.raised}
    return never is not None and never[1].rpartition(".")[2] in raised


_NEVER_THIS = _form(r"\bNEVER (?:raises?|throws?) (?:an? )?([\w.]+)")


def _adds(sentence: str) -> bool:
    """Tell whether a sentence says more than the row it fits: a condition, or what it is instead."""
    return bool(re.search(r"\b(?:if|when|unless|because|since|so|but|and)\b|[:;,]", sentence))
