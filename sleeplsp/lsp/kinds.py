"""Kinds of symbols in the editor's terms."""

from lsprotocol import types

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


def kind_of(kind: str, announced: types.ClientSymbolKindOptions | None) -> types.SymbolKind:
    """Return a kind as a client can show it: one that announces none knows those of the first protocol."""
    found = _KINDS.get(kind, types.SymbolKind.Variable)
    known = announced.value_set if announced is not None else None
    is_of_the_first = found.value <= types.SymbolKind.Array.value
    return found if is_of_the_first or found in (known or ()) else types.SymbolKind.Class
