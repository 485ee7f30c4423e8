"""Reflection: the model reasoner over one workspace, beside its Deduction and in the same thread.

Once everything is decided it looks which modules a model has not thought about as they are now, and has them
thought about in the order of their worth, a few at a time: it hands calls in at the desk, and takes the
answers when the Deduction's mail is opened. What comes late is kept all the same. It must not know endpoints,
nor who looks at what it finds.
"""

import contextlib
import logging
from collections.abc import Callable, Collection

import msgspec

from sleeplsp.engine.agenda import EVERYTHING
from sleeplsp.engine.deduction import LOOK_AGAIN_S, Deduction
from sleeplsp.engine.errors import SleepError
from sleeplsp.engine.model import Answer, DeadlineError, ModelError, UnfitError, Weight
from sleeplsp.engine.outcome import Progress, Reflected
from sleeplsp.engine.ports import Gate
from sleeplsp.engine.ranking import Signals
from sleeplsp.engine.reflection.course import Ask, Course, UnreadableError
from sleeplsp.engine.reflection.desk import Desk
from sleeplsp.engine.reflection.failing import ends_run, lasts, was_sent
from sleeplsp.engine.reflection.known import Known
from sleeplsp.engine.reflection.policy import Policy, no_room
from sleeplsp.engine.reflection.survey import Survey
from sleeplsp.engine.reflection.taking import keep_replies
from sleeplsp.engine.reflection.tally import Tally
from sleeplsp.engine.reflection.underway import Underway
from sleeplsp.engine.reflection.weighing import Weighing
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.keys import module_key

log = logging.getLogger(__name__)

TRIES_MAX = 2
"""Replies to one call that are not of the form asked for, before the module is given up."""

Gather = Callable[[str], ModuleContext | None]
Tell = Callable[[Progress], None]


