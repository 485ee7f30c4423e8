"""Document symbols: the outline, nested as the symbols' paths are."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.core.snapshot import OpenModule
from sleeplsp.core.symbols import Symbol
from sleeplsp.lsp.convert import Encoding, range_of

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


def register(server: "Server") -> None:
    """Answer `textDocument/documentSymbol`."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def document_symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        found = server.module(params.text_document.uri)
        return _nested(found[1], server.encoding) if found is not None else None


def _nested(module: OpenModule, encoding: Encoding) -> list[types.DocumentSymbol]:
    top: list[types.DocumentSymbol] = []
    around: list[tuple[Symbol, types.DocumentSymbol]] = []
    for symbol in module.symbols:
        while around and not (around[-1][0].start <= symbol.start and symbol.end <= around[-1][0].end):
            around.pop()
        shown = _shown(module, symbol, encoding)
        siblings = top
        if around:
            parent = around[-1][1]
            siblings = parent.children = list(parent.children or [])
        siblings.append(shown)
        around.append((symbol, shown))
    return top


def _shown(module: OpenModule, symbol: Symbol, encoding: Encoding) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=symbol.name or "?",
        kind=_KINDS.get(symbol.kind, types.SymbolKind.Variable),
        range=range_of(module.text, symbol.start, symbol.end, encoding),
        selection_range=range_of(module.text, symbol.name_start, symbol.name_end, encoding),
    )
