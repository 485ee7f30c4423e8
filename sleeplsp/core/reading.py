"""Reading one module: text -> tree, symbols, programs and facts, all that one file says by itself."""

import hashlib

from tree_sitter import Tree

from sleeplsp.core.extract import extract, symbol_ids
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.flow import Program, ProgramKind
from sleeplsp.core.languages import Language
from sleeplsp.core.lower import lower
from sleeplsp.core.placing import Placing
from sleeplsp.core.symbols import Outline, outline
from sleeplsp.core.syntax import broken_nodes, parse
from sleeplsp.core.text import Text


class Reading:
    """One module as read. `program` is None for a language without a lowering."""

    def __init__(self, path: str, language: Language, text: Text, tree: Tree) -> None:
        self.path = path
        self.text = text
        self.tree = tree
        self.outline: Outline = outline(language, text, tree)
        self.program: Program | None = lower(language.name, text, tree)
        self.placing = Placing(path, language, text, tree, self.outline)
        self.facts = self._facts(language)

    def programs(self) -> dict[str, Program]:
        """Return every program that is a symbol's body by the symbol's id, the module's own included."""
        if self.program is None:
            return {}
        ids = symbol_ids(self.outline.symbols)
        found = {MODULE: self.program}
        pending = list(self.program.nested)
        while pending:
            program = pending.pop()
            pending.extend(program.nested)
            if program.kind is not ProgramKind.LAMBDA and (symbol := ids.get(program.name_start)):
                found[symbol] = program
        return found

    def _facts(self, language: Language) -> ModuleFacts:
        facts = ModuleFacts(
            path=self.path,
            language=language.name,
            text_digest=text_digest(self.text),
            lines=len(self.text.line_starts),
            errors=broken_nodes(self.tree),
            symbols=self.outline.symbols,
            digest=self.outline.module.digest,
        )
        return extract(facts, self.program) if self.program is not None else facts


def read(path: str, language: Language, text: Text) -> Reading:
    """Parse and read a module; any text can be read."""
    return Reading(path, language, text, parse(language, text))


def text_digest(text: Text) -> str:
    """Return the digest of a text: 24 hex characters."""
    return hashlib.blake2b(text.source, digest_size=12).hexdigest()
