"""A server that does one thing wrong, named on its command line: for the tests of the tests' editor."""

import json
import sys
from typing import Any

Json = dict[str, Any]

WRONGS: dict[str, Json | str] = {
    "a notification": {"method": "window/showMessage", "params": {"type": 3, "message": "hello"}},
    "an error in the log": {"method": "window/logMessage", "params": {"type": 1, "message": "broken"}},
    "a request": {"id": "ours", "method": "workspace/codeLens/refresh", "params": None},
    "an answer to nothing": {"id": 12345, "result": None},
    "an answer without a number": {"id": None, "error": {"code": -32700, "message": "what?"}},
    "no message": "printed by mistake\n",
}
"""What it says, before its answer to `shutdown` or after all else."""


def say(message: Json) -> None:
    """Send a message."""
    body = json.dumps({"jsonrpc": "2.0", **message})
    sys.stdout.write(f"Content-Length: {len(body)}\r\n\r\n{body}")


def hear() -> Json:
    """Read a message."""
    length = int(sys.stdin.readline().partition(":")[2])
    sys.stdin.readline()
    message: Json = json.loads(sys.stdin.read(length))
    return message


def do(wrong: str) -> None:
    """Say what is wrong."""
    if wrong == "a complaint":
        sys.stderr.write("a complaint\n")
    if wrong == "a message cut short":
        sys.stdout.write("Content-Length: 100\r\n\r\n{")
    said = WRONGS.get(wrong)
    if isinstance(said, str):
        sys.stdout.write(said)
    elif said is not None:
        say(said)


def main(wrong: str, when: str) -> int:
    """Serve one editor until it ends; return the exit code."""
    while (message := hear())["method"] != "exit":
        if message["method"] == "shutdown" and when == "before":
            do(wrong)
        if wrong == "no answer" and message["method"] == "textDocument/hover":
            continue
        if "id" in message:
            say({"id": message["id"], "result": {"capabilities": {}}})
        if wrong == "two answers" and message["method"] == "textDocument/hover":
            say({"id": message["id"], "result": None})
        sys.stdout.flush()
    if when == "after":
        do(wrong)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
