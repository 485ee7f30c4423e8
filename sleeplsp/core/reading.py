"""Reading one module: text -> tree, symbols, programs and facts, all that one file says by itself."""

from sleeplsp.core.extract import extract, symbol_ids
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.flow import Program, ProgramKind
from sleeplsp.core.languages import Language
from sleeplsp.core.lower import lower
from sleeplsp.core.placing import Placing
from sleeplsp.core.symbols import Outline, outline
from sleeplsp.core.syntax import Tree, broken_nodes, parse
from sleeplsp.core.text import Text, text_digest


class Reading:
    """One module as read. `program` is None for a language without a lowering.

    The tree is not kept: it takes as much memory as all else together.
    """

    def __init__(self, path: str, language: Language, text: Text, tree: Tree) -> None:
        self.path = path
        self.text = text
        self.outline: Outline = outline(language, text, tree)
        self.program: Program | None = lower(language.name, text, tree)
        self.placing = Placing(path, language, text, self.outline)
        self.facts = self._facts(language, tree)

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

    def _facts(self, language: Language, tree: Tree) -> ModuleFacts:
        facts = ModuleFacts(
            path=self.path,
            language=language.name,
            text_digest=text_digest(self.text),
            # A line end at the end of a text begins no line.
            lines=self.text.line_ends + (self.text.source[-1:] not in (b"", b"\n", b"\r")),
            errors=broken_nodes(tree),
            symbols=self.outline.symbols,
            digest=self.outline.module.digest,
        )
        return extract(facts, self.program) if self.program is not None else facts


def read(path: str, language: Language, text: Text) -> Reading:
    """Parse and read a module; any text can be read."""
    return Reading(path, language, text, parse(language, text))
