"""Gathering the context of a module: from what is known of a workspace to what a model is told.

For the thread that deduces. Every text is redacted here, before it becomes part of a context. It must not
know prompts or models.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from sleeplsp.core.contract import Contract
from sleeplsp.core.facts import MODULE, FunctionFacts, ModuleFacts
from sleeplsp.core.insight import Suspicion
from sleeplsp.core.languages import languages
from sleeplsp.core.resolved import path_in, ref_of
from sleeplsp.core.symbols import outline
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text
from sleeplsp.deduce.idioms.tests import is_test
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.reflection.elsewhere import Elsewhere
from sleeplsp.prompts.context import ModuleContext, Use
from sleeplsp.prompts.hiding import hidden
from sleeplsp.prompts.redacted import Redact

USES_MAX = 3
"""Calls from elsewhere that are told of one function, and as many tests."""

SUBJECTS_MAX = 8


class Subjects(Protocol):
    """Whoever knows what commits were about (`repo.history.GitHistory`)."""

    def subjects(self, path: str, count: int) -> Sequence[str]:
        """Return the subject lines of the last commits that touched a file, newest first."""
        ...


def module_context(
    deduction: Deduction, path: str, history: Subjects | None, redact: Redact
) -> ModuleContext | None:
    """Return the context of a module; None if its text cannot be read, or is another than what is known."""
    text, facts = deduction.text_of(path), deduction.knowledge.facts.get(path)
    if text is None or facts is None:
        return None
    return _Gathering(deduction, facts, text, redact).context(history)


class _Gathering:
    """Gathers one context: what was looked into on the way is remembered."""

    def __init__(self, deduction: Deduction, facts: ModuleFacts, text: Text, redact: Redact) -> None:
        self._knowledge = deduction.knowledge
        self._facts = facts
        self._path = facts.path
        self._text = text
        self._redact = redact
        self._elsewhere = Elsewhere(deduction, redact)
        self._used = {each.symbol: list(self._uses_of(each)) for each in facts.functions}

    def context(self, history: Subjects | None) -> ModuleContext:
        language = languages()[self._facts.language]
        callers = sorted(self._callers())
        subjects = history.subjects(self._path, SUBJECTS_MAX) if history is not None else ()
        return ModuleContext(
            path=self._path,
            language=self._facts.language,
            text=self._text,
            facts=self._facts,
            outline=outline(language, self._text, parse(language, self._text)),
            hidden=hidden(self._text, self._redact),
            contracts=self._contracts(),
            suspected=tuple(self._suspected()),
            sentences=self._sentences(),
            imported=(
                *self._elsewhere.imported(self._used, self._path),
                *self._elsewhere.constants(self._path, self._naming),
            ),
            calls={
                symbol: tuple(ref.partition("::")[2] for ref in used if path_in(ref) == self._path)
                for symbol, used in self._used.items()
            },
            uses=tuple(self._calls(each for each in callers if not is_test(path_in(each[1])))),
            tests=tuple(self._calls(each for each in callers if is_test(path_in(each[1])))),
            subjects=tuple(self._redact(each).text for each in subjects),
        )

    def _uses_of(self, function: FunctionFacts) -> Iterator[str]:
        """Yield references of the functions and classes that a function surely uses."""
        context = self._knowledge.context(ref_of(self._path, function.symbol))
        found = [site.ref for site in context.sites.values()]
        found += [ref for site in context.sites.values() for ref in site.refs]
        found += [each.ref for each in context.names.values() if "::" in each.ref]
        yield from dict.fromkeys(found)

    def _naming(self, name: str) -> tuple[str, ...]:
        """Return the symbols of the module whose text holds a name; the module's own code may, always."""
        held = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        extents = {each.id: (each.start, each.end) for each in self._facts.symbols}
        told = (each.symbol for each in self._facts.functions if each.symbol in extents)
        return (MODULE, *(each for each in told if held.search(self._text.slice(*extents[each]))))

    def _contracts(self) -> dict[str, Contract]:
        own = (ref_of(self._path, each.symbol) for each in self._facts.functions)
        used = (ref for refs in self._used.values() for ref in refs)
        rows = self._knowledge.rows
        return {ref: rows[ref].contract for ref in dict.fromkeys((*own, *used)) if ref in rows}

    def _suspected(self) -> Iterator[Suspicion]:
        for each in self._facts.functions:
            row = self._knowledge.rows.get(ref_of(self._path, each.symbol))
            yield from row.suspicions if row is not None else ()

    def _sentences(self) -> dict[str, tuple[str, ...]]:
        rows = self._knowledge.rows
        told = {}
        for each in self._facts.functions:
            row = rows.get(ref_of(self._path, each.symbol))
            if row is not None and row.invariants:
                told[each.symbol] = tuple(claim.sentence for claim in row.invariants)
        return told

    def _callers(self) -> Iterator[tuple[str, str]]:
        """Yield the module's functions with who calls them from elsewhere."""
        for each in self._facts.functions:
            for ref in self._knowledge.callers.get(ref_of(self._path, each.symbol), ()):
                if path_in(ref) != self._path:
                    yield each.symbol, ref

    def _calls(self, callers: Iterable[tuple[str, str]]) -> Iterator[Use]:
        counts: dict[str, int] = {}
        for symbol, caller in callers:
            counts[symbol] = counts.get(symbol, 0) + 1
            if counts[symbol] > USES_MAX:
                continue
            code = self._elsewhere.call(caller, ref_of(self._path, symbol))
            if code:
                yield Use(symbol=symbol, ref=caller, code=code)
