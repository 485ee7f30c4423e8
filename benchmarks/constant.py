"""A pygls server that answers what it was told: the least that an answer of that length can cost.

    python -m benchmarks.constant ANSWERS

ANSWERS is a JSON file: `hover` is the length in characters of the Markdown that every hover is answered
with; `symbols`, `lenses` and `actions` are answers by document, as our server gave them. An action's
document is `URI:LINE`.
"""

import json
import sys
from pathlib import Path
from typing import Any, cast

from lsprotocol import converters, types
from pygls.lsp.server import LanguageServer

_WORDS = "what has been worked out beforehand "


def main() -> None:
    """Serve on standard streams."""
    answers: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    server = LanguageServer("constant", "1")
    length = answers["hover"]
    markdown = (_WORDS * (length // len(_WORDS) + 1))[:length]
    symbols = _structured(answers["symbols"], list[types.DocumentSymbol])
    lenses = _structured(answers["lenses"], list[types.CodeLens])
    actions = _structured(answers["actions"], list[types.CodeAction])

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(_params: types.HoverParams) -> types.Hover:
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, markdown))

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def document_symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        return symbols.get(params.text_document.uri) or []

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def code_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        return lenses.get(params.text_document.uri) or []

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
    def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        return actions.get(f"{params.text_document.uri}:{params.range.start.line}") or []

    server.start_io()


def _structured(answers: dict[str, Any], kind: object) -> dict[str, Any]:
    converter = converters.get_converter()
    return {name: converter.structure(each, cast("Any", kind)) for name, each in answers.items()}


if __name__ == "__main__":
    main()
