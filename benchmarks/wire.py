"""The least there is of a language client: frames over a process's pipes, one request at a time.

No server gains or loses by it, and the time it takes is small beside what it measures.
"""

import json
import os
import select
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from benchmarks import processes

Params = Mapping[str, object]
Message = dict[str, Any]

ANSWER_S_MAX = 120.0
"""Seconds an answer may take; a server that needs longer is taken to be stuck."""

CAPABILITIES: Params = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {
        "workspaceFolders": True,
        "configuration": True,
        "workspaceEdit": {"documentChanges": True},
        "codeLens": {"refreshSupport": True},
    },
    "textDocument": {
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "codeLens": {},
        "codeAction": {
            "codeActionLiteralSupport": {
                "codeActionKind": {"valueSet": ["quickfix", "refactor", "source", "source.organizeImports"]}
            },
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
        "synchronization": {"didSave": True},
    },
}


class AnswerError(Exception):
    """The server answered with an error."""


class Client:
    """One server process and what it has said. `errors` is the file that its standard error goes to."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        errors: Path | None = None,
        settings: object = None,
    ) -> None:
        self.begun = time.perf_counter()
        with open(errors or os.devnull, "ab") as complaints:  # noqa: PTH123  os.devnull is no Path
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**os.environ, **(environment or {})},
            )
        self._settings = settings
        self._received = bytearray()
        self._id = 0
        self.offers: Message = {}
        """What the server said it can do."""
        self.thinking: list[str] = []
        """Kinds of the progress told so far."""
        self.ends: list[str] = []
        """What was said when a progress ended."""
        self.heard: Counter[str] = Counter()
        """How often each notification came."""
        self.diagnostics: dict[str, list[Message]] = {}
        """What was told last of each document."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        processes.end([self.process.pid, *processes.below(self.process.pid)])
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue

    def request(self, method: str, params: Params | None, timeout_s: float = ANSWER_S_MAX) -> Any:  # noqa: ANN401  what a server answers
        """Ask, and return the answer; what comes in between is taken note of. Raises AnswerError."""
        asked = self.send(method, params)
        answer = self._until(
            lambda message: message.get("id") == asked and "method" not in message, timeout_s
        )
        if "error" in answer:
            raise AnswerError(f"{method}: {answer['error']}")
        return answer.get("result")

    def send(self, method: str, params: Params | None) -> int:
        """Send a request and return its number, without waiting for the answer."""
        self._id += 1
        self._write({"id": self._id, "method": method, "params": params})
        return self._id

    def hover(self, position: Params) -> str | None:
        """Return the text of a hover."""
        found = self.request("textDocument/hover", position)
        return _hovered(found["contents"]) if isinstance(found, dict) else None

    def timed(self, method: str, params: Params) -> float:
        """Ask, and return the seconds until the answer was there."""
        begun = time.perf_counter()
        self.request(method, params)
        return time.perf_counter() - begun

    def notify(self, method: str, params: Params | None) -> None:
        """Tell."""
        self._write({"method": method, "params": params})

    def listen(self, seconds: float) -> None:
        """Take note of what comes in so many seconds."""
        self.listen_until(lambda: False, seconds)

    def listen_until(self, come: Callable[[], bool], seconds: float) -> bool:
        """Take note of what comes until something has come, or so many seconds are over; tell whether."""
        deadline = time.monotonic() + seconds
        while not come():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._read(left)
        return True

    def wait_for_progress(self, kind: str, seconds: float = 600.0) -> None:
        """Wait until the server has told of progress of a kind: begin, report or end."""
        if not self.listen_until(lambda: kind in self.thinking, seconds):
            raise TimeoutError(f"no progress of kind {kind} in {seconds:g} s")

    def settle(self) -> float:
        """Take note of what comes until the server rests; return the seconds waited."""
        return processes.wait_until_quiet(self.process.pid, self.listen)

    def open(self, root: Path, files: Sequence[Path], options: object = None) -> None:
        """Initialize, and open files."""
        initialize = {
            "processId": os.getpid(),
            "rootUri": root.as_uri(),
            "rootPath": str(root),
            "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
            "capabilities": CAPABILITIES,
            "initializationOptions": options,
        }
        self.offers = self.request("initialize", initialize)["capabilities"]
        self.notify("initialized", {})
        for each in files:
            self.take_up(each, each.read_text("utf-8", "replace"))

    def take_up(self, file: Path, text: str, version: int = 1) -> None:
        """Open a document."""
        document = {"uri": file.as_uri(), "languageId": "python", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def replace(self, file: Path, text: str, version: int) -> None:
        """Change a document as a whole."""
        document = {"uri": file.as_uri(), "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def close(self, timeout_s: float = 20.0) -> int:
        """Say goodbye; return the exit code."""
        self.request("shutdown", None, timeout_s)
        self.notify("exit", None)
        if self.process.stdin is not None:
            self.process.stdin.close()
        return self.process.wait(timeout_s)

    def _write(self, message: Message) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def _until(self, wanted: Callable[[Message], bool], timeout_s: float) -> Message:
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            message = self._read(left)
            if message is not None and wanted(message):
                return message
        raise TimeoutError(f"no answer in {timeout_s:g} s")

    def _read(self, timeout_s: float) -> Message | None:
        """Return the next message, taken note of; None if none came in time. Raises EOFError."""
        assert self.process.stdout is not None
        pipe, deadline = self.process.stdout.fileno(), time.monotonic() + timeout_s
        while (message := self._complete()) is None:
            left = max(deadline - time.monotonic(), 0.0)
            if not select.select([pipe], [], [], left)[0]:
                return None
            received = os.read(pipe, 1 << 20)
            if not received:
                raise EOFError("the server has ended")
            self._received += received
        self._take_note(message)
        return message

    def _complete(self) -> Message | None:
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return None
        fields = (line.partition(b":") for line in bytes(self._received[:end]).split(b"\r\n"))
        length = next(int(value) for name, _, value in fields if name.lower() == b"content-length")
        start = end + 4
        if len(self._received) < start + length:
            return None
        message: Message = json.loads(bytes(self._received[start : start + length]))
        del self._received[: start + length]
        return message

    def _take_note(self, message: Message) -> None:
        method, params = message.get("method"), message.get("params")
        if method is None:
            return
        if "id" in message:
            asked = method == "workspace/configuration" and isinstance(params, dict)
            result = [self._settings for _ in params["items"]] if asked and params else None
            self._write({"id": message["id"], "result": result})
            return
        self.heard[method] += 1
        if method == "$/progress" and isinstance(params, dict) and isinstance(params["value"], dict):
            self.thinking.append(params["value"].get("kind", ""))
            if self.thinking[-1] == "end":
                self.ends.append(params["value"].get("message") or "")
        elif method == "textDocument/publishDiagnostics" and isinstance(params, dict):
            self.diagnostics[params["uri"]] = params["diagnostics"]


def _hovered(contents: object) -> str:
    """Return the text of a hover in any of the forms that the protocol has."""
    if isinstance(contents, dict):
        return str(contents.get("value", ""))
    if isinstance(contents, list):
        return "\n".join(map(_hovered, contents))
    return str(contents)
