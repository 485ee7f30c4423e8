"""Verification over one workspace: which claims wait to be tried, and trying them, module by module.

It begins once a model has thought, in the same thread; functions are called in a process of their own, and
another thread waits for that. It looks on the disk: what rests on a text that is not saved waits. It must
not know how code is run, nor who is told.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator

import msgspec

from sleeplsp.core.insight import Insight
from sleeplsp.core.text import read_text, text_digest
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.outcome import Progress, Verified
from sleeplsp.engine.ports import Files
from sleeplsp.engine.reflection.known import Known
from sleeplsp.engine.verification.eligible import eligible
from sleeplsp.engine.verification.ports import Finding, Limits, Result, Trial, UnverifiableError, Verifier
from sleeplsp.engine.verification.reach import Reach, Refs
from sleeplsp.engine.verification.verdicts import Trace, Verdict

log = logging.getLogger(__name__)

Tell = Callable[[Progress], None]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Whether functions may be called at all, and within which limits."""

    is_allowed: bool
    limits: Limits


class Candidate(msgspec.Struct, frozen=True):
    """A claim that waits to be tried."""

    function: str
    check: str
    address: str
    """Where its verdict is to be stored."""
    refs: Refs
    """Functions and classes that a call leads to."""
    trace: Trace
    """What the verdict will rest on, as it was when it was looked for."""


