"""Building what is left through something: try with its handlers and final block, with and its managers."""

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.deduce.cfg.build import Builder, Frame, handles
from sleeplsp.deduce.cfg.expressions import straight
from sleeplsp.deduce.cfg.graph import Catch, Dispatch, Enter, Goto, Release, Throw, Unbind


def _try(builder: Builder, node: flow.Try) -> None:
    outside = builder.handler
    after = builder.block()
    if node.final:
        builder.handler = _final_on_exception(builder, node.final)
        builder.frames.append(Frame(leave=lambda: _run_final(builder, node.final, outside)))
    inside = builder.handler
    if node.handlers:
        dispatch = builder.block()
        builder.handler = dispatch
    start = builder.block()
    builder.close(Goto(start))
    builder.current = start
    builder.statements(node.body)
    builder.handler = inside
    orelse = builder.block()
    builder.close(Goto(orelse))
    builder.current = orelse
    builder.statements(node.orelse)
    ends = [builder.current]
    if node.handlers:
        ends += _handlers(builder, node.handlers, dispatch)
    if node.final:
        builder.frames.pop()
    builder.handler = outside
    for end in ends:
        builder.current = end
        if node.final and builder.blocks[end].exit is None:
            _run_final(builder, node.final, outside)
        builder.close(Goto(after))
    builder.current = after


def _handlers(builder: Builder, handlers: tuple[flow.Handler, ...], dispatch: int) -> list[int]:
    ways: list[tuple[flow.Handler | None, int]] = []
    ends: list[int] = []
    for handler in handlers:
        start = builder.block()
        ways.append((handler, start))
        builder.current = start
        builder.emit(Catch(handler.start, handler.end, handler))
        if handler.name is None:
            builder.statements(handler.body)
        else:
            _named(builder, handler, Unbind(handler.end, handler.end, handler.name))
        ends.append(builder.current)
    total = any(builder.managers.catches_all(handler.types) for handler in handlers)
    builder.blocks[dispatch].exit = Dispatch(tuple(ways), total)
    return ends


def _named(builder: Builder, handler: flow.Handler, unbind: Unbind) -> None:
    """Build the body of a handler whose name is unbound whichever way the body is left."""
    outside = builder.handler
    if outside is not None:
        builder.handler = _unbound_on_exception(builder, unbind)
        start = builder.block()
        builder.close(Goto(start))
        builder.current = start
    builder.frames.append(Frame(leave=lambda: builder.emit(unbind)))
    builder.statements(handler.body)
    builder.frames.pop()
    builder.emit(unbind)
    if outside is not None:
        builder.handler = outside
        after = builder.block()
        builder.close(Goto(after))
        builder.current = after


def _unbound_on_exception(builder: Builder, unbind: Unbind) -> int:
    """Build what an exception passes that leaves a handler: its name is unbound there, too."""
    entry = builder.block()
    builder.blocks[entry].steps.append(unbind)
    builder.blocks[entry].exit = Dispatch((), total=False)
    return entry


def _final_on_exception(builder: Builder, final: flow.Block) -> int:
    """Build the final block as an exception passes through it: afterwards it is raised on."""
    kept = builder.current
    entry = builder.block()
    body = builder.block()
    builder.blocks[entry].exit = Dispatch(((None, body),), total=True)
    builder.current = body
    builder.statements(final)
    builder.close(Throw(final[0].start, final[-1].end, None))
    builder.current = kept
    return entry


def _run_final(builder: Builder, final: flow.Block, handler: int | None) -> None:
    builder.handler = handler
    start = builder.block()
    builder.close(Goto(start))
    builder.current = start
    builder.statements(final)


def _with(builder: Builder, node: flow.With) -> None:
    _with_items(builder, node, node.items)


def _with_items(builder: Builder, node: flow.With, items: tuple[flow.WithItem, ...]) -> None:
    if not items:
        builder.statements(node.body)
        return
    item, outside = items[0], builder.handler
    context = builder.hold(straight(builder, item.context))
    target = straight(builder, item.target) if item.target is not None else None
    builder.emit(Enter(item.context.start, item.context.end, context, target, node.is_async))
    after, failing = builder.block(), builder.block()
    release = Release(item.context.start, item.context.end, context)

    def leave() -> None:
        builder.handler = outside
        next_ = builder.block()
        builder.close(Goto(next_))
        builder.current = next_
        builder.emit(release)

    builder.handler = failing
    builder.frames.append(Frame(leave=leave))
    start = builder.block()
    builder.close(Goto(start))
    builder.current = start
    _with_items(builder, node, items[1:])
    builder.frames.pop()
    leave()
    builder.close(Goto(after))
    _release_on_exception(builder, failing, release, item.context, after)
    builder.handler = outside
    builder.current = after


def _release_on_exception(
    builder: Builder, failing: int, release: Release, context: Expression, after: int
) -> None:
    """Lead an exception out of the with: the manager is released, then it goes on or is swallowed."""
    builder.blocks[failing].steps.append(release)
    swallows = builder.managers.swallows(context)
    ways = ((None, after),) if swallows else ()
    builder.blocks[failing].exit = Dispatch(ways, total=False, maybe=after if swallows is None else -1)


handles(flow.Try, _try)
handles(flow.With, _with)
