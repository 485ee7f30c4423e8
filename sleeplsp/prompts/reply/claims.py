"""Claims of a reply, one at a time: each is held against the ground, or there is a reason why it is not.

A fix or a check that is no good is left out, and its claim stays. It must not know how replies are counted
or merged.
"""

from hashlib import blake2b
from typing import TypeVar

import msgspec

from sleeplsp.core.insight import Evidence, Fix, Grade, Invariant, Place, Question, Severity, Suspicion
from sleeplsp.prompts.prompt import SYMBOL_MAX
from sleeplsp.prompts.reply import schema
from sleeplsp.prompts.reply.checks import checked
from sleeplsp.prompts.reply.content import (
    is_no_answer,
    is_question,
    is_restated,
    is_vague,
    says_nothing,
    unfit,
)
from sleeplsp.prompts.reply.contradictions import held_against, is_against_callee
from sleeplsp.prompts.reply.fixes import fixed
from sleeplsp.prompts.reply.ground import Ground
from sleeplsp.prompts.reply.held import DropReason
from sleeplsp.prompts.reply.ways import read_ways
from sleeplsp.prompts.sameness import words

QUOTE_SHOWN_MAX = 80
"""Characters of a quote as it is shown."""


class SaidEvidence(msgspec.Struct, frozen=True):
    """A step of evidence as a reply has it."""

    quote: str
    sentence: str
    symbol: str = ""
    """'' for that of the suspicion."""


class SaidInvariant(msgspec.Struct, frozen=True):
    """An invariant as a reply has it."""

    symbol: str
    kind: str
    sentence: str
    check: str | None = None


class SaidSuspicion(msgspec.Struct, frozen=True):
    """A suspicion as a reply has it."""

    symbol: str
    quote: str
    message: str
    category: str
    severity: str
    evidence: tuple[SaidEvidence, ...] = ()
    fix: str | None = None


class SaidQuestion(msgspec.Struct, frozen=True):
    """A question as a reply has it."""

    symbol: str
    question: str
    answer: str
    ways: tuple[object, ...] = ()


