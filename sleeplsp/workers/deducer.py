"""The deducer: keeps one workspace's Deduction and brings it up to date when asked, in its own process.

It goes on in small steps, and hears in between what else is asked. It ends when its requests do.
`workers.remote` is the other end; this one must not know the editor.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, TYPE_CHECKING, NamedTuple

from sleeplsp.core.insight import Suspicion
from sleeplsp.core.located import ModuleClaims
from sleeplsp.core.resolved import path_in
from sleeplsp.core.text import Text
from sleeplsp.engine.asking import Asked
from sleeplsp.engine.charter import Charter
from sleeplsp.engine.claiming import Claiming
from sleeplsp.engine.deduction import LOOK_AGAIN_S, Deduction
from sleeplsp.engine.drift.watch import DriftWatch
from sleeplsp.engine.errors import SleepError
from sleeplsp.engine.outcome import Progress
from sleeplsp.engine.suspects import Suspects
from sleeplsp.workers import frames
from sleeplsp.workers.answering import AnswerDesk, Answering
from sleeplsp.workers.messages import (
    REQUESTS,
    AskRequest,
    Charted,
    Claimed,
    Decided,
    Doubted,
    DropRequest,
    Explained,
    Finished,
    Looked,
    LookRequest,
    Noticed,
    PauseRequest,
    Refused,
    Reply,
    Request,
    ThinkRequest,
    Told,
    WhyRequest,
)
from sleeplsp.workers.pipes import hear, requests_of

if TYPE_CHECKING:  # where no model is asked, nothing of one is loaded
    from sleeplsp.engine.model_reasoner import ModelReasoner

PAUSE_S = 1.0
"""Seconds after which a pause is meant: one for an edit ends at once, and costs no call of a model."""

REST_AFTER_S = 10.0
"""Seconds without anything to do after which the workers give back what they hold."""

Provisional = Callable[[str, Text], ModuleClaims | None]
"""What can be claimed of a module by itself; None if nothing can."""


class ByModel(NamedTuple):
    """What a language model has part in."""

    model_reasoner: "ModelReasoner | None" = None
    desk: AnswerDesk | None = None
    """Where calls for questions are handed in."""


NO_MODEL = ByModel()


def serve(
    deduction: Deduction,
    provisional: Provisional,
    drift: DriftWatch,
    notices: Callable[[], Iterable[str]],
    requests: IO[bytes],
    replies: IO[bytes],
    by_model: ByModel = NO_MODEL,
) -> None:
    """Answer requests until there are no more, or nobody reads the replies.

    `notices` are lines the user should know; each is told once.
    """
    lock = threading.Lock()  # pieces of a model's answer come from another thread

    def tell(reply: Reply) -> None:
        with lock:
            frames.write(replies, reply)

    deducer = Deducer(deduction, provisional, drift, notices, tell, *by_model)
    asked: queue.SimpleQueue[Request | None] = queue.SimpleQueue()

    def put(request: Request | None) -> None:
        if isinstance(request, DropRequest):
            deducer.drop(request.number)
        asked.put(request)
        deduction.mail.put()  # whoever waits for workers looks up

    hear(requests, REQUESTS, put)
    try:
        while True:
            while not asked.empty():
                request = asked.get()
                if request is None:
                    return
                deducer.take(request)
            deducer.go_on()
    except frames.ClosedError:
        return


def refuse(reason: str, requests: IO[bytes], replies: IO[bytes]) -> None:
    """Tell the first request why there is no Deduction to ask."""
    try:
        for request in requests_of(requests, REQUESTS):
            if isinstance(request, WhyRequest):
                frames.write(replies, Explained(request.number, None, reason))
            elif isinstance(request, ThinkRequest):
                frames.write(replies, Refused(request.number, reason))
                return
    except frames.ClosedError:
        return


class Deducer:
    """One workspace's Deduction, and who is told of it."""

    def __init__(
        self,
        deduction: Deduction,
        provisional: Provisional,
        drift: DriftWatch,
        notices: Callable[[], Iterable[str]],
        tell: Callable[[Reply], None],
        model_reasoner: "ModelReasoner | None" = None,
        desk: AnswerDesk | None = None,
    ) -> None:
        self._deduction, self._model_reasoner = deduction, model_reasoner
        self._changed = deduction.watch()
        self._provisional = provisional
        self._notices = notices
        self._tell = tell
        self._charter = Charter(deduction.knowledge, deduction.text_of)
        self._drift = drift
        insight_of = model_reasoner.known.insights.get if model_reasoner is not None else None
        self._claiming = Claiming(deduction, drift.of, insight_of)
        self._answering = Answering(deduction, tell, insight_of, desk)
        self._suspects = Suspects()
        self._but: tuple[str, ...] | None = None
        """Modules that are told of in other ways; None if no others are to be told of."""
        self._told: set[str] = set()
        self._dropped: set[int] = set()
        """Requests that nobody waits for any more, until it is their turn."""
        self._number = 0
        self._is_at_it = False
        """There is something to be done that was not given up."""
        self._is_decided = False
        """All is deduced that was asked for last: what is left is a model's."""

    def drop(self, number: int) -> None:
        """Take note, from any thread, that a request is to be dropped: also one that is being answered."""
        self._dropped.add(number)

    def take(self, request: Request) -> None:
        """Take a request in."""
        if isinstance(request, WhyRequest):
            self._explain(request)
            return
        if isinstance(request, DropRequest):
            self._dropped.discard(request.number)
        if isinstance(request, AskRequest | DropRequest):
            self._answering.take(request)
            return
        if isinstance(request, LookRequest):
            self._look(request.number)
            return
        if isinstance(request, PauseRequest):
            self._is_at_it = False
            self._deduction.pause()
            if self._model_reasoner is not None:
                self._model_reasoner.pause()
            return
        self._number, self._is_at_it, self._is_decided = request.number, True, False
        if self._model_reasoner is not None:
            self._model_reasoner.ask(tuple(request.shown), tuple(request.held), request.again, request.deeper)
        self._but = tuple(request.shown) if request.everywhere else None
        held = {path: Text(source) for path, source in request.held.items()}
        self._drift.hold(held, request.closed)
        try:
            asked = Asked(
                held=held,
                closed=request.closed,
                scan=request.scan,
                again=request.again,
                shown=tuple(request.shown),
            )
            self._deduction.ask(asked, self._progress)
        except SleepError as error:
            self._refuse(error)
            return
        for path in self._claiming.show(request.shown, held):
            if (claims := self._provisional(path, held[path])) is not None:
                self._tell(Claimed(claims))

    def _explain(self, request: WhyRequest) -> None:
        from sleeplsp.workers.explaining import explained  # noqa: PLC0415 - the first hover comes before

        reply = explained(self._deduction, request, lambda: request.number not in self._dropped)
        if reply is not None:
            self._tell(reply)

    def _look(self, number: int) -> None:
        if self._model_reasoner is None:
            self._tell(Looked(number, is_there=True))
        else:
            self._model_reasoner.look(lambda is_there: self._tell(Looked(number, is_there)))

    def go_on(self) -> None:
        """Do a little, tell what came of it, and wait for mail if there is nothing else to do."""
        deduction = self._deduction
        is_busy = False
        if self._is_at_it:
            try:
                is_busy = self._reflect() if self._is_decided else self._deduce()
            except SleepError as error:
                self._refuse(error)
        patience_s = self._patience_s
        if is_busy:
            deduction.wait(0)
        elif self._is_at_it and (patience_s is not None or not self._is_decided):
            deduction.wait(patience_s)
        elif self._is_paused() and not deduction.wait(PAUSE_S) and self._model_reasoner is not None:
            self._model_reasoner.abandon()
        elif not self._has_news():  # while a model thinks the workers may rest, too
            deduction.rest()
            deduction.wait()

    def _is_paused(self) -> bool:
        """Tell whether a model's calls are under way that somebody may not want any more."""
        return not self._is_at_it and self._model_reasoner is not None and self._model_reasoner.is_underway

    def _deduce(self) -> bool:
        """Deduce a little and tell what is new; tell whether there is more to do at once."""
        is_busy = self._deduction.step()
        self._report()
        return is_busy or self._chart() or self._is_decided

    def _has_news(self) -> bool:
        """Wait for mail; tell whether any came before the workers are to rest, or others want to work."""
        for _ in range(round(REST_AFTER_S / LOOK_AGAIN_S)):
            if self._deduction.wait(LOOK_AGAIN_S):
                return True
            if self._deduction.is_wanted:
                return False
        return False

    def _report(self) -> None:
        self._drift.note(self._changed)
        self._changed.clear()
        self._claim()
        outcome = self._deduction.outcome
        if outcome is None or not self._charter.is_done:
            return
        drifted = self._drift.follow(self._deduction)
        if drifted is None:
            return
        self._is_decided = True
        self._claiming.renew(drifted)
        self._claim()
        for claims in self._claiming.lost():
            self._tell(Claimed(claims))
        self._doubt()
        self._notice()
        self._tell(Decided(self._number, outcome))

    def _reflect(self) -> bool:
        """Have a model think, tell what is new of it; tell whether there is more to do at once."""
        model_reasoner = self._model_reasoner
        is_busy = model_reasoner.step(self._progress) if model_reasoner is not None else False
        if model_reasoner is not None and model_reasoner.known.changed:
            changed, model_reasoner.known.changed = model_reasoner.known.changed, set()
            self._deduction.renewed(changed)
            self._claim()
            self._doubt()
        if model_reasoner is None or model_reasoner.outcome is not None:
            self._is_at_it = False
            self._notice()
            self._tell(Finished(self._number, model_reasoner.told if model_reasoner is not None else None))
        return is_busy

    def _notice(self) -> None:
        by_model = self._model_reasoner.outcome if self._model_reasoner is not None else None
        stopped = (f"the model was stopped: {by_model.stopped}",) if by_model and by_model.stopped else ()
        for line in (*self._notices(), *self._suspects.notices, *stopped):
            if line not in self._told:
                self._told.add(line)
                self._tell(Noticed(line))

    def _claim(self) -> None:
        for claims in self._claiming.news():
            self._tell(Claimed(claims))

    def _doubt(self) -> None:
        """Tell what is suspected of modules that are not shown, as far as anybody minds and it is new."""
        if self._but is None:
            return
        knowledge = self._deduction.knowledge
        deduced = ((path_in(ref), row.suspicions) for ref, row in knowledge.rows.items())
        suspicions = chain(deduced, self._drift.all.items(), self._by_model())
        for news in self._suspects.news(knowledge.facts, suspicions, self._but, self._deduction.text_of):
            self._tell(Doubted(news))

    def _by_model(self) -> Iterator[tuple[str, Sequence[Suspicion]]]:
        if self._model_reasoner is not None:
            yield from self._model_reasoner.known.suspicions()

    @property
    def _patience_s(self) -> float | None:
        if self._is_decided and self._model_reasoner is not None:
            return self._model_reasoner.patience_s
        return self._deduction.patience_s

    def _chart(self) -> bool:
        """Tell a few names and calls, while nothing else is to be done; tell whether there were any."""
        if self._charter.is_done:
            return False
        if (batch := self._charter.step()) is not None:
            self._tell(Charted(batch))
        return True

    def _refuse(self, error: SleepError) -> None:
        self._is_at_it = False
        self._tell(Refused(self._number, str(error)))

    def _progress(self, progress: Progress) -> None:
        self._tell(Told(progress))
