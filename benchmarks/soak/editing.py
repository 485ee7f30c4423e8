"""Simulated editing of a workspace through a real server: seeded, and never the same for long.

Somebody opens and closes files, types in bursts, undoes, saves, switches branches, and hovers all along. It
must not know what is measured.
"""

import random
import re
import time
from pathlib import Path
from typing import Any

from benchmarks.positions import positions, spans
from benchmarks.wire import Client

OPEN_MAX = 8
BURST = (5, 40)
"""Characters typed at a stretch, at least and at most."""
KEY_S = (0.02, 0.12)
"""Seconds between two of them."""
BRANCH_FILES = 12

_TYPED = (
    "    value = None\n",
    "    if value is None:\n        return None\n",
    "    # to be done\n",
    "    for each in range(3):\n        print(each)\n",
    "    return value.upper()\n",
    "def added(value):\n    return value\n\n",
    "    '''unfinished",
    "    try:\n        value = int('1')\n    except ValueError:\n        raise\n",
)
_LINE = re.compile(r"^(?=    \w)", re.MULTILINE)


class Buffer:
    """One open document, as the editor has it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.text = file.read_text("utf-8", "replace")
        self.version = 1
        self.before: list[str] = []
        """Texts to go back to."""

    @property
    def uri(self) -> str:
        """Return its name in the protocol."""
        return self.file.as_uri()


class Editor:
    """Somebody who edits `root`, whose files are changed on disk."""

    def __init__(self, client: Client, root: Path, seed: int) -> None:
        self._client, self._root = client, root
        self._chance = random.Random(seed)
        files = sorted(each for each in root.rglob("*.py") if 2_000 < each.stat().st_size < 60_000)
        self._files = self._chance.sample(files, min(60, len(files)))
        self._branches: dict[Path, list[str]] = {
            each: [text, self._other_branch(text)]
            for each in self._chance.sample(files, min(BRANCH_FILES, len(files)))
            if (text := each.read_text("utf-8", "replace"))
        }
        self._buffers: dict[Path, Buffer] = {}
        self.hovers: list[float] = []
        """Milliseconds."""
        self.done: dict[str, int] = {}
        """How often each thing was done."""

    def act(self) -> None:
        """Do one thing."""
        if not self._buffers:
            self._do("open")
        weights = {
            "type": 10,
            "undo": 3,
            "save": 3,
            "open": 2,
            "close": 1,
            "look": 6,
            "switch": 0.3,
            "rest": 1,
        }
        (name,) = self._chance.choices(list(weights), list(weights.values()))
        self._do(name)

    def _do(self, name: str) -> None:
        self.done[name] = self.done.get(name, 0) + 1
        getattr(self, f"_{name}")()

    def _open(self) -> None:
        file = self._chance.choice(self._files)
        if file in self._buffers:
            return
        while len(self._buffers) >= OPEN_MAX:
            self._close()
        self._buffers[file] = buffer = Buffer(file)
        self._client.take_up(file, buffer.text)

    def _close(self) -> None:
        file = self._chance.choice(sorted(self._buffers))
        buffer = self._buffers.pop(file)
        self._client.notify("textDocument/didClose", {"textDocument": {"uri": buffer.uri}})

    def _type(self) -> None:
        """Type a stretch, key by key, hovering now and then."""
        buffer = self._any()
        buffer.before = [*buffer.before[-5:], buffer.text]
        places = [match.start() for match in _LINE.finditer(buffer.text)] or [len(buffer.text)]
        at = self._chance.choice(places)
        typed = "".join(self._chance.choices(_TYPED, k=2))[: self._chance.randint(*BURST)]
        for key in typed:
            self._insert(buffer, at, key)
            at += 1
            self._client.listen(self._chance.uniform(*KEY_S))
            if self._chance.random() < 0.1:
                self._hover(buffer)

    def _undo(self) -> None:
        buffer = self._any()
        if buffer.before:
            self._replace(buffer, buffer.before.pop())

    def _save(self) -> None:
        buffer = self._any()
        buffer.file.write_text(buffer.text, "utf-8")
        self._client.notify("textDocument/didSave", {"textDocument": {"uri": buffer.uri}})
        self._tell_changed([buffer.file])

    def _switch(self) -> None:
        """Switch branches: several files are others, on disk and where they are open."""
        for file, texts in self._branches.items():
            texts.reverse()
            file.write_text(texts[0], "utf-8")
            if (buffer := self._buffers.get(file)) is not None:
                self._replace(buffer, texts[0])
        self._tell_changed(list(self._branches))

    def _look(self) -> None:
        """Hover here and there, and ask for what an editor asks for."""
        buffer = self._any()
        for _ in range(5):
            self._hover(buffer)
            self._client.listen(0.05)
        self._client.request("textDocument/documentSymbol", {"textDocument": {"uri": buffer.uri}})

    def _rest(self) -> None:
        self._client.listen(self._chance.uniform(1.0, 5.0))

    def _any(self) -> Buffer:
        return self._buffers[self._chance.choice(sorted(self._buffers))]

    def _hover(self, buffer: Buffer) -> None:
        asked = list(positions([buffer.file])) if buffer.file.exists() else []
        if not asked:
            return
        place = self._chance.choice(asked)
        begun = time.perf_counter()
        self._client.request("textDocument/hover", place)
        self.hovers.append(1000 * (time.perf_counter() - begun))
        self._client.request("textDocument/codeAction", spans([place])[0])

    def _insert(self, buffer: Buffer, at: int, key: str) -> None:
        line = buffer.text.count("\n", 0, at)
        column = len(buffer.text[buffer.text.rfind("\n", 0, at) + 1 : at].encode("utf-16-le")) // 2
        place = {"line": line, "character": column}
        buffer.text = buffer.text[:at] + key + buffer.text[at:]
        self._change(buffer, {"range": {"start": place, "end": place}, "text": key})

    def _replace(self, buffer: Buffer, text: str) -> None:
        buffer.text = text
        self._change(buffer, {"text": text})

    def _change(self, buffer: Buffer, change: dict[str, Any]) -> None:
        buffer.version += 1
        document = {"uri": buffer.uri, "version": buffer.version}
        self._client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})

    def _tell_changed(self, files: list[Path]) -> None:
        changes = [{"uri": each.as_uri(), "type": 2} for each in files]
        self._client.notify("workspace/didChangeWatchedFiles", {"changes": changes})

    def _other_branch(self, text: str) -> str:
        """Return a text with a few functions more, and one line in twenty gone that stands alone."""
        lines = [each for each in text.splitlines(keepends=True) if not each.lstrip().startswith("#")]
        return "".join([*lines, "\n\ndef only_on_the_other_branch(value):\n    return value or None\n"])
