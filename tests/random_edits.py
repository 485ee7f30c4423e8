"""Random edits of real files, sent to the server's own handler, against a model that knows nothing of it.

The model is an editor: a string, its lines as the protocol defines them, and positions counted in one of
the three units. After each edit the server's text is the model's; whenever that text parses without an
error, the tree that grew with the edits is the tree of a fresh parse.
"""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from lsprotocol import types

from sleeplsp.core.snapshot import OpenModule
from sleeplsp.core.syntax import Tree, is_whole, parse
from sleeplsp.core.text import Text
from sleeplsp.engine.settings import Settings
from sleeplsp.lsp.root import Opened
from sleeplsp.lsp.server import Server
from tests.scripted import NoReasoner

ENCODINGS = ("utf-8", "utf-16", "utf-32")
LINE_ENDS = ("\n", "\r\n", "\n", "\r")
PASTE_MAX = 200
"""Bytes of one paste."""
DELETE_MAX = 400
"""Characters of one deletion; most are far shorter."""

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass
class Editor:
    """An editor with one document."""

    uri: str
    characters: str
    encoding: str
    version: int = 1

    def position(self, index: int) -> types.Position:
        """Return where a character stands, in the editor's units."""
        ends = [match.end() for match in _LINE_END.finditer(self.characters, 0, index)]
        # A line end is whole or not there: `index` is never between its two characters.
        line_start = ends[-1] if ends else 0
        return types.Position(len(ends), units(self.characters[line_start:index], self.encoding))

    def change(self, start: int, end: int, inserted: str) -> types.DidChangeTextDocumentParams:
        """Replace characters, and return what an editor tells of it."""
        replaced = types.Range(self.position(start), self.position(end))
        self.characters = self.characters[:start] + inserted + self.characters[end:]
        self.version += 1
        return types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(self.version, self.uri),
            [types.TextDocumentContentChangePartial(replaced, inserted)],
        )

    def replace(self, characters: str) -> types.DidChangeTextDocumentParams:
        """Replace everything, as an editor does that cannot say what has changed."""
        self.characters = characters
        self.version += 1
        return types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(self.version, self.uri),
            [types.TextDocumentContentChangeWholeDocument(characters)],
        )


def units(characters: str, encoding: str) -> int:
    """Return the length of a string in an encoding's units, the slow and sure way."""
    if encoding == "utf-32":
        return len(characters)
    if encoding == "utf-16":
        return len(characters.encode("utf-16-le", "surrogatepass")) // 2
    return len(characters.encode("utf-8", "surrogatepass"))


@dataclass
class Tally:
    """What a series of edits came to."""

    edits: int = 0
    """Random edits; taking one back is none."""
    whole: int = 0
    """Texts that parsed without an error, whose trees were compared."""
    wrong: list[str] = field(default_factory=list)


def server_for(encoding: str) -> Server:
    """Return a server that is initialized, with nobody on the other side."""
    server = Server(
        lambda _folder, _settings: Opened(Settings(), NoReasoner(), lambda path, _text: Path(path))
    )
    server.protocol.client_capabilities = types.ClientCapabilities()
    server.protocol.server_capabilities = types.ServerCapabilities(position_encoding=encoding)
    server.protocol.writer = _Nobody()
    return server


