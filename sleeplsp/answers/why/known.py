"""What is known beforehand of a workspace, as far as explaining a crash looks at it.

Made by whoever holds it: facts, resolution, what was deduced. Programs are lowered of a module's text when
a frame leads there, as deducing does. It must not know what was pasted.
"""

from collections.abc import Callable, Iterator, Mapping

from sleeplsp.core.context import Contexts, Site
from sleeplsp.core.facts import MODULE, FunctionFacts, ModuleFacts
from sleeplsp.core.flow import Program
from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS, language_of
from sleeplsp.core.reading import Reading, read
from sleeplsp.core.resolved import path_in, ref_of
from sleeplsp.core.row import FunctionRow
from sleeplsp.core.symbols import Symbol
from sleeplsp.core.text import Text, text_digest

READINGS_MAX = 60
"""Modules that are read anew for one question."""


class Known:
    """The knowledge of one workspace, for one question; it remembers the modules it has read."""

    def __init__(
        self,
        facts: Mapping[str, ModuleFacts],
        rows: Mapping[str, FunctionRow],
        contexts: Contexts,
        text_of: Callable[[str], Text | None],
    ) -> None:
        self.facts = facts
        self.rows = rows
        """By function."""
        self.contexts = contexts
        self.text_of = text_of
        """None if a module cannot be read any more."""
        self._readings: dict[str, Reading | None] = {}

    def reading(self, path: str) -> Reading | None:
        """Return a module as it is now; None if it cannot be read, or too many were."""
        if path not in self._readings:
            full = len(self._readings) >= READINGS_MAX
            text, language = None if full else self.text_of(path), language_of(path)
            made = read(path, language, text) if text is not None and language is not None else None
            self._readings[path] = made if made is not None and made.program is not None else None
        return self._readings[path]

    def is_current(self, path: str) -> bool:
        """Tell whether what was deduced of a module is of the text it has now."""
        text, facts = self.text_of(path), self.facts.get(path)
        return text is not None and facts is not None and facts.text_digest == text_digest(text)

    def program(self, ref: str) -> Program | None:
        """Return the body of a function or class."""
        reading = self.reading(path_in(ref))
        return programs(reading).get(ref.partition("::")[2]) if reading is not None else None

    def function(self, ref: str) -> FunctionFacts | None:
        """Return the facts of a function."""
        return self.contexts.index.functions.get(ref)

    def symbol(self, ref: str) -> Symbol | None:
        """Return a symbol as it is now."""
        reading = self.reading(path_in(ref))
        return reading.placing.symbol(ref.partition("::")[2]) if reading is not None else None

    def reached(self, ref: str, call_end: int) -> Site | None:
        """Return what a call of a function surely reaches, by where the call ends."""
        function = self.function(ref)
        if function is None or not self.is_current(path_in(ref)):
            return None
        callee = next((each.callee for each in function.calls if each.end == call_end), "")
        return self.contexts.site(path_in(ref), function.owner, callee) if callee else None

    def owner(self, ref: str) -> str:
        """Return the class whose method a function is, or stands in; '' if there is none."""
        path, seen = path_in(ref), 0
        function = self.function(ref)
        while function is not None and seen < 50:  # nesting of symbols is bounded anyway
            if function.owner:
                return ref_of(path, function.owner)
            function = self.function(ref_of(path, function.around)) if function.around else None
            seen += 1
        return ""

    def line(self, path: str, offset: int) -> int:
        """Return the line of an offset, from 1."""
        reading = self.reading(path)
        return reading.text.line_of(offset) + 1 if reading is not None else 0


def programs(reading: Reading) -> Mapping[str, Program]:
    """Return the programs of a module by symbol."""
    return reading.programs()


def scopes(reading: Reading, offset: int) -> list[Program]:
    """Return the programs around an offset, the module's own first."""
    found = [reading.program] if reading.program is not None else []
    while found:
        inner = next((each for each in found[-1].nested if each.start <= offset < each.end), None)
        if inner is None:
            return found
        found.append(inner)
    return found


def symbol_at(reading: Reading, offset: int) -> str:
    """Return the id of the function or class whose own code stands at an offset."""
    around = (each for each in reading.outline.symbols if each.start <= offset < each.end)
    inner = [each.id for each in around if each.kind in CALLABLE_KINDS | CLASS_KINDS]
    return inner[-1] if inner else MODULE


def methods(known: Known, class_ref: str) -> Iterator[tuple[str, Program]]:
    """Yield the functions of a class and of its bases in the workspace, by reference."""
    hierarchy = known.contexts.index.hierarchy
    for each in hierarchy.ancestors(class_ref) or (class_ref, *hierarchy.known_bases(class_ref)):
        facts = known.contexts.index.classes.get(each)
        for names in facts.members.values() if facts is not None else ():
            for name in names:
                ref = ref_of(path_in(each), name)
                program = known.program(ref)
                if program is not None:
                    yield ref, program
