"""What a module uses of others, and how others use it: signatures, documentation, the lines around calls.

Texts are looked into as they are known, and redacted whole before a piece is taken. It must not know which
pieces are sent.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from sleeplsp.core.facts import CallSite
from sleeplsp.core.languages import CLASS_KINDS, Language, language_of
from sleeplsp.core.resolved import path_in
from sleeplsp.core.symbols import Outline, Symbol, outline
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.reflection.constants import constants
from sleeplsp.prompts.context import Hidden, Imported
from sleeplsp.prompts.fence import clean
from sleeplsp.prompts.hiding import cuts_of, hidden, spliced
from sleeplsp.prompts.redacted import Redact
from sleeplsp.prompts.sameness import python_tree
from sleeplsp.prompts.shown import header

LINES_BEFORE, LINES_BEHIND = 2, 3
"""Lines that are shown around a call."""

CALL_LINES_MAX = 6
"""Lines of the call itself."""

LINE_MAX = 200
"""Characters of one of them."""

DOC_MAX = 300
_QUOTES = re.compile(r"\A[rRuU]?(?:\"\"\"|\'\'\'|[\"\'])\s*|\s*[\"\']+\Z")
SIGNATURE_MAX = 400
CONSTANT_MAX = 120
"""Characters of a constant: of a longer one, such as a table, nothing is told."""


class _Module:
    """Another module, read."""

    def __init__(self, language: Language, text: Text, redact: Redact) -> None:
        self.language = language
        self.text = text
        self._redact = redact

    @cached_property
    def outline(self) -> Outline:
        """Its symbols, looked for where one of them is told of."""
        return outline(self.language, self.text, parse(self.language, self.text))

    @cached_property
    def symbols(self) -> dict[str, Symbol]:
        """The same by id."""
        return {each.id: each for each in self.outline.symbols}

    @cached_property
    def hidden(self) -> tuple[Hidden, ...]:
        """Its secrets, looked for where lines of it are shown."""
        return hidden(self.text, self._redact)


class Elsewhere:
    """Looks into other modules; for the gathering of one context."""

    def __init__(self, deduction: Deduction, redact: Redact) -> None:
        self._deduction = deduction
        self._knowledge = deduction.knowledge
        self._redact = redact
        self._modules: dict[str, _Module | None] = {}

    def imported(self, used: Mapping[str, Sequence[str]], path: str) -> Iterator[Imported]:
        """Yield what a module's symbols use of other modules, by reference."""
        users: dict[str, list[str]] = {}
        for symbol, refs in used.items():
            for ref in refs:
                if path_in(ref) != path:
                    users.setdefault(ref, []).append(symbol)
        for ref, symbols in sorted(users.items()):
            module = self._module(path_in(ref))
            found = module.symbols.get(ref.partition("::")[2]) if module is not None else None
            if module is not None and found is not None:
                yield self._told(ref, module, found, tuple(symbols))

    def constants(self, path: str, users: Callable[[str], tuple[str, ...]]) -> Iterator[Imported]:
        """Yield the constants that a module imports by name and whose values are short literals.

        `users` tells which of the module's symbols name something.
        """
        for name, ref, symbol in constants(self._knowledge, path):
            module = self._module(path_in(ref))
            written = _written(module, symbol) if module is not None else ""
            if written:
                yield Imported(ref=ref, signature=written, used_by=users(name))

    def call(self, caller: str, callee: str) -> str:
        """Return the lines around the first call of a function in another; '' if it cannot be found."""
        path = path_in(caller)
        module, function = self._module(path), self._knowledge.index.functions.get(caller)
        if module is None or function is None:
            return ""
        for each in function.calls:
            site = self._knowledge.contexts.site(path, function.owner, each.callee)
            if site is not None and (callee in site.refs or callee == site.ref):
                return _lines_around(module, each)
        return ""

    def _told(self, ref: str, module: _Module, symbol: Symbol, used_by: tuple[str, ...]) -> Imported:
        row = self._knowledge.rows.get(ref)
        signature = _header(module, symbol)
        if symbol.kind in CLASS_KINDS and (made := module.symbols.get(f"{symbol.id}.__init__")) is not None:
            signature = f"{signature} {_header(module, made)}"
        return Imported(
            ref=ref,
            signature=self._redact(signature).text[:SIGNATURE_MAX],
            doc=_doc(module.text, symbol, self._redact)[:DOC_MAX],
            sentences=tuple(each.sentence for each in row.invariants) if row is not None else (),
            used_by=used_by,
        )

    def _module(self, path: str) -> _Module | None:
        if path not in self._modules:
            text, language = self._deduction.text_of(path), language_of(path)
            if text is None or language is None:
                self._modules[path] = None
            else:
                self._modules[path] = _Module(language, text, self._redact)
        return self._modules[path]


def _header(module: _Module, symbol: Symbol) -> str:
    return header(module.language.name, module.text, module.outline.layout, symbol)


def _written(module: _Module, symbol: Symbol) -> str:
    """Return a constant's assignment on one line, if its value is a short literal; '' else."""
    said = spliced(module.text, cuts_of(module.hidden), symbol.start, symbol.end)
    assigned = python_tree(said) if module.language.name == "python" else None
    match assigned.body if assigned is not None else ():
        case [ast.Assign(targets=[ast.Name()], value=value) | ast.AnnAssign(target=ast.Name(), value=value)]:
            found = ast.unparse(assigned) if assigned is not None and _is_literal(value) else ""
            return found if len(found) <= CONSTANT_MAX else ""
    return ""


def _is_literal(value: ast.expr | None) -> bool:
    """Tell whether a value is written out that nobody can change: what is in a list may be another later."""
    try:
        return _is_lasting(ast.literal_eval(value or ""))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False


def _is_lasting(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_lasting, value))
    return not isinstance(value, (list, dict, set))


def _doc(text: Text, symbol: Symbol, redact: Redact) -> str:
    """Return the first paragraph of a symbol's documentation, redacted with its quotes, as no code."""
    if symbol.doc_start < 0:
        return ""
    written = _QUOTES.sub("", redact(text.slice(symbol.doc_start, symbol.doc_end)).text.strip())
    return " ".join(written.replace("\r\n", "\n").split("\n\n")[0].split())


def _lines_around(module: _Module, call: CallSite) -> str:
    text = module.text
    first = text.line_of(call.name_start)
    last = min(text.line_of(call.end), first + CALL_LINES_MAX)
    starts = text.line_starts
    start = starts[max(first - LINES_BEFORE, 0)]
    end = starts[last + LINES_BEHIND + 1] if last + LINES_BEHIND + 1 < len(starts) else len(text.source)
    shown = spliced(text, cuts_of(module.hidden), start, end)
    return "\n".join(each[:LINE_MAX] for each in clean(shown).split("\n"))
