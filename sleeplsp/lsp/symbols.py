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

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

_KINDS = {
    "function": types.SymbolKind.Function,
    "method": types.SymbolKind.Method,
    "property": types.SymbolKind.Property,
    "constructor": types.SymbolKind.Constructor,
    "class": types.SymbolKind.Class,
    "interface": types.SymbolKind.Interface,
    "enum": types.SymbolKind.Enum,
    "struct": types.SymbolKind.Struct,
    "type": types.SymbolKind.Class,
    "module": types.SymbolKind.Module,
    "macro": types.SymbolKind.Function,
    "constant": types.SymbolKind.Constant,
    "variable": types.SymbolKind.Variable,
    "field": types.SymbolKind.Field,
}

Answer = list[types.DocumentSymbol] | list[types.SymbolInformation]


def register(server: "Server") -> None:
    """Answer `textDocument/documentSymbol`."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def document_symbols(params: types.DocumentSymbolParams) -> Answer | None:
        uri = params.text_document.uri
        found = server.documents.find(uri)
        if found is None:
            return None
        document, module = found
        columns = server.columns(document, module)
        nested = _takes_nested(server.client_capabilities)
        if is_large(module.text):
            return await anyio.to_thread.run_sync(lambda: _answer(module, columns, uri, nested=nested))
        return _answer(module, columns, uri, nested=nested)


def _answer(module: OpenModule, columns: Columns, uri: str, *, nested: bool) -> Answer:
    found = _symbols(module)
    return _nested(found, columns) if nested else [_flat(each, columns, uri) for each in found]


def _takes_nested(capabilities: types.ClientCapabilities) -> bool:
    documents = capabilities.text_document
    symbols = documents.document_symbol if documents is not None else None
    return symbols is not None and bool(symbols.hierarchical_document_symbol_support)


def _symbols(module: OpenModule) -> tuple[Symbol, ...]:
    """Return what the text defines now: while it is being edited, more than was read last."""
    if module.settled:
        return module.symbols
    tree = module.tree if module.is_read else parse(module.language, module.text)
    return outline(module.language, module.text, tree).symbols


def _nested(symbols: Iterable[Symbol], columns: Columns) -> list[types.DocumentSymbol]:
    top: list[types.DocumentSymbol] = []
    around: list[tuple[int, list[types.DocumentSymbol]]] = []
    for symbol in symbols:
        while around and around[-1][0] < symbol.end:
            around.pop()
        inner: list[types.DocumentSymbol] = []
        shown = types.DocumentSymbol(
            name=symbol.name or "?",
            kind=_KINDS.get(symbol.kind, types.SymbolKind.Variable),
            range=columns.range(symbol.start, symbol.end),
            selection_range=columns.range(symbol.name_start, symbol.name_end),
            children=inner,
        )
        (around[-1][1] if around else top).append(shown)
        around.append((symbol.end, inner))
    return top


def _flat(symbol: Symbol, columns: Columns, uri: str) -> types.SymbolInformation:
    return types.SymbolInformation(
        name=symbol.name or "?",
        kind=_KINDS.get(symbol.kind, types.SymbolKind.Variable),
        location=types.Location(uri, columns.range(symbol.start, symbol.end)),
        container_name=symbol.path.rpartition(".")[0] or None,
    )
