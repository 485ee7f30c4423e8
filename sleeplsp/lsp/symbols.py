"""Document symbols: the outline, nested as the definitions are."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import anyio.to_thread
from lsprotocol import types

from sleeplsp.core.snapshot import OpenModule
from sleeplsp.core.symbols import Symbol, outline
from sleeplsp.core.syntax import parse
from sleeplsp.engine.workspace import is_large
from sleeplsp.lsp.convert import Columns
from sleeplsp.lsp.kinds import kind_of

if TYPE_CHECKING:
    from sleeplsp.core.text import Text
    from sleeplsp.lsp.server import Server

KEPT_MAX = 24
"""Documents whose outline is kept: editors ask for it again and again, and it takes long to write down."""

Answer = list[types.DocumentSymbol] | list[types.SymbolInformation]


def register(server: "Server") -> None:
    """Answer `textDocument/documentSymbol`."""
    kept: dict[str, tuple[Text, Answer]] = {}

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def document_symbols(params: types.DocumentSymbolParams) -> Answer | None:
        uri = params.text_document.uri
        found = server.documents.find(uri)
        if found is None:
            return None
        document, module = found
        if (last := kept.get(uri)) is not None and last[0] is module.text and module.settled:
            return last[1]
        columns = server.columns(document, module)
        announced = _announced(server.client_capabilities)
        if is_large(module.text):
            answer = await anyio.to_thread.run_sync(lambda: _answer(module, columns, uri, announced))
        else:
            answer = _answer(module, columns, uri, announced)
        if module.settled:
            kept.pop(uri, None)
            kept[uri] = module.text, answer
            while len(kept) > KEPT_MAX:
                kept.pop(next(iter(kept)))
        return answer


def _announced(capabilities: types.ClientCapabilities) -> types.DocumentSymbolClientCapabilities:
    documents = capabilities.text_document
    symbols = documents.document_symbol if documents is not None else None
    return symbols or types.DocumentSymbolClientCapabilities()


def _answer(
    module: OpenModule, columns: Columns, uri: str, announced: types.DocumentSymbolClientCapabilities
) -> Answer:
    found, kinds = _symbols(module), announced.symbol_kind
    if announced.hierarchical_document_symbol_support:
        return _nested(found, columns, kinds)
    return [_flat(each, columns, uri, kinds) for each in found]


def _symbols(module: OpenModule) -> tuple[Symbol, ...]:
    """Return what the text defines now: while it is being edited, more than was read last."""
    if module.settled:
        return module.symbols
    tree = module.tree if module.is_read else parse(module.language, module.text)
    return outline(module.language, module.text, tree).symbols


def _nested(
    symbols: Iterable[Symbol], columns: Columns, kinds: types.ClientSymbolKindOptions | None
) -> list[types.DocumentSymbol]:
    top: list[types.DocumentSymbol] = []
    around: list[tuple[int, list[types.DocumentSymbol]]] = []
    for symbol in symbols:
        while around and around[-1][0] < symbol.end:
            around.pop()
        inner: list[types.DocumentSymbol] = []
        shown = types.DocumentSymbol(
            name=symbol.name or "?",
            kind=kind_of(symbol.kind, kinds),
            range=columns.range(symbol.start, symbol.end),
            selection_range=columns.range(symbol.name_start, symbol.name_end),
            children=inner,
        )
        (around[-1][1] if around else top).append(shown)
        around.append((symbol.end, inner))
    return top


def _flat(
    symbol: Symbol, columns: Columns, uri: str, kinds: types.ClientSymbolKindOptions | None
) -> types.SymbolInformation:
    return types.SymbolInformation(
        name=symbol.name or "?",
        kind=kind_of(symbol.kind, kinds),
        location=types.Location(uri, columns.range(symbol.start, symbol.end)),
        container_name=symbol.path.rpartition(".")[0] or None,
    )
