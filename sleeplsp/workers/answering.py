"""Answering in the deducer process: questions that the server cannot answer of what it holds itself.

Of any module, open or not, of open ones as the editor has them when it asks; what nothing known answers goes
to a model, if there is one, on a thread of its own. For the thread that deduces. It must not know who asks.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from sleeplsp.core.insight import graded
from sleeplsp.core.resolved import path_in
from sleeplsp.core.snapshot import Snapshot
from sleeplsp.engine.enriching import InsightOf, no_insight
from sleeplsp.engine.replied import Replied
from sleeplsp.engine.viewing import viewed
from sleeplsp.prompts.redacted import Redact
from sleeplsp.workers.messages import Answered, AskRequest, DropRequest, Piece, Reply

if TYPE_CHECKING:  # where no model is asked, nothing of one is loaded
    from sleeplsp.engine.deduction import Deduction
    from sleeplsp.engine.model import Answer, ModelError
    from sleeplsp.engine.reflection.desk import Desk, Ticket

TOKENS_MAX = 3_000
"""Tokens that are sent with a question, the question and our own words left out."""

NO_MODEL = "nothing known surely answers it, and there is no model to ask"
NOTHING_KNOWN = "nothing is known of what is asked about: name a function or class, or ask from within one"


class AnswerDesk(NamedTuple):
    """Where calls for questions are handed in, and what the user allows them."""

    desk: "Desk"
    redact: Redact
    verbosity: int
    deadline_s: float
    tokens_max: int


class Answering:
    """The questions of one workspace; without a desk no model is asked."""

    def __init__(
        self,
        deduction: "Deduction",
        tell: Callable[[Reply], None],
        insight_of: InsightOf | None = None,
        desk: AnswerDesk | None = None,
    ) -> None:
        self._deduction = deduction
        self._tell = tell
        self._insight_of = insight_of or no_insight
        self._desk = desk
        self._calls: dict[int, Ticket] = {}
        """Calls that are under way, by the number of the question."""

    def take(self, request: AskRequest | DropRequest) -> None:
        """Answer a question, now or when a model has, or forget one."""
        if isinstance(request, AskRequest):
            self._answer(request)
            return
        ticket = self._calls.pop(request.number, None)
        if ticket is not None and self._desk is not None:
            self._desk.desk.cancel(ticket)

    def _answer(self, request: AskRequest) -> None:
        from sleeplsp.answers.ask.answering import answer  # noqa: PLC0415 - the first hover comes before
        from sleeplsp.answers.ask.subject import Subjects  # noqa: PLC0415 - as above

        about = Subjects(request.about.named, request.about.here)
        snapshot = self._viewed(request, map(path_in, about.all))
        known = answer(snapshot, request.question, about)
        if known is None:
            self._enquire(request, about.all)
            return
        replied = Replied(
            source=known.source.value,
            question=known.question,
            answer=known.answer,
            ref=known.ref,
            grade=graded(known.grade, known.votes),
        )
        self._tell(Answered(number=request.number, replied=replied))

    def _viewed(self, request: AskRequest, paths: Iterable[str]) -> Snapshot:
        return viewed(self._deduction, paths, self._insight_of, held=request.held)

    def _enquire(self, request: AskRequest, refs: tuple[str, ...]) -> None:
        """Ask a model, if there is one and anything to tell it."""
        if self._desk is None:
            self._tell(Answered(number=request.number, failure=NO_MODEL))
            return
        from sleeplsp.answers.ask.retrieve import retrieve, worth_opening  # noqa: PLC0415 - as above
        from sleeplsp.engine.enquiry import call_of  # noqa: PLC0415 - as above
        from sleeplsp.prompts.ask import ask_prompt  # noqa: PLC0415 - as above

        number, allowed = request.number, self._desk
        near = self._viewed(request, map(path_in, refs))
        snapshot = self._viewed(request, worth_opening(near, refs))
        tokens_max = min(allowed.tokens_max, TOKENS_MAX)
        items = retrieve(snapshot, request.question, refs, tokens_max, allowed.redact)
        if not items:
            self._tell(Answered(number=number, failure=NOTHING_KNOWN))
            return
        verbosity = allowed.verbosity if request.verbosity is None else request.verbosity
        prompt = ask_prompt(allowed.redact(request.question).text, items, verbosity)
        stood_on = tuple(dict.fromkeys(each.where for each in items))

        def take(answer: "Answer | ModelError") -> None:
            self._calls.pop(number, None)
            if isinstance(answer, Exception):
                self._tell(Answered(number=number, failure=str(answer)))
            else:
                replied = _replied(request.question, answer, stood_on)
                self._tell(Answered(number=number, replied=replied))

        call = call_of(prompt, path_in(refs[0]), verbosity, allowed.deadline_s)
        ticket = allowed.desk.answer(call, take, lambda text: self._tell(Piece(number, text)))
        self._calls[number] = ticket


def _replied(question: str, answer: "Answer", stood_on: tuple[str, ...]) -> Replied:
    return Replied(
        source="model",
        question=question,
        answer=answer.text.strip(),
        grade="single",
        stood_on=stood_on,
        model=answer.model,
        usage=answer.usage,
        seconds=answer.seconds,
        cost=answer.cost,
        replayed=answer.replayed,
    )
