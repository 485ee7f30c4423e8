"""A course: the calls about one module, one after the other, until that was thought about enough.

First generations that know nothing of each other, more of them while they disagree; then, for a deep look, a
pass that is told what they found; then a critic for each suspicion that would be shown. One call at a time,
so that an endpoint has at hand what they have in common; what is made in any case may come with one. It
must not know who makes the calls, nor time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

import msgspec

from sleeplsp.core.insight import Grade, Insight, Severity, Suspicion
from sleeplsp.engine.model import Call, Phase, Usage
from sleeplsp.engine.reflection.policy import AGREEMENT_MIN, CRITIC_TEMPERATURE, TEMPERATURE, Depth, Policy
from sleeplsp.engine.reflection.rows import Reply, Slot, Study
from sleeplsp.engine.reflection.tally import added
from sleeplsp.engine.reflection.trust import REFUTED
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.critic import Verdict, critic_prompt, read_verdict
from sleeplsp.prompts.keys import provenance
from sleeplsp.prompts.merge import merge
from sleeplsp.prompts.predictability import Weighed, predictability, ranked
from sleeplsp.prompts.prompt import Prompt
from sleeplsp.prompts.reply.held import DropReason, Held
from sleeplsp.prompts.reply.read import read
from sleeplsp.prompts.sleep import sleep_prompt, slices
from sleeplsp.prompts.slicing import Slice

SLEEP, LATER, CRITIC = "sleep", "later", "critic"
"""What a reply is."""

VERDICT_TOKENS_MAX = 300

UNREADABLE = frozenset({DropReason.NO_JSON, DropReason.NO_REPLY})
"""A reply dropped as a whole; of another, items that are not of the schema's form are dropped alone."""


class Ask(NamedTuple):
    """The next call, and which reply it is to bring."""

    slot: Slot
    call: Call
    others: tuple[Slot, ...] = ()
    """Which more replies it may bring, in turn."""


class UnreadableError(ValueError):
    """A reply that is not of the form asked for."""


