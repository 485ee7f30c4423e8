"""Merging: from what several replies claim of one module to its Insight.

Pure, and the order of the replies does not matter. Claims that say the same are one, with as many votes
as replies make it. A later pass, which is told what is known, votes only for what it says: it need not
repeat anything, and what it retracts has its vote against it. It must not know where replies come from.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import fsum
from typing import TypeVar

import msgspec

from sleeplsp.core.insight import Grade, Insight, Invariant, Question, Severity, Suspicion, Votes
from sleeplsp.prompts.knowing import claim_id
from sleeplsp.prompts.reply.held import Held
from sleeplsp.prompts.sameness import (
    alike,
    grouped,
    opposite,
    same_invariant,
    same_question,
    same_suspicion,
    words,
)

__all__ = ["claim_id", "concatenate", "merge"]

Claim = TypeVar("Claim", Invariant, Suspicion, Question)
Ballot = tuple[int, Claim]
"""Number of the reply, and what it claims."""

WAYS_MAX = 8
"""Other wordings of one question that are kept, of all generations."""

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE, Severity.OFF)


def merge(path: str, key: str, held: Sequence[Held]) -> Insight:
    """Return the Insight of a module, of all generations and passes over all of its slices."""
    suspicions = _merged(held, lambda each: each.suspicions, same_suspicion, _best_suspicion)
    invariants = tuple(_merged(held, lambda each: each.invariants, same_invariant, _best))
    questions = _merged(held, lambda each: each.questions, same_question, _best_question)
    return Insight(
        path=path,
        key=key,
        summary=_summary(held),
        invariants=tuple(sorted(_uncontested(invariants), key=_invariant_order)),
        suspicions=tuple(sorted(suspicions, key=_suspicion_order)),
        questions=tuple(sorted(questions, key=_question_order)),
        generations=_generations(held),
    )


def concatenate(path: str, key: str, held: Sequence[Held]) -> Insight:
    """Return everything that was claimed, nothing brought together: for measurement."""
    return Insight(
        path=path,
        key=key,
        summary=_summary(held),
        invariants=tuple(sorted((c for each in held for c in each.invariants), key=_invariant_order)),
        suspicions=tuple(sorted((c for each in held for c in each.suspicions), key=_suspicion_order)),
        questions=tuple(sorted((c for each in held for c in each.questions), key=_question_order)),
        generations=_generations(held),
    )


def graded(agreed: int, of: int) -> Grade:
    """Return the grade that votes give: agreed by two at least, and by more than half."""
    return Grade.AGREED if agreed >= 2 and 2 * agreed > of else Grade.SINGLE


def _merged(
    held: Sequence[Held],
    claims_of: Callable[[Held], tuple[Claim, ...]],
    is_same: Callable[[Claim, Claim], bool],
    best: Callable[[Sequence[Claim]], Claim],
) -> Iterator[Claim]:
    ballots = [(number, claim) for number, each in enumerate(held) for claim in claims_of(each)]
    for group in grouped(ballots, lambda one, other: is_same(one[1], other[1])):
        claims = [claim for _, claim in group]
        makers = {number for number, _ in group}
        ids = {claim_id(each) for each in claims}
        against = sum(1 for each in held if ids.intersection(each.retracted))
        asked = {
            number for number, each in enumerate(held) if not each.later and claims[0].symbol in each.subjects
        }
        if len(makers) > against:
            of = len(makers | asked) + against
            votes = Votes(len(makers), of)
            yield msgspec.structs.replace(best(claims), votes=votes, grade=graded(len(makers), of))


def _uncontested(invariants: Sequence[Invariant]) -> Iterator[Invariant]:
    """Leave out what others say the contrary of, unless fewer do."""
    for each in invariants:
        contrary = [_agreed(other) for other in invariants if opposite(each, other)]
        if all(_agreed(each) > votes for votes in contrary):
            yield each


def _agreed(claim: Invariant) -> int:
    return claim.votes.agreed if claim.votes is not None else 0


def _best(claims: Sequence[Claim]) -> Claim:
    """Return the claim that is most like all others; of several the shortest, then the first by letters."""
    return min(claims, key=lambda each: (-_likeness(each, claims), *_letters(each)))


def _best_suspicion(claims: Sequence[Suspicion]) -> Suspicion:
    """Return the suspicion at the place that most claims have, one with a fix before others.

    It is as severe as the mildest of them says.
    """
    places = Counter(each.place for each in claims)
    found = min(
        claims,
        key=lambda each: (-places[each.place], each.fix is None, -_likeness(each, claims), *_letters(each)),
    )
    mildest = max((each.severity for each in claims), key=_SEVERITIES.index)
    return msgspec.structs.replace(found, severity=mildest)


def _best_question(claims: Sequence[Question]) -> Question:
    """Return the best question, with the wordings of all that share one with it: most often said first.

    Others that are only much alike may mean something else.
    """
    found = _best(claims)
    own = _wordings(found)
    same = [each for each in claims if own & _wordings(each)]
    said: dict[frozenset[str], list[str]] = {}
    for each in (way for claim in same for way in (claim.question, *claim.ways)):
        said.setdefault(words(each), []).append(each)
    said.pop(words(found.question))
    ways = sorted(said.values(), key=lambda each: (-len(each), *_shortest(each)))
    return msgspec.structs.replace(found, ways=tuple(_shortest(each)[1] for each in ways[:WAYS_MAX]))


def _shortest(said: Sequence[str]) -> tuple[int, str]:
    return min((len(each), each) for each in said)


def _wordings(question: Question) -> set[frozenset[str]]:
    return {words(each) for each in (question.question, *question.ways)}


def _likeness(claim: Claim, claims: Sequence[Claim]) -> float:
    own = words(_said(claim))
    return fsum(alike(own, words(_said(other))) for other in claims)


def _said(claim: Invariant | Suspicion | Question) -> str:
    match claim:
        case Suspicion():
            return claim.message
        case Invariant():
            return claim.sentence
        case Question():
            return f"{claim.question} {claim.answer}"


def _letters(claim: Invariant | Suspicion | Question) -> tuple[int, bytes]:
    encoded = msgspec.msgpack.encode(claim)
    return len(_said(claim)), encoded


def _summary(held: Sequence[Held]) -> str:
    """Return the summary that is most like all others."""
    found = [each.summary for each in held if each.summary]
    likeness = {each: fsum(alike(words(each), words(other)) for other in found) for each in found}
    return min(likeness, key=lambda each: (-likeness[each], len(each), each), default="")


def _generations(held: Sequence[Held]) -> int:
    """Return how many replies there are about any part, at most."""
    return max(Counter(each.subjects for each in held).values(), default=0)


def _suspicion_order(each: Suspicion) -> tuple[object, ...]:
    rank = _SEVERITIES.index(each.severity)
    place = (each.place.ref, each.place.first, each.place.last)
    return (each.grade is not Grade.AGREED, rank, *place, each.id, *_letters(each))


def _invariant_order(each: Invariant) -> tuple[object, ...]:
    return (each.symbol, each.grade is not Grade.AGREED, each.kind, *_letters(each))


def _question_order(each: Question) -> tuple[object, ...]:
    return (each.symbol, each.grade is not Grade.AGREED, *_letters(each))