class Verification:
    """The claims of one workspace that can be tried; for the thread of its Deduction."""

    def __init__(
        self, deduction: Deduction, files: Files, known: Known, verifier: Verifier | None, terms: Terms
    ) -> None:
        """Without a verifier there are no files, and nothing to be called."""
        self.is_over = True
        """Nothing is left to be done of the last run."""
        self._deduction, self._files = deduction, files
        self._known, self._verdicts = known, known.verdicts
        self._verifier, self._terms = verifier, terms
        self._reach = Reach(deduction.knowledge, deduction.text_of)
        self._waiting: dict[str, tuple[Candidate, ...]] = {}
        """Claims to be tried, by module."""
        self._open: set[str] = set()
        """Addresses of claims of which nothing could be said."""
        self._why = ""
        """Why nothing can be tried here at all."""
        self._total = 0
        self._must_look = True
        self._job: _Job | None = None

    def ask(self) -> None:
        """Look again what there is to try, once a model has thought; what could not be run is tried again."""
        self.is_over, self._must_look, self._why = False, True, ""

    def pause(self) -> None:
        """Let go of what is under way; what was found until then is kept."""
        if self._job is not None:
            self._job.is_wanted = False

    def step(self, tell: Tell) -> bool:
        """Do a little; tell whether there is more to do at once, without mail. Raises StoreError."""
        if self.is_over:
            return False
        if self._must_look:
            self._look()
            return True
        if self._job is not None:
            return False
        path = next(iter(self._waiting), None) if self._terms.is_allowed and not self._why else None
        if path is None or self._verifier is None:
            self.is_over = True
            return False
        tell(
            Progress("verifying", self._total - len(self._waiting), self._total, path, "claims can be tested")
        )
        self._begin(self._verifier, path, self._waiting.pop(path))
        return False

    @property
    def told(self) -> Verified | None:
        """What there is to tell: of all claims with a check; None where there are none."""
        insights = self._known.claimed.values()
        standings = [each for insight in insights for each in self._verdicts.standings(insight)]
        if not standings or self._verifier is None:
            return None
        results = [each.verdict.result for each in standings if each.verdict is not None]
        state = "off" if not self._terms.is_allowed else "unavailable" if self._why else "on"
        return Verified(
            state=state,
            why=self._why,
            waiting=sum(map(len, self._waiting.values())),
            tested=results.count(Result.TESTED),
            refuted=results.count(Result.REFUTED),
            open=len(self._open),
        )

    def close(self) -> None:
        """End what is under way."""
        job, self._job = self._job, None
        if job is not None:
            job.is_wanted = False
            job.join()

    def _look(self) -> None:
        """Find out what can be tried now, and what earlier verdicts say of the code as it is."""
        self._must_look = False
        self._known.judge()
        self._waiting = {}
        unsaved = frozenset(self._deduction.unsaved)
        for path, insight in sorted(self._known.claimed.items()):
            if path in self._deduction.knowledge.facts and (found := tuple(self._untried(insight, unsaved))):
                self._waiting[path] = found
        self._total = len(self._waiting)

    def _untried(self, insight: Insight, unsaved: frozenset[str]) -> Iterator[Candidate]:
        addresses = {
            id(each.claim): each.address
            for each in self._verdicts.standings(insight)
            if each.verdict is None and each.address not in self._open
        }
        untried = [each for each in insight.invariants if id(each) in addresses]
        for claim, refs in ((each.claim, each.refs) for each in eligible(insight.path, self._reach, untried)):
            trace = self._verdicts.trace(refs)
            if unsaved.isdisjoint(path for path, _ in trace):
                yield Candidate(claim.symbol, claim.check or "", addresses[id(claim)], refs, trace)

    def _begin(self, verifier: Verifier, path: str, candidates: tuple[Candidate, ...]) -> None:
        trials, limits = tuple(_trials(candidates)), self._terms.limits

        def work(is_wanted: Callable[[], bool]) -> tuple[str, tuple[Finding, ...]]:
            return verifier.environment(), verifier.verify(path, trials, limits, is_wanted)

        def done(job: _Job) -> None:
            self._deduction.mail.put(lambda: self._take(path, job, candidates))

        self._job = _Job(work, done)
        self._job.start()

    def _take(self, path: str, job: "_Job", candidates: tuple[Candidate, ...]) -> None:
        if self._job is not job:
            return
        self._job = None
        if isinstance(job.error, UnverifiableError):
            self._why = str(job.error)
            self._waiting[path] = candidates
            return
        if job.error is not None:
            log.error("the claims of %s cannot be tested", path, exc_info=job.error)
        found = {(each.function, each.check): each for each in job.found}
        for each in candidates:
            self._judge(path, each, found.get((each.function, each.check)), job)
        self._known.judge([path])

    def _judge(self, path: str, candidate: Candidate, finding: Finding | None, job: "_Job") -> None:
        """Keep what came of a claim, if the code that ran still is what is known, and stands on the disk."""
        if finding is None or finding.result is Result.OPEN:
            if job.is_wanted:
                self._open.add(candidate.address)
                reason = finding.reason if finding is not None else "it was not tried"
                log.info("%s: nothing can be said of `%s`: %s", path, candidate.check, reason)
        elif self._verdicts.trace(candidate.refs) == candidate.trace and all(
            self._is_on_disk(each) for each, _ in candidate.trace
        ):
            verdict = Verdict(
                result=finding.result,
                runs=finding.runs,
                example=finding.example,
                environment=job.environment,
                refs=tuple(sorted(candidate.refs)),
                trace=candidate.trace,
            )
            self._verdicts.take(candidate.address, verdict)

    def _is_on_disk(self, path: str) -> bool:
        raw, facts = self._files.read(path), self._deduction.knowledge.facts.get(path)
        if not isinstance(raw, bytes) or facts is None:
            return False
        return text_digest(read_text(raw)) == facts.text_digest


def _trials(candidates: Iterable[Candidate]) -> Iterator[Trial]:
    """Yield what is to be tried, each with the modules that must be what is imported."""
    for each in candidates:
        yield Trial(each.function, (each.check,), tuple(path for path, _ in each.trace))


class _Job(threading.Thread):
    """One module's claims being tried, on a thread that waits."""

    def __init__(
        self,
        work: Callable[[Callable[[], bool]], tuple[str, tuple[Finding, ...]]],
        done: Callable[["_Job"], None],
    ) -> None:
        super().__init__(name="sleeplsp-verification", daemon=True)
        self.is_wanted = True
        self.environment = ""
        self.found: tuple[Finding, ...] = ()
        self.error: Exception | None = None
        self._work, self._done = work, done

    def run(self) -> None:
        """Have them tried, and say so."""
        try:
            self.environment, self.found = self._work(lambda: self.is_wanted)
        except Exception as error:  # noqa: BLE001 - told by the thread that takes what came of it
            self.error = error
        self._done(self)
