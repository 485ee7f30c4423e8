"""The ground a reply is held against: one module's text, symbols, names and what was deduced of it.

It must not know what a reply says.
"""

import re
from functools import cached_property

from sleeplsp.core.contract import UNKNOWN_CONTRACT, Contract
from sleeplsp.core.facts import MODULE, FunctionFacts
from sleeplsp.core.insight import Support
from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS, Language, languages
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.text import decode_slice
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.reply.quotes import Quotes
from sleeplsp.prompts.sameness import python_tree, words
from sleeplsp.prompts.shown import header
from sleeplsp.prompts.slicing import Slice

_NAME = re.compile(r"[^\W\d]\w*")


class Ground:
    """A module, ready to be looked things up in."""

    def __init__(self, context: ModuleContext, part: Slice) -> None:
        self.context = context
        self.subjects = frozenset(part.subjects)
        self.language: Language = languages()[context.language]
        self.symbols = {
            MODULE: context.outline.module,
            **{each.id: each for each in context.outline.symbols},
        }
        self.functions: dict[str, FunctionFacts] = {each.symbol: each for each in context.facts.functions}
        self.quotes = Quotes(context.path, self.language, context.text, context.outline)

    @property
    def is_python(self) -> bool:
        """Whether Python's names and expressions mean something here."""
        return self.context.language == "python"

    def symbol(self, said: str) -> str | None:
        """Return the id of what a reply calls so: as it was listed, or the only one of that last name."""
        said = said.strip().strip("`").removeprefix(f"{self.context.path}::").removesuffix("()")
        if said in self.symbols:
            return self._subject(said)
        named = self._by_name.get(said, [])
        return named[0] if len(named) == 1 else None

    def contract(self, symbol_id: str) -> Contract:
        """Return what was deduced of a symbol."""
        return self.context.contracts.get(ref_of(self.context.path, symbol_id), UNKNOWN_CONTRACT)

    def support(self, symbol_ids: tuple[str, ...]) -> tuple[Support, ...]:
        """Return symbols with the digests of their code."""
        path = self.context.path
        return tuple(
            Support(ref_of(path, each), self.symbols[each].digest) for each in dict.fromkeys(symbol_ids)
        )

    def written(self, symbol_id: str) -> frozenset[str]:
        """Return the words of a symbol's first line and documentation."""
        symbol, context = self.symbols[symbol_id], self.context
        doc = context.text.slice(symbol.doc_start, symbol.doc_end) if symbol.doc_start >= 0 else ""
        return words(f"{self.header(symbol_id)} {doc}")

    def header(self, symbol_id: str) -> str:
        """Return a symbol's first line; '' for the module."""
        if symbol_id == MODULE:
            return ""
        context = self.context
        return header(context.language, context.text, context.outline.layout, self.symbols[symbol_id])

    @cached_property
    def is_valid_python(self) -> bool:
        """Whether the text is a Python module, for this very version."""
        text = self.context.text
        return self.is_python and python_tree(text.slice(0, len(text.source))) is not None

    @cached_property
    def names(self) -> frozenset[str]:
        """All words of the module's text that may be names."""
        return frozenset(_NAME.findall(decode_slice(self.context.text.parsed)))

    def _subject(self, symbol_id: str) -> str:
        """Return what claims of a symbol are kept of: it, or of a variable what it stands in."""
        while symbol_id not in self._kept and symbol_id != MODULE:
            symbol_id = symbol_id.rpartition(".")[0] or MODULE
        return symbol_id

    @cached_property
    def _kept(self) -> frozenset[str]:
        kinds = CALLABLE_KINDS | CLASS_KINDS
        return frozenset(each.id for each in self.context.outline.symbols if each.kind in kinds)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in self.context.outline.symbols:
            if each.id in self._kept:
                found.setdefault(each.name, []).append(each.id)
        return found