class DroppedError(Exception):
    """A claim is not held."""

    def __init__(self, reason: DropReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Claims:
    """Reads the claims of one reply; each method raises DroppedError."""

    def __init__(self, ground: Ground) -> None:
        self.parts: list[tuple[DropReason, str]] = []
        """Parts of claims that were left out, and why."""
        self._ground = ground

    def invariant(self, item: object) -> Invariant:
        """Return an invariant."""
        said = _converted(item, SaidInvariant)
        _require(said.kind in schema.KINDS, DropReason.WRONG_SCHEMA)
        symbol, sentence = self._asked(said.symbol), self._fit(said.sentence, schema.SENTENCE_MAX)
        _require(not says_nothing(sentence), DropReason.EMPTY)
        _require(not is_vague(self._ground, sentence), DropReason.EMPTY)
        check = self._check(symbol, said.check or "")
        _refuse(held_against(self._ground, symbol, sentence, said.kind, check))
        deduced = self._ground.context.sentences.get(symbol, ())
        _require(words(sentence) not in map(words, deduced), DropReason.KNOWN)
        _require(not is_restated(self._ground, symbol, sentence), DropReason.RESTATED)
        return Invariant(
            kind=said.kind,
            symbol=symbol,
            sentence=sentence,
            grade=Grade.SINGLE,
            support=self._ground.support((symbol,)),
            check=check or None,
        )

    def suspicion(self, item: object) -> Suspicion:
        """Return a suspicion; it is not shown until others have agreed and a critic has not refuted it."""
        said = _converted(item, SaidSuspicion)
        fits = said.category in schema.CATEGORIES and said.severity in schema.SEVERITIES
        _require(fits and len(said.evidence) <= schema.EVIDENCE_MAX, DropReason.WRONG_SCHEMA)
        symbol, message = self._asked(said.symbol), self._fit(said.message, schema.SENTENCE_MAX)
        place = self._place(symbol, said.quote)
        _require(bool(said.evidence), DropReason.NO_EVIDENCE)
        evidence = tuple(self._evidence(symbol, each) for each in said.evidence)
        _require(not says_nothing(message) and not is_vague(self._ground, message), DropReason.EMPTY)
        told = " ".join((message, *(each.sentence for each in evidence)))
        _require(not is_against_callee(self._ground, told), DropReason.CONTRADICTION)
        _require(not self._is_suspected(place), DropReason.KNOWN)
        symbols = (symbol, *(each.place.ref.partition("::")[2] for each in evidence))
        return Suspicion(
            category=said.category,
            symbol=symbol,
            place=place,
            quote=self._quoted(symbol, place),
            message=message,
            severity=Severity(said.severity),
            evidence=evidence,
            support=self._ground.support(symbols),
            grade=Grade.SINGLE,
            shown=False,
            fix=self._fix(symbol, place, said.fix or ""),
            id=self._id(said.category, symbol, place),
        )

    def question(self, item: object) -> Question:
        """Return a question with its answer."""
        said = _converted(item, SaidQuestion)
        symbol = self._asked(said.symbol)
        question = self._fit(said.question, schema.SENTENCE_MAX)
        answer = self._fit(said.answer, schema.ANSWER_MAX)
        _require(is_question(question) and not says_nothing(question), DropReason.EMPTY)
        _require(not is_no_answer(question, answer), DropReason.EMPTY)
        _require(not is_restated(self._ground, symbol, answer), DropReason.RESTATED)
        against = is_against_callee(self._ground, answer)
        _require(not against, DropReason.CONTRADICTION)
        ways, dropped = read_ways(self._ground, symbol, question, said.ways)
        self.parts += dropped
        support = self._ground.support((symbol,))
        return Question(symbol=symbol, question=question, answer=answer, ways=ways, support=support)

    def _asked(self, said: str) -> str:
        symbol = self._ground.symbol(said) if len(said) <= SYMBOL_MAX else None
        if symbol is None:
            raise DroppedError(DropReason.UNKNOWN_SYMBOL)
        _require(symbol in self._ground.subjects, DropReason.NOT_ASKED)
        return symbol

    def _fit(self, text: str, length_max: int) -> str:
        flat = " ".join(text.split())
        _require(len(flat) <= length_max, DropReason.TOO_LONG)
        _refuse(unfit(self._ground, text))
        return flat

    def _place(self, symbol: str, quote: str) -> Place:
        _require(len(quote) <= schema.QUOTE_MAX, DropReason.TOO_LONG)
        found = self._ground.quotes.place(symbol, quote)
        if isinstance(found, DropReason):
            raise DroppedError(found)
        return found

    def _evidence(self, of: str, said: SaidEvidence) -> Evidence:
        symbol = self._ground.symbol(said.symbol) if said.symbol else of
        found = self._ground.quotes.place(symbol, said.quote) if symbol is not None else None
        if symbol is None or not isinstance(found, Place):
            reason = DropReason.REDACTED if found is DropReason.REDACTED else DropReason.EVIDENCE_ABSENT
            raise DroppedError(reason)
        return Evidence(found, self._quoted(symbol, found), self._fit(said.sentence, schema.SENTENCE_MAX))

    def _quoted(self, symbol: str, place: Place) -> str:
        flat = " ".join(self._ground.context.text.slice(*self._ground.quotes.extent(symbol, place)).split())
        return flat if len(flat) <= QUOTE_SHOWN_MAX else f"{flat[: QUOTE_SHOWN_MAX - 1]}…"

    def _check(self, symbol: str, check: str) -> str:
        """Return a check that can be used, or nothing."""
        check = check.strip().strip("`")
        if not check:
            return ""
        is_long = len(check) > schema.CHECK_MAX
        reason = DropReason.TOO_LONG if is_long else checked(self._ground, symbol, check)
        if reason is not None:
            self.parts.append((reason, check))
            return ""
        return check

    def _fix(self, symbol: str, place: Place, text: str) -> Fix | None:
        """Return a fix that can be offered, or nothing."""
        if not text.strip():
            return None
        is_long = len(text) > schema.FIX_MAX
        found = DropReason.TOO_LONG if is_long else fixed(self._ground, symbol, place, text)
        if isinstance(found, DropReason):
            self.parts.append((found, text))
            return None
        return found

    def _is_suspected(self, place: Place) -> bool:
        return any(
            each.place.ref == place.ref and each.place.first <= place.last and place.first <= each.place.last
            for each in self._ground.context.suspected
        )

    def _id(self, category: str, symbol: str, place: Place) -> str:
        """Return the digest that names a suspicion in its workspace: 16 hex characters."""
        quoted = self._ground.context.text.slice(*self._ground.quotes.extent(symbol, place))
        told = "\0".join((category, place.ref, "".join(quoted.split()), "1"))
        return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


Said = TypeVar("Said", bound=msgspec.Struct)


def _converted(item: object, form: type[Said]) -> Said:
    try:
        return msgspec.convert(item, form)
    except (msgspec.ValidationError, RecursionError):
        raise DroppedError(DropReason.WRONG_SCHEMA) from None


def _require(holds: bool, reason: DropReason) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise DroppedError(reason)


def _refuse(reason: DropReason | None) -> None:
    if reason is not None:
        raise DroppedError(reason)