class Reflection:
    """What a model thinks of one workspace; for the thread of its Deduction."""

    def __init__(
        self,
        deduction: Deduction,
        known: Known,
        policy: Policy,
        desk: Desk,
        gather: Gather,
        gate_of: Callable[[str], Gate],
        signals: Callable[[], Signals] = Signals,
    ) -> None:
        self.known = known
        self.outcome: Reflected | None = None
        """Of the last run, once it has ended."""
        self._deduction = deduction
        self._shelf, self._policy, self._desk = known.shelf, policy, desk
        self._gather, self._gate_of = gather, gate_of
        self._survey = Survey(deduction, self.known, signals)
        self._must_look = True
        self._is_paused = False
        self._can_weigh = True
        """Whether the endpoint tells how likely a text is, as far as that was tried."""
        self._takes_several = True
        """No call for several replies has taken longer than a call may."""
        self._shown: Collection[str] = ()
        self._edited: Collection[str] = ()
        self._underway: dict[str, Underway] = {}
        self._elsewhere: dict[str, float] = {}
        """Modules that another process thinks about now."""
        self._tally = Tally()

    def ask(
        self,
        shown: Collection[str],
        edited: Collection[str] = (),
        again: Collection[str] = (),
        deeper: Collection[str] = (),
    ) -> None:
        """Look again what there is to think about, once all is decided.

        `again` and `deeper` are modules to be thought about anew, or more than they are worth by
        themselves; EVERYTHING for all.
        """
        self._shown, self._edited = shown, (*self._edited, *edited)
        self._survey.again.update(self._meant(again))
        self._survey.deeper.update(self._meant(deeper))
        self._is_paused = False
        self._must_look = True
        if self.outcome is not None:
            self.outcome, self._tally = None, Tally()

    def pause(self) -> None:
        """Begin no call until the next `ask`; what is under way is paid for, and kept when it comes."""
        self._is_paused = True

    def abandon(self) -> None:
        """End the calls that are under way; in a pause that lasts."""
        for path in [path for path, each in self._underway.items() if each.ticket is not None]:
            self._not_reached(path)
            self._give_up(path)

    @property
    def told(self) -> Reflected | None:
        """What there is to tell of the last run; None if nobody was to be asked, and nothing is known."""
        return self.outcome if self.outcome is None or self.asks or self.outcome.known else None

    @property
    def asks(self) -> bool:
        """Whether the model is asked at all; without, what it has thought earlier is told."""
        return self._policy.asks

    def step(self, tell: Tell) -> bool:
        """Do a little; tell whether there is more to do at once, without mail. Raises StoreError."""
        if self.outcome is not None or self._is_paused:
            return False
        if self._must_look:
            self._look()
            return True
        if self._tally.stopped:
            self._not_reached(*self._survey.waiting, *self._elsewhere)
            self._survey.waiting, self._elsewhere = {}, {}
        elif self._begin_one(tell):
            return True
        if not (self._underway or self._survey.waiting or self._elsewhere):
            self._finish()
        else:
            self.known.keep(at_once=False)
        return False

    @property
    def is_underway(self) -> bool:
        """Whether any call is."""
        return any(each.ticket is not None for each in self._underway.values())

    @property
    def patience_s(self) -> float | None:
        """Seconds to wait for mail before another step; None if there is nothing to do without."""
        return LOOK_AGAIN_S if self._elsewhere and not self._underway else None

    def look(self, take: Callable[[bool], None]) -> None:
        """Find out whether anybody answers at the endpoint, which costs nothing; `take` comes by mail."""
        self._desk.look(take)

    def close(self) -> None:
        """Give back what it holds, and keep what it has."""
        for each in self._underway.values():
            each.gate.leave()
        self._underway.clear()
        self._desk.close()
        self.known.keep(at_once=True)

    def _meant(self, paths: Collection[str]) -> Collection[str]:
        return self._deduction.knowledge.facts if EVERYTHING in paths else paths

    def _look(self) -> None:
        """Find out which modules wait now, and give up what is about other code."""
        self._must_look = False
        for path in [each for each in self._underway if self._is_outdated(each)]:
            self._give_up(path)
        self._survey.look(self._shown, self._edited, self._underway)
        self._edited = ()
        if not self._policy.asks:
            self._survey.waiting = {}
        for path in [path for path, each in self._underway.items() if each.ticket is None]:
            self._guarded(path, self._go_on)
        self._tally.total = len(self._survey.waiting) + len(self._underway)

    def _is_outdated(self, path: str) -> bool:
        text = self._deduction.text_of(path)
        return text is None or text != self._underway[path].course.context.text

    def _give_up(self, path: str) -> None:
        underway = self._underway.pop(path)
        underway.gate.leave()
        if underway.ticket is not None:
            self._desk.cancel(underway.ticket)
            self._tally.cancelled += 1

    def _begin_one(self, tell: Tell) -> bool:
        """Begin to think about one more module, if there is room; tell whether there may be more."""
        if len(self._underway) >= self._policy.calls_max:
            return False
        waiting = self._survey.waiting
        if not waiting and not self._underway:
            waiting.update(self._elsewhere)
            self._elsewhere = {}
        for path, worth in waiting.items():
            del waiting[path]
            tell(self._progress(path, worth))
            self._guarded(path, lambda path, worth=worth: self._begin(path, worth))  # type: ignore[misc]
            return path not in self._elsewhere
        return False

    def _guarded(self, path: str, work: Callable[[str], None]) -> None:
        """Do something about a module; a mistake of ours costs that module alone."""
        try:
            work(path)
        except SleepError:
            raise
        except Exception as error:
            log.exception("a model cannot think about %s", path)
            self._fail(path, ModelError(f"internal error: {type(error).__name__}: {error}"))

    def _begin(self, path: str, worth: float) -> None:
        context = self._gather(path) if path in self._deduction.knowledge.facts else None
        if context is None:
            return
        if (error := no_room(self._policy.prompt_tokens_max)) is not None:
            self._fail(path, error)
            return
        key = module_key(context, self._policy.model, self._policy.parameters)
        edition = self.known.edition(path, key) + (path in self._survey.again)
        depth = self._policy.depth(worth, deeper=path in self._survey.deeper)
        course = Course(context, key, edition, depth, self._policy)
        gate = self._gate_of(key)
        if not gate.enter():
            self._elsewhere[path] = worth  # another process asks the same: what it finds is looked up then
            return
        self._underway[path] = Underway(course, gate, worth)
        for slot, reply in self._shelf.replies(course.slots()).items():
            with contextlib.suppress(UnreadableError):  # it was made for another reader
                course.take(slot, reply)
        self._go_on(path)

    def _go_on(self, path: str) -> None:
        """Hand in a module's next call, unless its answer is stored; or be done with it."""
        if self._is_paused or self._must_look:
            return  # it goes on once it is known whether its code is the same
        underway = self._underway[path]
        while (ask := underway.course.next(alone=not self._takes_several)) is not None:
            stored = self._shelf.replies([ask.slot]).get(ask.slot)
            if stored is None or underway.tries:
                break
            try:
                underway.course.take(ask.slot, stored)
            except UnreadableError:
                break
        if ask is None:
            self._weigh(path)
        elif self._tally.stopped:
            self._not_reached(path)
            self._leave(path)
        else:
            call = msgspec.structs.replace(ask.call, seed=(ask.call.seed or 0) + 100 * underway.tries)
            underway.ticket = self._desk.answer(call, lambda answer: self._take(underway, ask, answer))

    def _take(self, underway: Underway, ask: Ask, answer: Answer | ModelError) -> None:
        path = underway.course.path
        if self._underway.get(path) is underway:  # else it was given up when its answer was in the mail
            underway.ticket = None
            self._guarded(path, lambda path: self._answered(path, underway, ask, answer))

    def _answered(self, path: str, underway: Underway, ask: Ask, answer: Answer | ModelError) -> None:
        if isinstance(answer, ModelError):
            self._tally.calls += was_sent(answer)
            if isinstance(answer, DeadlineError) and ask.others:
                # One reply alone may be done in the time that several are not: another call, with a time of
                # its own. What is found out once holds for all that come after.
                self._takes_several = False
                self._go_on(path)
            else:
                self._fail(path, answer)
            return
        self._tally.answered(answer)
        reason = keep_replies(underway.course, self._shelf, ask, answer)
        if reason is None:
            underway.tries = 0
            self.known.learn(path, underway.course.study())
        else:
            underway.tries += 1
            if underway.tries >= TRIES_MAX:
                self._fail(path, UnfitError(f"the model's reply is not of the form asked for: {reason}"))
                return
        self._go_on(path)

    def _weigh(self, path: str) -> None:
        """Have a module's questions weighed, if it is worth that and the endpoint tells; then be done."""
        underway = self._underway[path]
        course = underway.course
        is_wanted = underway.weighing is None and course.depth.weighs and self._can_weigh
        if is_wanted and self.known.as_weighed(course.study()) is None:
            underway.weighing = Weighing(course, self._policy)
        weighable = underway.weighing.next() if underway.weighing is not None else None
        if weighable is None or self._tally.stopped or not self._can_weigh:
            self._done(path)
            return
        self._tally.weighed += 1
        underway.ticket = self._desk.weigh(
            weighable.call, weighable.text, lambda weight: self._take_weight(path, underway, weight)
        )

    def _take_weight(self, path: str, underway: Underway, weight: Weight | ModelError) -> None:
        if self._underway.get(path) is not underway or underway.weighing is None:
            return
        underway.ticket = None
        if isinstance(weight, ModelError):
            # What is known goes by what was asked before, then; it is no reason to give a module up.
            self._can_weigh = False
        else:
            underway.weighing.take(weight)
        self._weigh(path)

    def _fail(self, path: str, error: ModelError) -> None:
        if ends_run(error):
            self._not_reached(path)
            self._tally.stop(error)
        else:
            self._survey.failed(path)
            self.known.fail(path, str(error), lasts=lasts(error))
        if path in self._underway:
            self._leave(path)

    def _not_reached(self, *paths: str) -> None:
        self._tally.left += len(paths)
        self._survey.leave(paths)

    def _leave(self, path: str) -> None:
        self._underway.pop(path).gate.leave()

    def _done(self, path: str) -> None:
        course, weighing = self._underway[path].course, self._underway[path].weighing
        study = course.study(weighing.weighed if weighing is not None else ())
        self.known.finish(course, study if weighing is not None else self.known.as_weighed(study) or study)
        self._survey.done(path)
        self._tally.modules += 1
        self._leave(path)

    def _progress(self, path: str, worth: float) -> Progress:
        done = self._tally.total - len(self._survey.waiting) - len(self._underway) - 1
        return Progress("reflecting", max(done, 0), self._tally.total, path, self._survey.cause(path, worth))

    def _finish(self) -> None:
        there = self._deduction.knowledge.facts.keys()
        studies = {path: study for path, study in self.known.studies.items() if path in there}
        failed = self.known.failed if self._policy.asks else {}  # else nobody was to try
        self.outcome = self._tally.outcome(
            self._policy.model, studies, failed, is_trusted=self.known.is_trusted
        )
        self.known.keep(at_once=True)
