"""Call hierarchy: who calls a symbol and what it calls, as far as it is certain."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.answers.calls import Related, at, incoming, outgoing
from sleeplsp.answers.definitions import Defined
from sleeplsp.core.snapshot import Snapshot
from sleeplsp.lsp.kinds import kind_of
from sleeplsp.lsp.places import is_reachable, range_of, root_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

_Told = tuple[types.CallHierarchyItem, list[types.Range]]


def register(server: "Server") -> None:
    """Answer the requests of the call hierarchy."""

    @server.feature(types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)
    def prepare(params: types.CallHierarchyPrepareParams) -> list[types.CallHierarchyItem] | None:
        found = server.documents.find(params.text_document.uri)
        if found is None or not found[0].root.settings.navigation:
            return None
        document, module = found
        root, offset = document.root, server.columns(document, module).offset(params.position)
        symbols = at(root.workspace.snapshot, module.path, offset)
        return [_item(server, root, each) for each in symbols if is_reachable(root, each.path)] or None

    @server.feature(types.CALL_HIERARCHY_INCOMING_CALLS)
    def incoming_calls(
        params: types.CallHierarchyIncomingCallsParams,
    ) -> list[types.CallHierarchyIncomingCall] | None:
        told = _related(server, params.item, incoming)
        return None if told is None else [types.CallHierarchyIncomingCall(*each) for each in told]

    @server.feature(types.CALL_HIERARCHY_OUTGOING_CALLS)
    def outgoing_calls(
        params: types.CallHierarchyOutgoingCallsParams,
    ) -> list[types.CallHierarchyOutgoingCall] | None:
        told = _related(server, params.item, outgoing)
        return None if told is None else [types.CallHierarchyOutgoingCall(*each) for each in told]


def _related(
    server: "Server",
    item: types.CallHierarchyItem,
    answer: Callable[[Snapshot, str], list[Related]],
) -> list[_Told] | None:
    """Return the other ends of the calls of what an item stands for; None if that is nothing of ours."""
    root = root_of(server, item.uri)
    ref = item.data.get("ref") if isinstance(item.data, dict) else None
    if root is None or not isinstance(ref, str):
        return None
    return [
        (
            _item(server, root, each.symbol),
            [range_of(server, root, where) for where in each.names],
        )
        for each in answer(root.workspace.snapshot, ref)
        if is_reachable(root, each.symbol.path)
    ]


def _item(server: "Server", root: Root, symbol: Defined) -> types.CallHierarchyItem:
    return types.CallHierarchyItem(
        name=symbol.short,
        kind=kind_of(symbol.kind, None),
        uri=root.uri(symbol.path),
        range=range_of(server, root, symbol.extent),
        selection_range=range_of(server, root, symbol.name),
        detail=symbol.container or symbol.path,
        data={"ref": symbol.ref},
    )
