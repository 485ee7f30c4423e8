"""Answering: what was thought of beforehand, if it surely answers a question; and what comes near to it.

It must not know what else can be done to answer it.
"""

from collections.abc import Iterator, Sequence

import msgspec

from sleeplsp.answers.ask.answered import Answered, Source
from sleeplsp.answers.ask.deduced import deduced
from sleeplsp.answers.ask.known import known_questions
from sleeplsp.answers.ask.matching import Known, matched
from sleeplsp.answers.ask.subject import Subjects
from sleeplsp.answers.ask.wording import wording
from sleeplsp.answers.definitions import read
from sleeplsp.core.insight import graded
from sleeplsp.core.snapshot import Snapshot

NEAREST_MAX = 5
"""Known questions and claims that are named where nothing answers a question."""


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """What is known that comes near to a question: one that was anticipated, or a claim."""

    ref: str
    text: str
    """A question or a sentence, with code in backquotes."""
    is_question: bool
    grade: str


def answer(snapshot: Snapshot, question: str, about: Subjects) -> Answered | None:
    """Return what surely answers a question about some symbols; None if that is nothing.

    What was deduced stands before what a model anticipated, where both answer it.
    """
    told = [each for ref in about.meant if (each := deduced(snapshot, question, ref)) is not None]
    if len(told) > 1:
        return None  # more than one may be meant
    found = matched(question, _known(snapshot, about.all))
    if found is None:
        return told[0] if told else None
    before = "".join(f"Deduced: {each.answer}\n\n" for each in told if each.ref == found.ref)
    claim = found.question
    return Answered(
        source=Source.ANTICIPATED,
        ref=found.ref,
        question=claim.question,
        answer=before + claim.answer,
        grade=claim.grade,
        votes=claim.votes,
    )


def nearest(snapshot: Snapshot, question: str, about: Subjects) -> tuple[Near, ...]:
    """Return what is known of the subjects that has most words in common with a question, best first.

    Other wordings of a question count as it does itself.
    """
    words = set(wording(question).words)

    def rank(near: tuple[Near, Sequence[str]]) -> tuple[int, bool]:
        each, texts = near
        return -max(len(words & set(wording(text).words)) for text in texts), not each.is_question

    return tuple(each for each, _ in sorted(_near(snapshot, about.all), key=rank)[:NEAREST_MAX])


def _known(snapshot: Snapshot, refs: tuple[str, ...]) -> Iterator[Known]:
    for ref in refs:
        path, _, symbol = ref.partition("::")
        if (module := read(snapshot, path)) is not None:
            yield from known_questions(snapshot, module, symbol)


def _near(snapshot: Snapshot, refs: tuple[str, ...]) -> Iterator[tuple[Near, Sequence[str]]]:
    """Yield what is known of symbols, each with the texts that tell what it is about."""
    for ref in refs:
        path, _, symbol = ref.partition("::")
        module = read(snapshot, path)
        claims = snapshot.claims_of(module, symbol) if module is not None else None
        if claims is None:
            continue
        for each in snapshot.fresh_questions(claims):
            grade = graded(each.grade, each.votes)
            near = Near(ref=ref, text=each.question, is_question=True, grade=grade)
            yield near, (each.question, *each.ways)
        for claim in snapshot.fresh_invariants(claims):
            grade = graded(claim.grade, claim.votes, claim.runs)
            near = Near(ref=ref, text=claim.sentence, is_question=False, grade=grade)
            yield near, (claim.sentence,)
