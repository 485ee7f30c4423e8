"""The least there is of a language client: frames over a process's pipes, one request at a time.

Neither server gains or loses by it, and the time it takes is small beside what it measures.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

Params = Mapping[str, object]


class Client:
    """One server process and what it has said."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )
        self._id = 0
        self.thinking: list[str] = []
        """Kinds of the progress told so far."""
        self.notifications = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def request(self, method: str, params: Params | None) -> object:
        """Ask, and return the answer; what comes in between is taken note of."""
        self._id += 1
        self._write({"id": self._id, "method": method, "params": params})
        return self._until(lambda message: message.get("id") == self._id and "method" not in message)

    def hover(self, position: Params) -> str | None:
        """Return the Markdown of a hover."""
        found = self.request("textDocument/hover", position)
        return str(found["contents"]["value"]) if isinstance(found, dict) else None

    def timed(self, method: str, params: Params) -> float:
        """Ask, and return the seconds until the answer was there."""
        begun = time.perf_counter()
        self.request(method, params)
        return time.perf_counter() - begun

    def notify(self, method: str, params: Params) -> None:
        """Tell."""
        self._write({"method": method, "params": params})

    def wait_for_progress(self, kind: str) -> None:
        """Wait until the server has told of progress of a kind: begin, report or end."""
        while kind not in self.thinking:
            self._until(lambda message: message.get("method") == "$/progress")

    def open(self, root: Path, files: Sequence[Path]) -> None:
        """Initialize, and open files."""
        capabilities = {
            "window": {"workDoneProgress": True},
            "textDocument": {"publishDiagnostics": {"relatedInformation": True}},
        }
        folder = {"uri": root.as_uri(), "name": root.name}
        initialize = {
            "processId": os.getpid(),
            "rootUri": root.as_uri(),
            "workspaceFolders": [folder],
            "capabilities": capabilities,
        }
        self.request("initialize", initialize)
        self.notify("initialized", {})
        for each in files:
            text = each.read_text("utf-8", "replace")
            document = {"uri": each.as_uri(), "languageId": "python", "version": 1, "text": text}
            self.notify("textDocument/didOpen", {"textDocument": document})

    def memory_mib(self) -> float | None:
        """Return the resident memory of the server's own process, where the system tells it."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return None
        lines = (line.split() for line in status.splitlines())
        return next((int(line[1]) / 1024 for line in lines if line[0] == "VmRSS:"), None)

    def _write(self, message: dict[str, object]) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> object:
        while True:
            message = self._read()
            if "method" in message and "id" in message:
                self._write({"id": message["id"], "result": None})
            elif "method" in message:
                self.notifications += 1
                if message["method"] == "$/progress":
                    self.thinking.append(message["params"]["value"]["kind"])
            if wanted(message):
                return message.get("result")

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = self._process.stdout.read(length)
        if not body:
            raise EOFError("the server has ended")
        message: dict[str, Any] = json.loads(body)
        return message
