"""Values and pure functions.

Nothing here reads a file, opens a socket, knows an editor or fails on a text. tree-sitter and
msgspec are the only dependencies, and tree-sitter only in `syntax`, `languages` and `lower`.
"""
