"""A pygls server that answers every hover with the same Markdown: the least a hover can cost.

python -m benchmarks.constant LENGTH
"""

import sys

from lsprotocol import types
from pygls.lsp.server import LanguageServer


def main() -> None:
    """Serve on standard streams."""
    server = LanguageServer("constant", "1")
    words = "what has been worked out beforehand "
    markdown = (words * (int(sys.argv[1]) // len(words) + 1))[: int(sys.argv[1])]

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(_params: types.HoverParams) -> types.Hover:
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, markdown))

    server.start_io()


if __name__ == "__main__":
    main()
