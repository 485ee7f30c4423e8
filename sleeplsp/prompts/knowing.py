"""Knowing: the claims of earlier replies, as a later pass is told them.

Each has an id by which it may be taken back. It must not know how claims are merged.
"""

from collections.abc import Collection, Iterator
from hashlib import blake2b

from sleeplsp.core.insight import Insight, Invariant, Question, Suspicion
from sleeplsp.prompts.fence import line

Claim = Invariant | Suspicion | Question

CLAIM_ID = 8
"""Hex characters of a claim's id."""


def claim_id(claim: Claim) -> str:
    """Return the name by which a later pass may take a claim back."""
    joined = "\0".join((type(claim).__name__, *_named(claim)))
    return blake2b(joined.encode("utf-8", "replace"), digest_size=CLAIM_ID // 2).hexdigest()


def known_lines(known: Insight, subjects: Collection[str]) -> Iterator[str]:
    """Yield what is known of some symbols, a line for each claim."""
    claims: tuple[Claim, ...] = (*known.suspicions, *known.invariants, *known.questions)
    for each in claims:
        if each.symbol in subjects:
            yield line(f"{claim_id(each)}: {each.symbol}: {_told(each)}")


def _named(claim: Claim) -> tuple[str, ...]:
    match claim:
        case Suspicion():
            return (claim.id,)
        case Invariant():
            return claim.symbol, claim.kind, claim.sentence
        case Question():
            return claim.symbol, claim.question


def _told(claim: Claim) -> str:
    match claim:
        case Suspicion():
            return f"bug in `{claim.quote}`: {claim.message}"
        case Invariant():
            return claim.sentence
        case Question():
            return f"{claim.question} {claim.answer}"
