"""Knowledge: all that is known of a workspace between two steps of thinking about it.

Facts of every module, what their names mean, who calls whom, and what was deduced of each function. A
module is replaced by another as it is edited; what that may have made stale is told, and no more is looked
at. It must not know who deduces, in which order, or where rows are kept.
"""

from collections.abc import Iterable, Iterator, Mapping

from sleeplsp.core.context import Context, Contexts
from sleeplsp.core.contract import UNKNOWN_CONTRACT
from sleeplsp.core.contract import digest as contract_digest
from sleeplsp.core.facts import MODULE, FunctionFacts, ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.resolved import Kind, path_in, ref_of
from sleeplsp.core.row import FunctionRow, ModuleRow, Trace
from sleeplsp.deduce.effort import DEEPEST
from sleeplsp.engine.heights import Heights

UNKNOWN = contract_digest(UNKNOWN_CONTRACT)


class Knowledge:
    """What is known; for one thread."""

    def __init__(self) -> None:
        self.facts: dict[str, ModuleFacts] = {}
        self.index = Index({})
        self.heights = Heights()
        self.rows: dict[str, FunctionRow] = {}
        """By function; what is pending may not hold any more."""
        self.digests: dict[str, str] = {}
        """Contract digests, by function."""
        self.codes: dict[str, str] = {}
        """Code digests, by symbol and module."""
        self.calls: dict[str, tuple[str, ...]] = {}
        """Functions whose contracts matter to a function."""
        self.callers: dict[str, set[str]] = {}
        self.concerned: set[str] = set()
        """Modules whose text or names may be others than when this was last emptied, also those gone."""
        self.offered = self.withheld = 0
        """Fixes that passed verification, and those that did not."""
        self.cut: set[str] = set()
        """Functions of which more may be known with more effort."""
        self.version = 0
        """Counts how often modules were replaced."""
        self._quoters: dict[str, set[str]] = {}
        """Functions of which a claim quotes the code of this one."""
        self._spare: dict[str, FunctionRow] = {}
        """Rows that a store had of functions whose row of before may hold as well."""
        self._contexts = Contexts(self.index)
        self._stored: tuple[int, frozenset[str]] = 0, frozenset()
        """With the version it is of."""

    def begin(
        self, facts: Mapping[str, ModuleFacts], rows: Mapping[str, ModuleRow], *, trusted: bool
    ) -> None:
        """Start where no module is known. `trusted`: all rows hold, and what they looked at stands."""
        self.version += 1
        self.facts = dict(facts)
        self.index = Index(self.facts)
        self._contexts = Contexts(self.index)
        self.concerned.update(self.facts)
        for path, each in self.facts.items():
            self._note_codes(path, each)
            stored = rows[path].functions if path in rows else {}
            for function in each.functions:
                ref = ref_of(path, function.symbol)
                row = stored.get(function.symbol)
                if row is not None:
                    self.learn(ref, row)
                self._link(
                    ref,
                    row.trace.consulted if trusted and row is not None else self._consulted(each, function),
                )
        self.heights.measure(self.calls)

    def trust(self, rows: Mapping[str, ModuleRow]) -> None:
        """Start from rows that are known to hold, of all modules there are."""
        self.begin({path: row.facts for path, row in rows.items()}, rows, trusted=True)

    def replace(self, changes: Mapping[str, ModuleFacts | None], rows: Mapping[str, ModuleRow]) -> set[str]:
        """Put modules in the place of others, None where there is none any more; `rows` are stored ones.

        Returns the functions that may have to be deduced again.
        """
        self.version += 1
        before = {path: self.facts.get(path) for path in changes}
        quoted = self._replace_codes(before, changes)
        concerned = self._replace_facts(before, changes)
        stale = {ref for code in quoted for ref in self._quoters.get(code, ())}
        linked: set[str] = set()
        for path in concerned:
            facts = self.facts[path]
            stored = rows[path].functions if path in rows else {}
            for function in facts.functions:
                ref = ref_of(path, function.symbol)
                if function.symbol in stored:
                    self._spare[ref] = stored[function.symbol]
                stale.add(ref)
                consulted = self._consulted(facts, function)
                if self.calls.get(ref) != consulted:
                    self._link(ref, consulted)
                    linked.add(ref)
        self.heights.change(self.calls, linked)
        return {ref for ref in stale if ref in self.calls}

    @property
    def stored(self) -> frozenset[str]:
        """Names of modules that some module of the workspace stores into from outside, as of now.

        Each as `path.name`; `path.*` where it may be any.
        """
        if self._stored[0] != self.version:
            self._stored = self.version, frozenset(self._stores())
        return self._stored[1]

    def _stores(self) -> Iterator[str]:
        for path, facts in self.facts.items():
            for each in facts.stores:
                base, _, name = each.rpartition(".")
                module = self.index.resolve(path, "", base)
                if module is not None and module.kind is Kind.MODULE:
                    yield f"{module.ref}.{name}"

    @property
    def contexts(self) -> Contexts:
        """What calls reach, as of now."""
        return self._contexts

    def context(self, ref: str) -> Context:
        """Return what deducing a function may look at, as of now."""
        path = path_in(ref)
        return self._contexts.of(self.facts[path], self.index.functions[ref])

    def unit(self, ref: str) -> tuple[str, ...]:
        """Return the functions that call each other in a circle with this one; mostly it alone."""
        return self.heights.circles.get(ref, (ref,))

    def height(self, ref: str) -> int:
        """Return how far above those a function stands that call nothing."""
        return self.heights.of(ref)

    def still_held(
        self, unit: tuple[str, ...], contexts: Mapping[str, str], effort: int
    ) -> dict[str, FunctionRow] | None:
        """Return rows of a unit's functions that hold, its callees being decided; None if one has none.

        `contexts` are the digests of their contexts; rows that were cut off are of this effort at least.
        """
        found: dict[str, FunctionRow] = {}
        for ref in unit:
            candidates = (self._spare.pop(ref, None), self.rows.get(ref))
            valid = (
                each
                for each in candidates
                if each is not None
                and (each.effort >= effort or not each.cut)
                and self._is_valid(ref, each, contexts[ref], unit)
            )
            if (row := next(valid, None)) is None:
                return None
            found[ref] = row
        digests = {ref: contract_digest(row.contract) for ref, row in found.items()}
        # Within a circle each member's contract was consulted as it is in these very rows.
        consulted = (each for row in found.values() for each in row.trace.contracts)
        return found if all(digests.get(ref, seen) == seen for ref, seen in consulted) else None

    def learn(self, ref: str, row: FunctionRow) -> bool:
        """Take a function's row; tell whether its contract is another than before."""
        last = self.rows.get(ref)
        for quoted, _ in last.trace.quoted if last is not None else ():
            self._quoters.get(quoted, set()).discard(ref)
        for quoted, _ in row.trace.quoted:
            self._quoters.setdefault(quoted, set()).add(ref)
        self.rows[ref] = row
        if row.cut and row.effort < DEEPEST:
            self.cut.add(ref)
        else:
            self.cut.discard(ref)
        self.offered += row.offered - (last.offered if last is not None else 0)
        self.withheld += row.withheld - (last.withheld if last is not None else 0)
        before, after = self.digests.get(ref, UNKNOWN), contract_digest(row.contract)
        self.digests[ref] = after
        return before != after

    def consulted(self, ref: str) -> tuple[tuple[str, str], ...]:
        """Return the functions whose contracts matter to one, with the digests of these as of now."""
        return tuple((each, self.digests.get(each, UNKNOWN)) for each in self.calls[ref])

    def trace(
        self, ref: str, context: str, contracts: tuple[tuple[str, str], ...], quoted: Iterable[str]
    ) -> Trace:
        """Return what deducing a function looked at."""
        return Trace(
            code=self.codes[ref],
            context=context,
            contracts=contracts,
            quoted=tuple((each, self.codes.get(each, "")) for each in sorted(quoted)),
        )

    def module_row(self, path: str, failure: str = "") -> ModuleRow:
        """Return what is known of a module."""
        functions = {
            each.symbol: row
            for each in self.facts[path].functions
            if (row := self.rows.get(ref_of(path, each.symbol))) is not None
        }
        return ModuleRow(facts=self.facts[path], functions=functions, failure=failure)

    def functions_of(self, path: str) -> list[str]:
        """Return references of a module's functions."""
        facts = self.facts.get(path)
        return [ref_of(path, each.symbol) for each in facts.functions] if facts is not None else []

    def _is_valid(self, ref: str, row: FunctionRow, context: str, unit: tuple[str, ...]) -> bool:
        trace = row.trace
        if trace.code != self.codes[ref] or trace.context != context:
            return False
        return all(
            each in unit or self.digests.get(each, UNKNOWN) == seen for each, seen in trace.contracts
        ) and all(self.codes.get(each) == seen for each, seen in trace.quoted)

    def _consulted(self, facts: ModuleFacts, function: FunctionFacts) -> tuple[str, ...]:
        return self._contexts.consulted(facts.path, function)

    def _link(self, ref: str, consulted: tuple[str, ...]) -> None:
        for callee in self.calls.get(ref, ()):
            self.callers.get(callee, set()).discard(ref)
        self.calls[ref] = consulted
        for callee in consulted:
            self.callers.setdefault(callee, set()).add(ref)

    def _unlink(self, ref: str) -> None:
        self._link(ref, ())
        self.calls.pop(ref)
        row = self.rows.pop(ref, None)
        self.cut.discard(ref)
        self.digests.pop(ref, None)
        if row is not None:
            self.offered -= row.offered
            self.withheld -= row.withheld
        for quoted, _ in row.trace.quoted if row is not None else ():
            self._quoters.get(quoted, set()).discard(ref)

    def _note_codes(self, path: str, facts: ModuleFacts) -> None:
        self.codes[ref_of(path, MODULE)] = facts.digest
        self.codes.update((ref_of(path, symbol.id), symbol.digest) for symbol in facts.symbols)

    def _replace_codes(
        self, before: Mapping[str, ModuleFacts | None], after: Mapping[str, ModuleFacts | None]
    ) -> set[str]:
        """Return the symbols whose code is another than before."""
        old = {
            ref: self.codes.pop(ref)
            for path, facts in before.items()
            if facts
            for ref in _symbols(path, facts)
        }
        for path, each in after.items():
            if each is not None:
                self._note_codes(path, each)
        return {ref for ref, digest in old.items() if self.codes.get(ref) != digest}

    def _replace_facts(
        self, before: Mapping[str, ModuleFacts | None], after: Mapping[str, ModuleFacts | None]
    ) -> list[str]:
        """Return the modules whose names may mean something else now, those replaced among them."""
        for path, facts in after.items():
            kept = {each.symbol for each in facts.functions} if facts is not None else set()
            for ref in self.functions_of(path):
                if ref.partition("::")[2] not in kept:
                    self._unlink(ref)
            if facts is not None:
                self.facts[path] = facts
            else:
                self.facts.pop(path, None)
        concerned = self._contexts.replace(before, after)
        self.concerned.update(concerned, after)
        return [path for path in concerned if path in self.facts]


def _symbols(path: str, facts: ModuleFacts) -> Iterable[str]:
    yield ref_of(path, MODULE)
    yield from (ref_of(path, symbol.id) for symbol in facts.symbols)