class Course:
    """One module's; for one thread."""

    def __init__(self, context: ModuleContext, key: str, edition: int, depth: Depth, policy: Policy) -> None:
        self.context = context
        self.key = key
        self.edition = edition
        self.depth = depth
        self.parts = slices(context, policy.prompt_tokens_max)
        self._policy = policy
        self._held: dict[Slot, Held] = {}
        self._verdicts: dict[Slot, Verdict] = {}
        self._usage, self._seconds = Usage(), 0.0

    @property
    def path(self) -> str:
        """The module."""
        return self.context.path

    def slots(self) -> Iterator[Slot]:
        """Yield which replies to begin with, as far as that is known beforehand."""
        for part in self.parts:
            yield from (self._slot(SLEEP, part.subjects, number) for number in range(self.depth.most))

    def next(self, *, alone: bool = False) -> Ask | None:
        """Return the next call, if wanted for one reply alone; None if the course is over."""
        for part in self.parts:
            if (slot := self._generation(part)) is not None:
                others = () if alone else tuple(self._besides(part, slot))
                call = self._sleep_call(part, slot, None)
                return Ask(slot, msgspec.structs.replace(call, replies=1 + len(others)), others)
        for part in self.parts if self.depth.later else ():
            slot = self._slot(LATER, part.subjects)
            if slot not in self._held:
                return Ask(slot, self._sleep_call(part, slot, self._merged()))
        for suspicion in self._contestable():
            slot = self._slot(CRITIC, (suspicion.id,))
            if slot in self._verdicts:
                continue
            prompt = critic_prompt(self.context, suspicion, self._policy.prompt_tokens_max)
            if prompt is not None:  # else it is told where one looks, and shown to nobody else
                return Ask(slot, self._critic_call(prompt, slot))
        return None

    def take(self, slot: Slot, reply: Reply) -> None:
        """Take a reply, new or stored. Raises UnreadableError if nothing can be made of it."""
        if slot.what == CRITIC:
            self._verdicts[slot] = read_verdict(reply.text)
        else:
            part = next(each for each in self.parts if _about(each.subjects) == slot.about)
            held = read(reply.text, self.context, part, later=slot.what == LATER)
            if any(each.reason in UNREADABLE for each in held.drops):
                raise UnreadableError(", ".join(each.reason for each in held.drops))
            self._held[slot] = held
        self._usage = added(self._usage, reply.usage)
        self._seconds += reply.seconds

    def study(self, weighed: Sequence[Weighed] = ()) -> Study:
        """Return what is known by now; of `weighed` questions the most predictable come first."""
        insight = self._judged(self._merged())
        if weighed:
            first = ranked(weighed)
            rest = tuple(each for each in insight.questions if each not in first)
            insight = msgspec.structs.replace(insight, questions=first + rest)
        drops = Counter(drop.reason.value for held in self._held.values() for drop in held.drops)
        if refuted := sum(verdict.refuted for verdict in self._verdicts.values()):
            drops[REFUTED] += refuted
        made = [len(self._generations(part)) for part in self.parts]
        return Study(
            insight=insight,
            depth=(min(made, default=0), self.depth.later),
            kept={
                "invariants": len(insight.invariants),
                "suspicions": len(insight.suspicions),
                "questions": len(insight.questions),
            },
            drops=dict(drops),
            provenance=provenance(self.context),
            usage=self._usage,
            seconds=self._seconds,
            predictability=predictability(weighed) if weighed else None,
        )

    def _slot(self, what: str, about: tuple[str, ...], number: int = 0) -> Slot:
        return Slot(self.key, self.edition, what, _about(about), number)

    def _generations(self, part: Slice) -> list[Held]:
        """Return the generations there are of a slice, without a gap."""
        found: list[Held] = []
        while (held := self._held.get(self._slot(SLEEP, part.subjects, len(found)))) is not None:
            found.append(held)
        return found

    def _generation(self, part: Slice) -> Slot | None:
        made = self._generations(part)
        is_wanted = len(made) < self.depth.first or (len(made) < self.depth.most and self._disagree(made))
        return self._slot(SLEEP, part.subjects, len(made)) if is_wanted else None

    def _besides(self, part: Slice, slot: Slot) -> Iterator[Slot]:
        """Yield the generations that are made in any case, and may be with the same call."""
        numbers = range(slot.number + 1, self.depth.first)
        slots = (self._slot(SLEEP, part.subjects, number) for number in numbers)
        yield from takewhile(lambda each: each not in self._held, slots)

    def _disagree(self, made: list[Held]) -> bool:
        insight = merge(self.path, self.key, made)
        votes = [
            *(each.votes for each in insight.invariants),
            *(each.votes for each in insight.suspicions),
        ]
        agreed = sum(each is not None and each.agreed > 1 for each in votes)
        return agreed < AGREEMENT_MIN * len(votes)

    def _merged(self) -> Insight:
        return merge(self.path, self.key, [*self._held.values()])

    def _contestable(self) -> list[Suspicion]:
        """Return the suspicions that would be shown if nothing speaks against them."""
        return [each for each in self._merged().suspicions if self._is_contestable(each)]

    def _is_contestable(self, suspicion: Suspicion) -> bool:
        is_interesting = suspicion.category not in self._policy.dull
        return suspicion.grade is Grade.AGREED and suspicion.severity is not Severity.NOTE and is_interesting

    def _judged(self, insight: Insight) -> Insight:
        """Leave out what was refuted; what was not although it was tried can be shown."""
        found: list[Suspicion] = []
        for each in insight.suspicions:
            verdict = self._verdicts.get(self._slot(CRITIC, (each.id,)))
            if verdict is None:
                found.append(msgspec.structs.replace(each, shown=False))
            elif not verdict.refuted:
                found.append(msgspec.structs.replace(each, shown=self._is_contestable(each)))
        return msgspec.structs.replace(insight, suspicions=tuple(found))

    def _sleep_call(self, part: Slice, slot: Slot, known: Insight | None) -> Call:
        prompt = sleep_prompt(self.context, part, slot.number, known)
        return self._call(Phase.SLEEP, prompt, slot, self._policy.reply_tokens_max, TEMPERATURE)

    def _critic_call(self, prompt: Prompt, slot: Slot) -> Call:
        return self._call(Phase.CRITIC, prompt, slot, VERDICT_TOKENS_MAX, CRITIC_TEMPERATURE)

    def _call(self, phase: Phase, prompt: Prompt, slot: Slot, tokens_max: int, temperature: float) -> Call:
        return Call(
            phase=phase,
            path=self.path,
            key=slot.address,
            prompt=prompt,
            reply_tokens_max=tokens_max,
            temperature=temperature,
            seed=slot.number,
            deadline_s=self._policy.call_s_max,
        )


def _about(subjects: Iterable[str]) -> tuple[str, ...]:
    """Return what a reply is about, in whatever order it stands in the text."""
    return tuple(sorted(subjects))
