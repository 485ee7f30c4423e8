"""What a variable was last given before it is read, where only one assignment can have given it.

Read off the program as it is written, so that what was lost on the way (how a text was made) can be
asked again. It must not know values.
"""

from functools import cached_property

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Name, Statement
from sleeplsp.core.walk import blocks_of, statements
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.bindings import bindings
from sleeplsp.deduce.written import Node, within


class Assigned:
    """The assignments of one program."""

    def __init__(self, analysis: Analysis) -> None:
        self._program = analysis.program
        self._written = analysis.written
        self._evaluator = analysis.evaluator

    @cached_property
    def _bindings(self) -> dict[str, list[Node]]:
        """Where every variable is bound, changed or unbound."""
        found: dict[str, list[Node]] = {
            name: [each.node for each in same] for name, same in bindings(self._program).items()
        }
        for statement in statements(self._program.body):
            match statement:
                case flow.Augment(target=Name(id=name)):
                    found.setdefault(name, []).append(statement)
                case flow.Delete(targets=targets):
                    for target in targets:
                        if isinstance(target, Name):
                            found.setdefault(target.id, []).append(statement)
        return found

    def before(self, name: str, read: Node) -> list[Node]:
        """Return the bindings of a variable that stand before a read of it, in source order."""
        found = (each for each in self._bindings.get(name, ()) if each.start < read.start)
        return sorted(found, key=lambda each: each.start)

    def statement(self, read: Name) -> Statement | None:
        """Return the only statement that can have bound what is read here."""
        if not self._evaluator.tracks(read.id):
            return None
        before = self.before(read.id, read)
        last = before[-1] if before else None
        if not isinstance(last, Statement) or last.end > read.start:
            return None
        return last if self._reaches(last, read) and self._is_alone(last, read) else None

    def value(self, read: Name) -> Expression | None:
        """Return the expression a variable was last given, its item where it was unpacked."""
        last = self.statement(read)
        if not isinstance(last, flow.Assign) or len(last.targets) != 1:
            return None
        target = last.targets[0]
        if isinstance(target, Name):
            return last.value
        if not isinstance(target, flow.Display) or any(isinstance(each, flow.Star) for each in target.items):
            return None
        for place, item in enumerate(target.items):
            if isinstance(item, Name) and item.id == read.id:
                constant = flow.Constant(item.start, item.end, "int", place)
                return flow.Index(last.value.start, last.value.end, last.value, constant)
        return None

    def _reaches(self, statement: Statement, read: Node) -> bool:
        """Tell whether every way to a read passes a statement before it."""
        outer = next((each for each in self._written.around(statement) if isinstance(each, Statement)), None)
        if outer is None:
            return True
        blocks = [each for each in blocks_of(outer) if within(each, statement)]
        return any(within(each, read) for each in blocks)

    def _is_alone(self, last: Statement, read: Name) -> bool:
        """Tell whether no loop brings another binding of the variable to a read."""
        loops = (each for each in self._written.around(read) if isinstance(each, (flow.For, flow.While)))
        return not any(
            loop.start <= each.start < loop.end
            for loop in loops
            if not loop.start <= last.start < loop.end
            for each in self._bindings[read.id]
        )
