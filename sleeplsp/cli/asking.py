"""Asking a workspace that was brought up to date: what was known beforehand, else one call of a model.

It must not know how a command is called, nor who the model is.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import anyio
import msgspec

from sleeplsp.answers.ask.answered import Answered
from sleeplsp.answers.ask.answering import Near, answer, nearest
from sleeplsp.answers.ask.retrieve import retrieve, worth_opening
from sleeplsp.answers.ask.subject import Subjects, subjects
from sleeplsp.cli.ask_report import AnswerEntry, Asked, NearEntry
from sleeplsp.cli.position import Position, offsets
from sleeplsp.cli.spent import NOTHING_SPENT, spent_of
from sleeplsp.core.insight import graded
from sleeplsp.core.resolved import path_in
from sleeplsp.core.snapshot import Snapshot
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.enquiry import Enquired, enquire
from sleeplsp.engine.enriching import InsightOf
from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.settings import Settings
from sleeplsp.engine.viewing import charted, viewed
from sleeplsp.redact import redact

if TYPE_CHECKING:
    from sleeplsp.engine.reflection.desk import OpenModel

TOKENS_MAX = 3_000
"""Tokens that are sent with a question, the question and our own words left out."""


class Where(msgspec.Struct, frozen=True):
    """Where a question is asked: a module of the workspace, and a position in it."""

    path: str
    position: Position


class Known(msgspec.Struct, frozen=True):
    """A question, what it may be about, and what is known of that."""

    question: str
    snapshot: Snapshot
    about: Subjects

    @property
    def path(self) -> str:
        """The module that it is about, '' for none."""
        return path_in(self.about.all[0]) if self.about.all else ""


def known(deduction: Deduction, insight_of: InsightOf, question: str, where: Where | None) -> Known:
    """Find out what a question may be about, and open the modules of that. Raises UsageError."""
    atlas = charted(deduction)
    paths = [where.path] if where is not None else []
    snapshot = viewed(deduction, paths, insight_of, atlas)
    about = subjects(snapshot, question)
    for path, offset in _offsets(snapshot, where):
        about = subjects(snapshot, question, path, offset)
        if len(about.here) > 1:  # more than the module
            break
    paths += [path_in(ref) for ref in about.all]
    return Known(question, viewed(deduction, paths, insight_of, atlas), about)


def answered(found: Known) -> Answered | None:
    """Return what was known beforehand and surely answers a question."""
    return answer(found.snapshot, found.question, found.about)


def enquired(
    found: Known,
    deduction: Deduction,
    insight_of: InsightOf,
    open_model: "OpenModel",
    settings: Settings,
    hear: Callable[[str], None] | None = None,
) -> Enquired | None:
    """Ask a model, if there is anything to tell it; raises ModelError. Ctrl-C ends the call."""
    paths = worth_opening(found.snapshot, found.about.all)
    snapshot = viewed(deduction, paths, insight_of, found.snapshot.atlas)
    tokens_max = min(TOKENS_MAX, settings.prompt_tokens_max)
    items = retrieve(snapshot, found.question, found.about.all, tokens_max, redact)
    if not items:
        return None

    async def ask() -> Enquired:
        async with open_model() as model:
            return await enquire(
                model,
                redact(found.question).text,
                items,
                path=found.path,
                verbosity=settings.verbosity,
                deadline_s=settings.answer_s_max,
                hear=hear,
            )

    return anyio.run(ask)


def report(found: Known, told: Answered | Enquired | None) -> Asked:
    """Return all there is to tell of a question."""
    near = nearest(found.snapshot, found.question, found.about) if told is None else ()
    return Asked(
        question=found.question,
        symbols=found.about.all,
        answer=_answer(found.question, told) if told is not None else None,
        spent=spent_of(told) if isinstance(told, Enquired) else NOTHING_SPENT,
        nearest=tuple(map(_near, near)),
    )


def _offsets(snapshot: Snapshot, where: Where | None) -> list[tuple[str, int]]:
    if where is None:
        return []
    module = snapshot.modules.get(where.path)
    if module is None:
        raise UsageError(f"nothing is known of {where.path}")
    return [(where.path, each) for each in offsets(module.text, where.position)] or [
        (where.path, module.text.line_starts[where.position.line - 1])
    ]


def _answer(question: str, told: Answered | Enquired) -> AnswerEntry:
    if isinstance(told, Enquired):
        return AnswerEntry(
            source="model",
            question=question,
            answer=told.text,
            symbol=None,
            grade="single",
            stood_on=told.stood_on,
        )
    return AnswerEntry(
        source=told.source.value,
        question=told.question,
        answer=told.answer,
        symbol=told.ref,
        grade=graded(told.grade, told.votes),
        stood_on=(),
    )


def _near(each: Near) -> NearEntry:
    return NearEntry(
        symbol=each.ref, kind="question" if each.is_question else "claim", text=each.text, grade=each.grade
    )
