"""Verdicts: what came of trying a claim, with all code that it rests on; and an Insight in their light.

That nothing could be said is no verdict and is not stored: another Python, or
one package more, and something can be said. It must not know who tries.
"""

import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files

import msgspec

from sleeplsp.core.insight import Grade, Insight, Invariant, Support
from sleeplsp.core.recipe import sources_digest
from sleeplsp.core.resolved import path_in, ref_of
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.ports import Store
from sleeplsp.engine.verification.code import Code
from sleeplsp.engine.verification.ports import Result

RULES = ("sleeplsp.verify", "sleeplsp.engine.verification")
"""Packages whose sources say what is tried and how: by other rules it is another verdict."""

Trace = tuple[tuple[str, str], ...]
"""Modules that a call leads to, each with the digest of its code."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What came of trying one claim. It holds while all of its trace does."""

    result: Result
    """Tested or refuted."""
    runs: int
    example: str
    environment: str
    """What ran the code; the verdict of one is told to all."""
    refs: tuple[str, ...]
    """Functions and classes that a call leads to."""
    trace: Trace


class Standing(msgspec.Struct, frozen=True):
    """One claim, and what came of it."""

    claim: Invariant
    address: str
    """Where its verdict is stored."""
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

    def standings(self, insight: Insight) -> list[Standing]:
        """Return the claims of an Insight with a check, each with its verdict if that holds."""
        claims = [each for each in insight.invariants if each.check]
        addresses = [self._address(insight.path, each) for each in claims]
        self._load(set(addresses))
        return [
            Standing(claim, address, self._holding(address))
            for claim, address in zip(claims, addresses, strict=True)
        ]

    def trace(self, refs: Iterable[str]) -> Trace:
        """Return what a verdict rests on, as it is now."""
        paths = sorted({path_in(each) for each in refs})
        return tuple((each, self._code.digest(each)) for each in paths)

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
                support = (*claim.support, *self._more_support(claim, verdict))
                told.append(
                    msgspec.structs.replace(claim, grade=Grade.TESTED, runs=verdict.runs, support=support)
                )
        return msgspec.structs.replace(insight, invariants=tuple(told))

    def take(self, address: str, verdict: Verdict) -> None:
        """Keep a verdict; of one address the last one counts."""
        self._known[address] = verdict
        self._store.put_many({address: msgspec.msgpack.encode(verdict)})

    def _holding(self, address: str) -> Verdict | None:
        verdict = self._known.get(address)
        holds = verdict is not None and all(self._code.digest(path) == seen for path, seen in verdict.trace)
        return verdict if holds else None

    def _more_support(self, claim: Invariant, verdict: Verdict) -> Iterator[Support]:
        own = {each.ref for each in claim.support}
        for ref in verdict.refs:
            if ref not in own:
                yield Support(ref, self._knowledge.codes.get(ref, ""))

    def _address(self, path: str, claim: Invariant) -> str:
        parts = (ref_of(path, claim.symbol), self._code.digest(path), claim.check or "", self._rules)
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
