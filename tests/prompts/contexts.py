"""Contexts of modules of small workspaces, thought about in this process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.languages import language_of
from sleeplsp.core.reading import read
from sleeplsp.core.text import Text
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.reflection.gathering import module_context
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.hiding import hidden
from sleeplsp.prompts.redacted import Redact
from sleeplsp.redact import redact
from sleeplsp.workers.inline import InlineWorker
from sleeplsp.workers.workbench import Workbench
from tests.check_cases import TextFiles, library


@dataclass(frozen=True)
class Commits:
    """A history in which all commits touched every file."""

    lines: Sequence[str] = ()

    def subjects(self, path: str, count: int) -> Sequence[str]:
        assert path
        return self.lines[:count]


def context_of(
    files: Mapping[str, str], path: str, subjects: Sequence[str] = (), redaction: Redact = redact
) -> ModuleContext:
    """Return the context of one module."""
    worker = InlineWorker(Workbench(library()))
    deduction = Deduction("/", TextFiles(dict(files)), MemoryStore(), lambda: [worker], "test")
    try:
        deduction.run()
        found = module_context(deduction, path, Commits(subjects), redaction)
    finally:
        deduction.close()
    assert found is not None, path
    return found


def read_context(path: str, characters: str, redaction: Redact = redact) -> ModuleContext:
    """Return the context of a module of which nothing is known but its text."""
    language, text = language_of(path), Text.from_str(characters)
    assert language is not None
    found = read(path, language, text)
    return ModuleContext(
        path=path,
        language=language.name,
        text=text,
        facts=found.facts,
        outline=found.outline,
        hidden=hidden(text, redaction),
        calls=_calls(found.facts),
    )


def _calls(facts: ModuleFacts) -> dict[str, tuple[str, ...]]:
    """Return which functions call which by their bare names."""
    names = {each.symbol for each in facts.functions}
    return {
        each.symbol: tuple(call.callee for call in each.calls if call.callee in names)
        for each in facts.functions
    }
