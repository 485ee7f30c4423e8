"""What becomes of an object that a variable holds: whether it is still this function's to close.

Asked step by step of a graph. Whatever may give the object to somebody else counts as giving it away:
only uses that surely leave it where it is do not. It must not know paths, nor which checks ask.
"""

from collections.abc import Iterator
from enum import StrEnum

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.deduce import cfg
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.events import Use
from sleeplsp.deduce.library import LibraryFunction


class Loss(StrEnum):
    """Why an object is no longer the function's to close."""

    CLOSED = "closed"
    """A method that closes it was called, or one of which nothing is known."""
    MANAGED = "managed"
    """A `with` takes care of it."""
    PASSED = "passed"
    """A call got it, and may keep or close it."""
    RETURNED = "returned"
    """The caller has it."""
    STORED = "stored"
    """Something else refers to it: another name, an attribute, a container."""
    DERIVED = "derived"
    """One of its methods is kept, or something that a method gave and that may need it."""
    ASKED = "asked"
    """The way depends on whether it is there."""
    DRAINED = "drained"
    """It was read, and closes itself at the end of what it has."""
    DROPPED = "dropped"
    """The name was given up: deleted, set to None, bound by a loop or an import."""
    REPLACED = "replaced"
    """The name was bound to something else."""


# In every class of the library that holds something, these end it.
_CLOSES = frozenset(
    ("aclose", "cleanup", "close", "detach", "logout", "quit", "release", "shutdown", "terminate")
)

# Their results are numbers, texts and the like, whatever has them.
_GIVES_PLAIN = frozenset(
    {"connect", "extract", "extractall", "fetchall", "fetchmany", "fetchone", "flush", "getcode", "geturl"}
    | {"namelist", "peek", "read", "read1", "readable", "readall", "readinto", "readline", "readlines"}
    | {"recv", "seek", "seekable", "send", "sendall", "sync", "tell", "truncate", "writable", "write"}
    | {"writelines"}
)
_READS = frozenset(("read", "readall", "readline", "readlines"))

# Attributes that do not lead back to the object.
_PLAIN_ATTRIBUTES = frozenset(
    {"code", "encoding", "family", "filename", "headers", "mode", "name", "newlines", "proto"}
    | {"row_factory", "size", "status", "text_factory", "type", "url"}
)

_PLAIN_TYPES = frozenset(
    f"builtins.{name}"
    for name in ("bool", "bytearray", "bytes", "complex", "dict", "float", "int", "list", "str", "tuple")
)

# What they give goes through a file, or writes into it, and leaves it open.
_GOES_THROUGH = frozenset(
    {"_csv.reader", "_csv.writer", "csv.DictReader", "csv.DictWriter"}
    | {"builtins.enumerate", "builtins.filter", "builtins.map", "builtins.zip"}
)


