"""A server that writes down what an editor says of itself: for `scripts/record-profiles`.

`python recorder.py FILE` answers `initialize` with nothing that it can do, and keeps what was asked, without
what is of one machine or one run. It must run without the project.
"""

import json
import sys
from pathlib import Path
from typing import Any

KEPT = ("capabilities", "clientInfo")


def hear() -> dict[str, Any] | None:
    """Read a message; None at the end."""
    length = 0
    while (line := sys.stdin.buffer.readline()).strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    message: dict[str, Any] | None = json.loads(sys.stdin.buffer.read(length)) if line else None
    return message


def answer(number: object, result: object) -> None:
    """Answer a request."""
    body = json.dumps({"jsonrpc": "2.0", "id": number, "result": result})
    sys.stdout.write(f"Content-Length: {len(body)}\r\n\r\n{body}")
    sys.stdout.flush()


def main(kept: str) -> None:
    """Serve one editor until it ends."""
    while (message := hear()) is not None and message.get("method") != "exit":
        if message.get("method") == "initialize":
            said = {name: message["params"][name] for name in KEPT}
            Path(kept).write_text(json.dumps(said, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            answer(message["id"], {"capabilities": {}})
        elif "id" in message and "method" in message:
            answer(message["id"], None)


if __name__ == "__main__":
    main(sys.argv[1])
