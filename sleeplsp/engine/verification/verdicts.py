"""Verdicts: what came of trying a claim, stored under the code that was run; and an Insight in their light.

A verdict is an immutable row. That nothing could be said is no verdict and is not stored: another Python, or
one package more, and something can be said. It must not know who tries.
"""

import hashlib
from collections.abc import Iterator
from importlib.resources import files

import msgspec

from sleeplsp.core.insight import Grade, Insight, Invariant, Support
from sleeplsp.core.recipe import sources_digest
from sleeplsp.core.resolved import ref_of
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.ports import Store
from sleeplsp.engine.verification.code import Code
from sleeplsp.engine.verification.ports import Finding, Result

RULES = ("sleeplsp.verify",)
"""Packages whose sources say how a claim is tried: by other rules it is another verdict."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What came of trying one claim."""

    result: Result
    """Tested or refuted."""
    runs: int
    example: str
    environment: str
    """What ran the code."""


class Standing(msgspec.Struct, frozen=True):
    """One claim, and what came of it."""

    claim: Invariant
    address: str
    """Where its verdict is stored; '' where it cannot have one."""
    verdict: Verdict | None


class Verdicts:
    """The verdicts on one workspace; for one thread. Raises StoreError where the store does."""

    def __init__(self, store: Store, knowledge: Knowledge) -> None:
        self._store = store
        self._knowledge = knowledge
        self._code = Code(knowledge)
        self._rules = sources_digest(files(each) for each in RULES)
        self._known: dict[str, Verdict] = {}
        self._looked: set[str] = set()
        """Addresses that were looked up."""

    def reached(self, path: str, symbol: str) -> tuple[str, ...] | None:
        """Return the functions that a call leads to; None if they are too many."""
        return self._code.reached(ref_of(path, symbol))

    def standings(self, insight: Insight) -> list[Standing]:
        """Return the claims of an Insight with a check, each with its verdict."""
        claims = [each for each in insight.invariants if each.check]
        addresses = [self._address(insight.path, each) for each in claims]
        self._load({each for each in addresses if each})
        return [
            Standing(claim, address, self._known.get(address))
            for claim, address in zip(claims, addresses, strict=True)
        ]

    def judged(self, insight: Insight) -> Insight:
        """Return an Insight without what was refuted; what was tested says so, and rests on all that ran."""
        verdicts = {id(each.claim): each.verdict for each in self.standings(insight) if each.verdict}
        if not verdicts:
            return insight
        told = []
        for claim in insight.invariants:
            verdict = verdicts.get(id(claim))
            if verdict is None:
                told.append(claim)
            elif verdict.result is Result.TESTED:
                support = (*claim.support, *self._more_support(insight.path, claim))
                told.append(
                    msgspec.structs.replace(claim, grade=Grade.TESTED, runs=verdict.runs, support=support)
                )
        return msgspec.structs.replace(insight, invariants=tuple(told))

    def take(self, address: str, finding: Finding, environment: str) -> None:
        """Keep what came of a claim, unless nothing can be said."""
        if finding.result is Result.OPEN:
            return
        verdict = Verdict(
            result=finding.result, runs=finding.runs, example=finding.example, environment=environment
        )
        self._known[address] = verdict
        self._store.put_many({address: msgspec.msgpack.encode(verdict)})

    def _more_support(self, path: str, claim: Invariant) -> Iterator[Support]:
        own = {each.ref for each in claim.support}
        for ref in self.reached(path, claim.symbol) or ():
            if ref not in own:
                yield Support(ref, self._knowledge.codes.get(ref, ""))

    def _address(self, path: str, claim: Invariant) -> str:
        ref = ref_of(path, claim.symbol)
        if ref not in self._knowledge.calls or (reached := self._code.reached(ref)) is None:
            return ""
        parts = (ref, self._code.digest(reached), claim.check or "", self._rules)
        joined = "\0".join(parts).encode("utf-8", "surrogatepass")
        return "verdict/" + hashlib.blake2b(joined, digest_size=16).hexdigest()

    def _load(self, addresses: set[str]) -> None:
        addresses = addresses - self._looked
        self._looked |= addresses
        for address, raw in self._store.get_many(sorted(addresses)).items():
            try:
                self._known[address] = msgspec.msgpack.decode(raw, type=Verdict)
            except msgspec.DecodeError:  # another version's row: as if there were none
                continue
