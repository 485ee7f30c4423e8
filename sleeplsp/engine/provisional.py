"""Provisional claims: what can be said at once of one module, before anything else is known.

Either its stored row, which may rest on what has changed since; or what follows from the module alone, with
every callee outside it unknown. Shown on hover only, marked as such, and never stored. It must not know who
is told.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping

import msgspec

from sleeplsp.core import graph
from sleeplsp.core.context import digest as context_digest
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.languages import language_of
from sleeplsp.core.located import ModuleClaims
from sleeplsp.core.row import FunctionRow, ModuleRow, address
from sleeplsp.core.text import Text, text_digest
from sleeplsp.deduce.effort import FIRST
from sleeplsp.engine.gather import decoded
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.locate import Locator, module_claims
from sleeplsp.engine.ports import Files, SkipReason, Store
from sleeplsp.engine.rows import rows_of
from sleeplsp.engine.work import FunctionJob, SourceFile, UnitJob, Worker

SECONDS_MAX = 0.5
"""Seconds for one module; what was not deduced by then is left to the run that follows."""

_IMPORTED = re.compile(r"\{0:(\w+)")


class Provisional:
    """Makes provisional claims for one workspace; for one thread."""

    def __init__(self, files: Files, store: Store, recipe: str, worker: Callable[[], Worker]) -> None:
        self._files = files
        self._store = store
        self._recipe = recipe
        self._start = worker
        self._worker: Worker | None = None

    def __call__(self, path: str, text: Text) -> ModuleClaims | None:
        """Return what can be claimed of a module that says `text`."""
        found = self._stored(path, text) or self._deduced(path, text)
        if found is None:
            return None
        row, knowledge = found
        locator = Locator(lambda each: text if each == path else None)
        claims = module_claims(row, knowledge.rows, knowledge.index, locator)
        return msgspec.structs.replace(claims, provisional=True)

    def _stored(self, path: str, text: Text) -> tuple[ModuleRow, Knowledge] | None:
        key = address(path, text_digest(text), self._recipe)
        row = decoded(self._store.get_many([key]).get(key))
        if row is None:
            return None
        knowledge = Knowledge()
        knowledge.begin({path: row.facts}, {path: row}, trusted=True)
        return row, knowledge

    def _deduced(self, path: str, text: Text) -> tuple[ModuleRow, Knowledge] | None:
        language = language_of(path)
        if language is None:
            return None
        worker = self._worker = self._worker or self._start()
        source = SourceFile(path, language.name, text.source)
        (facts,) = worker.read([source])
        if isinstance(facts, str):
            return None
        knowledge = Knowledge()
        beside = {each: _hollow(each) for each in self._shadowing(facts)}
        knowledge.begin({**beside, path: facts}, {}, trusted=False)
        ends_at = time.monotonic() + SECONDS_MAX
        for unit in graph.units(knowledge.calls):
            if time.monotonic() > ends_at:
                break
            for ref, row in _decided(knowledge, unit, worker, source).items():
                knowledge.learn(ref, row)
        return knowledge.module_row(path), knowledge

    def _shadowing(self, facts: ModuleFacts) -> Iterator[str]:
        """Yield files of the workspace that may be meant where the module imports a library's name."""
        names = {
            each.target.partition(".")[0]
            for bindings in facts.bindings.values()
            for each in bindings
            if each.kind == "import" and not each.level
        }
        for function in facts.functions:
            names.update(name for path in function.names for name in _IMPORTED.findall(path))
        names.update(star.partition(".")[0] for star, level in facts.stars if not level)
        folder = facts.path[: facts.path.rfind("/") + 1]
        for name in sorted(names):
            for root in dict.fromkeys(("", "src/", "lib/", folder)):
                for candidate in (f"{root}{name}.py", f"{root}{name}/__init__.py"):
                    if candidate != facts.path and self._files.read(candidate) is not SkipReason.UNREADABLE:
                        yield candidate


def _decided(
    knowledge: Knowledge, unit: tuple[str, ...], worker: Worker, source: SourceFile
) -> Mapping[str, FunctionRow]:
    contexts = {ref: knowledge.context(ref) for ref in unit}
    known = {
        callee: knowledge.rows[callee].contract
        for context in contexts.values()
        for callee in context.callees
        if callee in knowledge.rows
    }
    job = UnitJob(tuple(FunctionJob(*each, FIRST) for each in contexts.items()), known)
    consulted = {ref: knowledge.consulted(ref) for ref in unit}
    results = worker.deduce([job], lambda _path: source)
    digests = {ref: context_digest(context) for ref, context in contexts.items()}
    return rows_of(knowledge, results, digests, consulted, FIRST)


def _hollow(path: str) -> ModuleFacts:
    """Return facts of a module that is there and of which nothing is known."""
    return ModuleFacts(path=path, language="", text_digest="", lines=0, errors=0, symbols=(), digest="")