class Held:
    """Answers for one variable of one program. `drains`: reading it to its end closes it.

    A variable with what one of its methods gives (a cursor of a connection) holds it as well: what
    becomes of that counts, only closing that does not close this.
    """

    def __init__(self, analysis: Analysis, name: str, *, drains: bool = False) -> None:
        self._name = name
        self._names = {name}
        self._drains = drains
        self._called = {
            (each.node.start, each.node.end): analysis.world.library_function(each.detail)
            for each in analysis.events(Use.CALLED)
        }
        self._roles = dict(_roles(analysis.graph))
        self._lazy = {
            (clause.iterable.start, clause.iterable.end)
            for each in analysis.written.of(flow.Comprehension)
            if each.lazy
            for clause in each.clauses
        }
        self._follow(analysis)

    def _follow(self, analysis: Analysis) -> None:
        """Find the variables that hold something made of it."""
        steps = [each for block in analysis.graph.blocks for each in block.steps]
        before = 0
        while before < len(self._names):
            before = len(self._names)
            for step in steps:
                target = step.targets[0] if isinstance(step, flow.Assign) and len(step.targets) == 1 else None
                if not isinstance(step, flow.Assign) or not isinstance(target, flow.Name):
                    continue
                own = analysis.evaluator.tracks(target.id) and target.id not in analysis.program.captured
                if own and self._derives(step.value):
                    self._names.add(target.id)

    def _derives(self, node: Expression) -> bool:
        function = self._called.get((node.start, node.end)) if isinstance(node, flow.Call) else None
        if function is None or not isinstance(node, flow.Call):
            return False
        if isinstance(node.callee, flow.Attribute) and self._is_it(node.callee.base):
            return self._method(node.callee, function, unkept=False) is Loss.DERIVED
        return function.ref in _GOES_THROUGH and any(self._is_it(each.value) for each in node.arguments)

    def losses(self, step: cfg.Step | cfg.Exit) -> frozenset[Loss]:
        """Return why the object may be lost by a step, or by how a block ends."""
        if isinstance(step, flow.Assign):
            return frozenset(self._assigned(step))
        if isinstance(step, flow.Statement):
            return frozenset(self._done(step))
        return frozenset(self._left(step))

    def _assigned(self, step: flow.Assign) -> Iterator[Loss]:
        single = step.targets[0] if len(step.targets) == 1 else None
        if self._is_it(step.value):
            temporary = single.id if isinstance(single, flow.Name) else ""
            yield from self._named(step.value, self._roles.get(temporary, Loss.STORED))
        else:
            temporary = single.id if isinstance(single, flow.Name) else ""
            through = self._roles.get(temporary, Loss.STORED) is None and not self._is_lazy(step.value)
            unkept = through or (temporary in self._names and temporary != self._name)
            yield from self._of(step.value, Loss.STORED, unkept=unkept)
        for target in step.targets:
            if self._binds(target):
                nothing = isinstance(step.value, flow.Constant) and step.value.kind == "none"
                yield Loss.DROPPED if nothing or single is None else Loss.REPLACED
            elif not isinstance(target, flow.Name):
                yield from self._target(target)

    def _named(self, value: Expression, role: Loss | None) -> Iterator[Loss]:
        if role is not None:
            yield role
        elif self._is_lazy(value):
            yield Loss.STORED
        elif self._drains:
            yield Loss.DRAINED

    def _is_lazy(self, value: Expression) -> bool:
        """Tell whether it is a generator expression that goes through it, perhaps later."""
        return (value.start, value.end) in self._lazy

    def _target(self, target: Expression) -> Iterator[Loss]:
        if isinstance(target, (flow.Attribute, flow.Index)) and self._is_it(target.base):
            return
        yield from self._of(target, Loss.STORED)

    def _binds(self, target: Expression) -> bool:
        if isinstance(target, flow.Display):
            return any(self._binds(each) for each in target.items)
        inner = target.value if isinstance(target, flow.Star) else target
        return isinstance(inner, flow.Name) and inner.id == self._name

    def _done(self, step: flow.Statement) -> Iterator[Loss]:
        match step:
            case flow.Evaluate(value=value):
                yield from self._of(value, Loss.STORED, unkept=True)
            case flow.Augment(target=target, value=value):
                yield from self._of(value, Loss.STORED)
                if self._binds(target):
                    yield Loss.DROPPED
            case flow.Delete(targets=targets) if any(self._binds(each) for each in targets):
                yield Loss.DROPPED
            case flow.Import(binds=name) | flow.Bind(name=name) | cfg.Unbind(name=name):
                if name == self._name:
                    yield Loss.DROPPED
            case cfg.Enter(context=context, target=target):
                yield from self._of(context, Loss.MANAGED)
                if target is not None and self._binds(target):
                    yield Loss.DROPPED

    def _left(self, exit_: cfg.Exit) -> Iterator[Loss]:
        match exit_:
            case cfg.Branch(test=test):
                yield from self._of(test, Loss.ASKED)
            case cfg.Turn(iterable=iterable, target=target):
                yield from self._of(iterable, Loss.STORED)
                if self._binds(target):
                    yield Loss.DROPPED
            case cfg.Leave(value=value) if value is not None:
                yield from self._of(value, Loss.RETURNED)
            case cfg.Throw(value=value) if value is not None:
                yield from self._of(value, Loss.PASSED)

    def _of(self, node: Expression, bare: Loss | None, *, unkept: bool = False) -> Iterator[Loss]:
        """Yield the losses in an expression; `bare`: what it is to stand there by itself."""
        match node:
            case flow.Name():
                if bare is not None and self._is_it(node):
                    yield bare
            case flow.Call(callee=flow.Attribute(base=base, name="fileno")) if self._is_it(base):
                yield from self._of(base, bare)  # whoever has the descriptor can close it
            case flow.Call():
                yield from self._of_call(node, unkept=unkept)
            case flow.Attribute(base=base, name=name) if self._is_it(base):
                if name not in _PLAIN_ATTRIBUTES:
                    yield Loss.ASKED if name == "closed" else Loss.DERIVED
            case flow.Index(base=base, index=index) if self._is_it(base):
                yield from self._of(index, Loss.STORED)
            case flow.Compare():
                for part in node.parts():
                    yield from self._of(part, Loss.ASKED)
            case flow.Yield(value=value) if value is not None:
                yield from self._of(value, Loss.RETURNED)
            case _:
                for part in node.parts():
                    yield from self._of(part, bare)

    def _of_call(self, node: flow.Call, *, unkept: bool) -> Iterator[Loss]:
        """Yield the losses in a call; `unkept`: nobody keeps what it gives."""
        function, callee = self._called.get((node.start, node.end)), node.callee
        if isinstance(callee, flow.Attribute) and self._is_it(callee.base):
            loss = self._method(callee, function, unkept=unkept)
            if loss is not None:
                yield loss
        elif isinstance(callee, flow.Attribute):
            plain = unkept or _gives_plain(callee.name, function)
            yield from self._of(callee.base, Loss.PASSED, unkept=plain)
        else:
            yield from self._of(callee, Loss.PASSED)
        kept = self._drains or _keeps(function, unkept=unkept)
        for argument in node.arguments:
            yield from self._of(argument.value, Loss.PASSED if kept else None, unkept=not kept)

    def _method(
        self, callee: flow.Attribute, function: LibraryFunction | None, *, unkept: bool
    ) -> Loss | None:
        name = callee.name
        if name in _CLOSES:
            return Loss.CLOSED if self._binds(callee.base) else None
        if self._drains and name in _READS:
            return Loss.DRAINED
        if _gives_plain(name, function):
            return None
        if function is None:
            return Loss.CLOSED
        return None if unkept else Loss.DERIVED

    def _is_it(self, node: Expression) -> bool:
        return isinstance(node, flow.Name) and node.id in self._names


def _gives_plain(method: str, function: LibraryFunction | None) -> bool:
    """Tell whether the result of a method cannot lead back to the object."""
    if method in _GIVES_PLAIN:
        return True
    if function is None or function.anything:
        return False
    return function.always_none or _PLAIN_TYPES.issuperset(function.types)


def _keeps(function: LibraryFunction | None, *, unkept: bool) -> bool:
    """Tell whether a call may keep what it is passed, in what it gives or elsewhere."""
    if function is None or (unkept and function.ref in _GOES_THROUGH) or function.ref == "builtins.next":
        return function is None
    return function.keeps_arguments


def _roles(graph: cfg.Graph) -> Iterator[tuple[str, Loss | None]]:
    """Yield the graph's own variables with what they are made for; None: only to be gone through."""
    for block in graph.blocks:
        for step in block.steps:
            if isinstance(step, cfg.Enter) and isinstance(step.context, flow.Name):
                yield step.context.id, Loss.MANAGED
        match block.exit:
            case cfg.Turn(iterable=flow.Name(id=name)):
                yield name, None
            case cfg.Leave(value=flow.Name(id=name)):
                yield name, Loss.RETURNED