def run(files: Mapping[str, str], count: int, seed: int) -> Tally:
    """Make `count` random edits, spread over files; raises whatever the server raises."""
    chance = random.Random(seed)
    tally = Tally()
    paths = sorted(files)
    each = -(-count // len(paths))
    for number, path in enumerate(paths):
        encoding = ENCODINGS[number % len(ENCODINGS)]
        characters = files[path].replace("\n", LINE_ENDS[number % len(LINE_ENDS)])
        _edit_file(path, characters, encoding, min(each, count - tally.edits), chance, tally)
    return tally


def _edit_file(
    path: str, characters: str, encoding: str, count: int, chance: random.Random, tally: Tally
) -> None:
    server = server_for(encoding)
    editor = Editor(f"file:///{path}", characters, encoding)
    server.documents.open(types.TextDocumentItem(editor.uri, "", editor.version, characters))
    for _ in range(count):
        before = editor.characters
        start, end, inserted = random_edit(before, chance)
        is_code = _send(server, editor, editor.change(start, end, inserted), tally)
        # What breaks the text is taken back, mostly: else there were soon no code left to look at.
        if chance.random() < (0.2 if is_code else 0.8):
            _send(server, editor, _taken_back(editor, before, start, inserted), tally)
            assert editor.characters == before
        elif not is_code and chance.random() < 0.3:
            _send(server, editor, editor.replace(characters), tally)
    tally.edits += count


def _taken_back(editor: Editor, before: str, start: int, inserted: str) -> types.DidChangeTextDocumentParams:
    end = start + len(inserted)
    removed = before[start : len(before) - len(editor.characters) + end]
    if _cursor(editor.characters, start) != start or _cursor(editor.characters, end) != end:
        return editor.replace(before)  # the edit has joined two characters to one line end
    return editor.change(start, end, removed)


def _send(server: Server, editor: Editor, params: types.DidChangeTextDocumentParams, tally: Tally) -> bool:
    """Send a change and judge what became of it; tell whether the text parses."""
    server.documents.edit(params)
    found = server.documents.find(editor.uri)
    assert found is not None, editor.uri
    module = found[1]
    if module.text != Text.from_str(editor.characters):
        tally.wrong.append(f"{editor.uri} {editor.version}: the texts differ")
    elif is_whole(module.tree) and (difference := tree_difference(module)):
        tally.wrong.append(f"{editor.uri} {editor.version}: {difference}")
    tally.whole += is_whole(module.tree)
    return is_whole(module.tree)


def random_edit(characters: str, chance: random.Random) -> tuple[int, int, str]:
    """Return an insertion, a deletion or a paste at a place where an editor can have its cursor."""
    start = _cursor(characters, chance.randint(0, len(characters)) if chance.random() < 0.95 else 0)
    kind = chance.choice(("insert", "delete", "paste", "move"))
    if kind == "insert":
        return start, start, chance.choice(_TYPED)
    longest = DELETE_MAX if chance.random() < 0.1 else 12
    end = _cursor(characters, min(len(characters), start + chance.randint(1, longest)))
    if kind == "delete":
        return start, end, ""
    if kind == "move":
        source = _cursor(characters, chance.randint(0, len(characters)))
        piece = characters[source : _cursor(characters, source + chance.randint(1, 300))]
        return start, end if chance.random() < 0.5 else start, piece
    raw = chance.randbytes(chance.randint(1, PASTE_MAX))
    return start, start, raw.decode(*chance.choice((("utf-8", "replace"), ("latin-1", "strict"))))


_TYPED = (
    "a",
    "_",
    "0",
    ".",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    "=",
    "'",
    '"',
    "#",
    "\\",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\x0c",
    "\u2028",
    "é",
    "😀",
    "�",
    "\x00",
    "\ufeff",
    "if",
    "def",
    '"""',
    "'''",
    "lambda",
    "async",
    "await",
    'f"',
    ":\n",
    "return",
    " ",
    "\n    ",
    "    ",
    "\n\n\n",
)


def _cursor(characters: str, index: int) -> int:
    """Return a place near `index`: not between the characters of a line end."""
    between = characters[index - 1 : index + 1] == "\r\n" if index else False
    return index + 1 if between else index


def tree_difference(module: OpenModule) -> str:
    """Return how a module's tree differs from that of a fresh parse; '' if it does not."""
    fresh = parse(module.language, module.text)
    if not is_whole(fresh):
        return "the fresh tree has an error, the old one has none"
    for old, new in zip_longest(nodes(module.tree), nodes(fresh)):
        if old != new:
            return f"{old} is {new} in a fresh parse"
    return ""


def nodes(tree: Tree) -> Iterator[tuple[int, int, int, int, bool, int]]:
    """Yield depth, kind, span, whether it is missing, and field of every node, in order."""
    cursor = tree.walk()
    depth = 0
    while True:
        node = cursor.node
        assert node is not None
        yield (
            depth,
            node.kind_id,
            node.start_byte,
            node.end_byte,
            node.is_missing,
            cursor.field_id or 0,
        )
        if cursor.goto_first_child():
            depth += 1
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return
            depth -= 1


class _Nobody:
    """Reads nothing of what the server says."""

    def write(self, data: bytes) -> None:
        """Take it."""


def standard_library(count: int, chance: random.Random, bytes_max: int = 24_000) -> dict[str, str]:
    """Return `count` files of the running interpreter's library, by name."""
    folder = Path(re.__file__).parent.parent
    paths = sorted(each for each in folder.glob("*.py") if 2_000 < each.stat().st_size < bytes_max)
    return {each.name: each.read_text("utf-8") for each in chance.sample(paths, count)}
