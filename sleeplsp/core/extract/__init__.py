"""Extracting facts: a module's program and symbols -> ModuleFacts.

Reads flow programs only, so it serves every language that has a lowering. It must not know a grammar,
and must not follow an import.
"""

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.extract.classes import class_facts
from sleeplsp.core.extract.fixed import fixed
from sleeplsp.core.extract.functions import function_facts
from sleeplsp.core.extract.modules import interface, top_level
from sleeplsp.core.extract.stores import stores
from sleeplsp.core.facts import MODULE, ClassFacts, FunctionFacts, ModuleFacts, Path
from sleeplsp.core.flow import Program, ProgramKind
from sleeplsp.core.locals import local_paths
from sleeplsp.core.paths import Names, dotted
from sleeplsp.core.symbols import Symbol
from sleeplsp.core.walk import statements


def extract(facts: ModuleFacts, module: Program) -> ModuleFacts:
    """Complete the facts of a module (path, digest, symbols) by what its program says."""
    extraction = _Extraction(facts.symbols)
    extraction.program(module, MODULE, owner="", around="", hidden=frozenset())
    bindings, stars, exports = top_level(module, extraction.ids)
    complete = msgspec.structs.replace(
        facts,
        functions=tuple(extraction.functions),
        classes=tuple(extraction.classes),
        bindings=bindings,
        stars=stars,
        exports=exports,
        fixed=fixed(module, extraction.functions, bindings) if not facts.errors else (),
        stores=tuple(sorted(extraction.stores)),
    )
    return msgspec.structs.replace(complete, interface=interface(complete))


def symbol_ids(symbols: tuple[Symbol, ...]) -> dict[int, str]:
    """Return the id of the symbol whose name stands at an offset."""
    return {symbol.name_start: symbol.id for symbol in symbols}


class _Extraction:
    """Functions and classes found so far."""

    def __init__(self, symbols: tuple[Symbol, ...]) -> None:
        self.ids = symbol_ids(symbols)
        self.functions: list[FunctionFacts] = []
        self.classes: list[ClassFacts] = []
        self.stores: set[Path] = set()
        self._locals: dict[int, dict[str, Path]] = {}

    def id_of(self, program: Program) -> str:
        """Return the id of a program's symbol, '' if it has none."""
        return self.ids.get(program.name_start, "")

    def locals_of(self, program: Program, owner: str) -> dict[str, Path]:
        """Return the paths of a program's locals, worked out once."""
        key = program.name_start  # a module begins where its first definition may begin
        if key not in self._locals:
            self._locals[key] = local_paths(program, _receiver(program, owner), self.ids)
        return self._locals[key]

    def program(
        self, program: Program, symbol: str, *, owner: str, around: str, hidden: frozenset[str]
    ) -> None:
        """Extract one program and all nested in it; lambdas count as part of what they stand in."""
        local = self.locals_of(program, owner)
        names = Names(
            local,
            hidden | (program.locals if program.kind is not ProgramKind.MODULE else frozenset()),
        )
        if program.kind is ProgramKind.CLASS:
            names = Names(local, hidden)
        facts = function_facts(program, symbol, owner, around, names)
        self.functions.append(facts)
        self.stores.update(stores(program, facts.names, names))
        inner_hidden = hidden if program.kind in (ProgramKind.CLASS, ProgramKind.MODULE) else names.hidden
        self._nested(program, symbol, owner, inner_hidden, names)

    def _nested(
        self, program: Program, symbol: str, owner: str, hidden: frozenset[str], names: Names
    ) -> None:
        inside_class = program.kind is ProgramKind.CLASS
        around = symbol if program.kind is ProgramKind.FUNCTION else ""
        has_classes = any(each.kind is ProgramKind.CLASS for each in program.nested)
        binds = _binds(program) if has_classes else {}
        for nested in program.nested:
            inner = self.id_of(nested)
            if nested.kind is ProgramKind.LAMBDA:
                self._nested(nested, symbol, owner, hidden | nested.locals, names)
            elif inner and nested.kind is ProgramKind.CLASS:
                bind = binds.get(nested.start)
                self.classes.append(
                    class_facts(nested, inner, symbol if symbol != MODULE else "", bind, names, self)
                )
                self.program(nested, inner, owner="", around=around, hidden=hidden)
            elif inner:
                self.program(
                    nested,
                    inner,
                    owner=symbol if inside_class else "",
                    around=around,
                    hidden=hidden,
                )


def _receiver(program: Program, owner: str) -> dict[str, Path]:
    """Return the path of a method's first parameter."""
    if not owner or not program.parameters:
        return {}
    decorators = {dotted(each).rpartition(".")[2] for each in program.decorators}
    if "staticmethod" in decorators:
        return {}
    implicit = program.name in ("__new__", "__init_subclass__", "__class_getitem__")
    first = program.parameters[0].name
    return {first: "$cls" if implicit or "classmethod" in decorators else "$self"}


def _binds(program: Program) -> dict[int, flow.Bind]:
    """Return the definitions in a program by where they begin."""
    return {each.start: each for each in statements(program.body) if isinstance(each, flow.Bind)}
