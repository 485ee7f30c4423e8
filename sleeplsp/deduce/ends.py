"""Statements after which nothing comes.

They return, raise, jump away, call what never returns, or never end. Read off the structure of a
program; what calls do is known from contracts and the library. No value may matter here.
"""

from functools import cached_property

from sleeplsp.core import flow
from sleeplsp.core.contract import Verdict
from sleeplsp.core.flow import Block, Expression, ProgramKind, Statement
from sleeplsp.core.paths import dotted
from sleeplsp.core.walk import blocks_of
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.domain import ANYTHING, Entity
from sleeplsp.deduce.evaluation.aims import contracts_at
from sleeplsp.deduce.evaluation.managers import KnownManagers
from sleeplsp.deduce.events import Use

Exits = tuple[Statement, ...]
"""The statements in which it leaves, one for each way; none if something may come after."""


class Ends:
    """Answers for the statements of one program.

    `trusting`: a context manager of which nothing is known is taken to let exceptions pass.
    """

    def __init__(self, analysis: Analysis, *, trusting: bool = False) -> None:
        self._analysis = analysis
        self._managers = KnownManagers(analysis.evaluator)
        self._trusting = trusting
        self._known: dict[int, Exits] = {}
        """By the identity of the statement, which the program keeps alive."""

    def of(self, statement: Statement) -> Exits:
        """Return where a statement leaves, if nothing ever comes after it."""
        known = self._known.get(id(statement))
        if known is None:
            known = self._known[id(statement)] = self._of(statement)
        return known

    def _of(self, statement: Statement) -> Exits:
        match statement:
            case flow.Return() | flow.Raise() | flow.Break() | flow.Continue():
                return (statement,)
            case flow.Evaluate(value=value):
                return (statement,) if self._never_returns(value) else ()
            case flow.If(test=test, then=then, orelse=orelse):
                return () if isinstance(test, flow.Constant) else self._all(then, orelse)
            case flow.While() | flow.For():
                return self._of_loop(statement)
            case flow.Try():
                return self._of_try(statement)
            case flow.With(items=items, body=body):
                passes = all(self._passes(item.context) for item in items)
                return self.of_block(body) if passes else ()
            case flow.Match(cases=cases):
                last = cases[-1] if cases else None
                total = last is not None and last.total and not last.tests and last.guard is None
                return self._all(*(case.body for case in cases)) if total else ()
        return ()

    def of_block(self, block: Block) -> Exits:
        """Return where a block leaves, if nothing ever comes after it."""
        return next((exits for statement in block if (exits := self.of(statement))), ())

    def _all(self, *blocks: Block) -> Exits:
        exits = [self.of_block(block) for block in blocks]
        return tuple(each for some in exits for each in some) if all(exits) else ()

    def _of_loop(self, loop: flow.While | flow.For) -> Exits:
        if _breaks(loop.body):
            return ()
        if isinstance(loop, flow.While) and _is_true(loop.test):
            return (loop,)
        return self.of_block(loop.orelse)

    def _of_try(self, node: flow.Try) -> Exits:
        final = self.of_block(node.final)
        if final:
            return final
        passes = self.of_block(node.body) or self.of_block(node.orelse)
        handled = self._all(*(handler.body for handler in node.handlers))
        return (*passes, *handled) if passes and (handled or not node.handlers) else ()

    def _passes(self, context: Expression) -> bool:
        swallows = self._managers.swallows(context)
        return swallows is False or (swallows is None and self._trusting)

    def _never_returns(self, value: Expression) -> bool:
        awaited = isinstance(value, flow.Await)
        call = value.value if isinstance(value, flow.Await) else value
        if not isinstance(call, flow.Call):
            return False
        site = self._analysis.world.site(call.end)
        if site is None:
            return not awaited and self._is_last_of_library(call)
        reached = contracts_at(self._analysis.world, site)
        if any(c.is_async is not awaited or c.is_generator or c.hook for _, c, _ in reached):
            return False
        return bool(reached) and all(c.returns.leaves is Verdict.NO for _, _, c in reached)

    def _is_last_of_library(self, call: flow.Call) -> bool:
        ref = self._called.get((call.start, call.end))
        if ref is None:  # a call that is never made has no event: then its name must do
            ref = self._named(call.callee)
        function = self._analysis.world.library_function(ref) if ref else None
        return function is not None and function.never_returns

    @cached_property
    def _called(self) -> dict[tuple[int, int], str]:
        """What was called, by where the call stands."""
        called: dict[tuple[int, int], str] = {}
        for each in self._analysis.events(Use.CALLED):
            called.setdefault((each.node.start, each.node.end), each.detail)
        return called

    def _named(self, callee: Expression) -> str:
        root, *rest = dotted(callee).split(".")
        program = self._analysis.program
        if not root or (root in program.locals and program.kind is not ProgramKind.MODULE):
            return ""
        value = self._analysis.world.name(root)
        for part in rest:
            (only,) = value if len(value) == 1 else (None,)
            value = self._analysis.world.member(only, part) if isinstance(only, Entity) else ANYTHING
        (only,) = value if len(value) == 1 else (None,)
        return only.ref if isinstance(only, Entity) else ""


def _is_true(test: Expression) -> bool:
    return isinstance(test, flow.Constant) and test.known and bool(test.value)


def _breaks(body: Block) -> bool:
    """Tell whether a block breaks out of the loop it is the body of."""
    for statement in body:
        if isinstance(statement, flow.Break):
            return True
        inner = blocks_of(statement)
        if isinstance(statement, (flow.For, flow.While)):
            inner = (statement.orelse,)
        if any(_breaks(block) for block in inner):
            return True
    return False
