"""Workspace symbols: those of all modules by a part of their name, in all folders."""

import time
from typing import TYPE_CHECKING

import anyio.lowlevel
from lsprotocol import types

from sleeplsp.answers.definitions import Defined, defined
from sleeplsp.answers.search import FOUND_MAX, Found, best, matches
from sleeplsp.core.snapshot import Snapshot
from sleeplsp.lsp.kinds import kind_of
from sleeplsp.lsp.places import is_reachable, location
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

SLICE_S = 0.005
"""Seconds for which a search may hold up other requests."""


def register(server: "Server") -> None:
    """Answer `workspace/symbol`."""

    @server.feature(types.WORKSPACE_SYMBOL)
    async def search(params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        snapshots = [(root, root.workspace.snapshot) for root in server.roots.all if root.settings.navigation]
        found = [(root, await _found(snapshot, params.query)) for root, snapshot in snapshots]
        reachable = ((each, root) for root, some in found for each in some if is_reachable(root, each.path))
        told = sorted(reachable, key=lambda each: each[0])
        return [
            _symbol(server, root, symbol)
            for each, root in told[:FOUND_MAX]
            # It may have moved meanwhile, or gone.
            if (symbol := defined(root.workspace.snapshot, each.ref)) is not None
        ]


async def _found(snapshot: Snapshot, query: str) -> list[Found]:
    """Search one snapshot, a slice at a time: a large workspace takes longer than others may wait."""
    found: list[list[Found]] = []
    begun = time.monotonic()
    for each in matches(snapshot, query):
        found.append(each)
        if time.monotonic() - begun > SLICE_S:
            found = [best(found)]
            await anyio.lowlevel.checkpoint()
            begun = time.monotonic()
    return best(found)


def _symbol(server: "Server", root: Root, symbol: Defined) -> types.WorkspaceSymbol:
    workspace = server.client_capabilities.workspace
    announced = (
        workspace.symbol.symbol_kind if workspace is not None and workspace.symbol is not None else None
    )
    return types.WorkspaceSymbol(
        location=location(server, root, symbol.name),
        name=symbol.short,
        kind=kind_of(symbol.kind, announced),
        container_name=symbol.container or symbol.path,
    )
