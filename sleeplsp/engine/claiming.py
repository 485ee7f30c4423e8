"""Claiming: which modules somebody looks at, and what is to be told of each once it is decided.

It must not know who is told, nor how.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping

import msgspec

from sleeplsp.core.insight import Suspicion
from sleeplsp.core.located import ModuleClaims
from sleeplsp.core.resolved import path_in
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.enriching import InsightOf, no_insight, with_insight, with_linked
from sleeplsp.engine.locate import Locator, module_claims, with_suspicions

Beside = Callable[[str], Collection[Suspicion]]
"""What is suspected in a module beside what its own deduction says."""


def _nothing(_path: str) -> Collection[Suspicion]:
    return ()


class Claiming:
    """The modules of one workspace that are looked at; for one thread."""

    def __init__(
        self, deduction: Deduction, beside: Beside = _nothing, insight_of: InsightOf | None = None
    ) -> None:
        self._deduction = deduction
        self._changed = deduction.watch()
        self._beside = beside
        self._insight_of = insight_of or no_insight
        self._shown: dict[str, str] = {}
        """Digests of the claims that are held of each module."""
        self._waiting: dict[str, None] = {}
        """Modules of which there may be news."""
        self._rest_on: dict[str, set[str]] = {}
        """The modules that the claims of one rest on or tell of."""

    def show(self, shown: Mapping[str, str], held: Collection[str]) -> list[str]:
        """Take note of what is looked at; `held` are those of it whose text is new.

        Returns those of which nothing can be told soon: something else has to be found out first.
        """
        self._shown = dict(shown)
        self._rest_on = {path: on for path, on in self._rest_on.items() if path in shown}
        fresh = [path for path, digest in shown.items() if not digest or path in held]
        kept = [path for path in self._waiting if path in shown]
        self._waiting = dict.fromkeys((*kept, *fresh))
        if self._deduction.is_near:
            return []
        return [path for path in fresh if path in held and not self._deduction.is_left_out(path)]

    def news(self) -> Iterator[ModuleClaims]:
        """Yield claims of modules that are decided, as far as they are others than those held."""
        deduction = self._deduction
        changed = frozenset(self._changed)
        self._changed.clear()
        for path in self._shown:
            if path in changed or not changed.isdisjoint(self._rest_on.get(path, ())):
                self._waiting[path] = None
        if not self._waiting:
            return
        locator = Locator(deduction.text_of)
        for path in [each for each in self._waiting if deduction.is_decided(each)]:
            del self._waiting[path]
            claims = self._claims(path, locator)
            if claims.digest != self._shown[path]:
                self._shown[path] = claims.digest
                yield claims

    def renew(self, paths: Collection[str]) -> None:
        """Have claims told once more of those of some modules that are looked at."""
        self._waiting.update(dict.fromkeys(path for path in self._shown if path in paths))

    def lost(self) -> Iterator[ModuleClaims]:
        """Yield that nothing is claimed any more of modules that are left out now, as by a setting."""
        for path, digest in self._shown.items():
            if digest and path not in self._deduction.knowledge.facts:
                self._shown[path] = ""
                yield ModuleClaims(path=path, text_digest="", symbols={})

    def _claims(self, path: str, locator: Locator) -> ModuleClaims:
        rows = self._deduction.rows
        row = rows[path]
        claims = module_claims(row, self._deduction.knowledge.rows, self._deduction.index, locator)
        claims = with_suspicions(claims, row, self._beside(path), locator)
        if (insight := self._insight_of(path)) is not None:
            claims = with_insight(claims, row, insight, locator)
        claims = with_linked(claims, self._insight_of, locator)
        evidence = [
            each
            for symbol in claims.symbols.values()
            for each in (
                *(claim.evidence for claim in symbol.invariants),
                *(located.suspicion.evidence for located in symbol.suspicions),
            )
        ]
        steps = [step.place.ref for each in evidence for step in each]
        self._rest_on[path] = {path_in(ref) for ref in (*steps, *(link.ref for link in claims.links))}
        return msgspec.structs.replace(claims, digest=_digest(claims))


def _digest(claims: ModuleClaims) -> str:
    return hashlib.blake2b(msgspec.msgpack.encode(claims), digest_size=12).hexdigest()
