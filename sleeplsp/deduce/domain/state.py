"""What every variable may hold at one point of a program.

Variables are names, and paths such as `self.file` that were tested or assigned; a variable that is not
in `values` may hold anything. `certain` is false where control comes only if something happens of which
nothing is known: nothing may be suspected there.
"""

from sleeplsp.deduce.domain.values import (
    ANYTHING,
    UNKNOWN,
    Nothing,
    Unbound,
    Value,
    join,
    may_be_none,
    may_be_unbound,
)


class State:
    """A mutable map from variable to Value; copied where control flow parts."""

    __slots__ = ("certain", "dead", "facts", "paths", "values")

    def __init__(
        self,
        values: dict[str, Value],
        facts: dict[str, bool] | None = None,
        *,
        certain: bool = True,
    ) -> None:
        self.values = values
        self.paths: set[str] = set()
        """Those of the variables that are paths."""
        self.facts = facts
        """On a single path: conditions known to have held or not, by their rendered text."""
        self.certain = certain
        self.dead = False
        """The step just run does not end: nothing comes after it."""

    def copy(self) -> "State":
        """Return an independent copy."""
        facts = self.facts.copy() if self.facts is not None else None
        other = State(self.values.copy(), facts, certain=self.certain)
        other.paths = self.paths.copy()
        return other

    def get(self, variable: str) -> Value:
        """Return what a variable may hold."""
        return self.values.get(variable, ANYTHING)

    def set(self, variable: str, value: Value) -> None:
        """Bind a variable, and forget what was known of paths that begin with it."""
        if self.paths:
            self.forget_paths_of(variable)
        self.narrow(variable, value)
        if self.facts:
            self.forget_facts_of(variable)

    def narrow(self, variable: str, value: Value) -> None:
        """Learn more about a variable without its having changed."""
        self.values[variable] = value
        if "." in variable:
            self.paths.add(variable)

    def forget_paths_of(self, variable: str) -> None:
        """Forget paths that begin with this variable or path."""
        prefix = f"{variable}."
        self._forget([known for known in self.paths if known.startswith(prefix)])

    def forget_paths_to(self, attribute: str) -> None:
        """Forget paths that end in this attribute: another one may lead to the same object."""
        suffix = f".{attribute}"
        self._forget([known for known in self.paths if known.endswith(suffix)])

    def forget_paths(self) -> None:
        """Forget all paths: a call may have changed any object."""
        if self.paths:
            self._forget(list(self.paths))

    def _forget(self, stale: list[str]) -> None:
        for known in stale:
            self.values.pop(known, None)
            self.paths.discard(known)

    def forget_facts_of(self, variable: str) -> None:
        """Forget conditions that mention a variable."""
        if self.facts:
            name = variable.partition("#")[0]
            for fact in [fact for fact in self.facts if name in fact and _mentions(fact, name)]:
                del self.facts[fact]

    def doubtful(self) -> "State":
        """Return this state where it is not known whether control comes: no None, nothing unbound."""
        other = self.copy()
        other.doubt()
        return other

    def doubt(self) -> None:
        """From here on it is not known whether control comes."""
        self.certain = False
        for variable, value in self.values.items():
            if may_be_none(value) or may_be_unbound(value):
                known = (each for each in value if not isinstance(each, (Nothing, Unbound)))
                self.values[variable] = frozenset((UNKNOWN, *known))

    def join(self, other: "State") -> bool:
        """Widen this state by another that leads to the same point; tell whether it changed."""
        changed = False
        values, others = self.values, other.values
        for variable in [variable for variable in values if variable not in others]:
            # A name not in the other state may hold anything there: paths and globals.
            del values[variable]
            self.paths.discard(variable)
            changed = True
        for variable, value in values.items():
            wider = join(value, others[variable])
            if wider is not value:
                values[variable] = wider
                changed = True
        if other.certain and not self.certain:
            self.certain = changed = True
        return changed


def _mentions(fact: str, name: str) -> bool:
    position = fact.find(name)
    while position >= 0:
        before = fact[position - 1] if position else " "
        after = fact[position + len(name)] if position + len(name) < len(fact) else " "
        if not (before.isalnum() or before in "_.") and not (after.isalnum() or after == "_"):
            return True
        position = fact.find(name, position + 1)
    return False
