"""The process of an embedded model: `python -m sleeplsp.llm.serving`. Started by `llm.local`, by nobody else.

It is told on standard input, in one line, which file to serve and how; it tells on standard output, in one
line, where, once the model answers; it ends when its standard input does, at once and whatever it is at.
It must not know who asks.
"""

import contextlib
import http.client
import importlib
import json
import os
import sys
from typing import Any
from urllib.parse import urlsplit

NICE = 10
"""How far it steps back behind what else the machine does."""

BATCH_TOKENS = 256
"""Tokens of a prompt between two looks at whether anybody still wants it."""

HTTP_THREADS = 8
KEPT_PROMPTS_MIB = 256
"""Memory for prompts that are not in a slot any more."""

_ERRORS_ONLY = 1


def main() -> int:
    """Serve until standard input ends; return the exit code if that cannot begin."""
    line = sys.stdin.buffer.readline()
    if not line.strip():
        return 0
    end_with_input()
    told = _own_output()
    if hasattr(os, "nice"):
        os.nice(NICE)
    os.chdir(os.sep)  # nothing that lies in a workspace is to be found by the library
    library = importlib.import_module("xllamacpp")
    server = library.Server(_parameters(library, json.loads(line)))
    address = str(server.listening_address)
    _check(address)
    told.write(json.dumps({"address": address}).encode() + b"\n")
    told.flush()
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)  # there is nothing to keep, and what is under way is for nobody


def end_with_input() -> None:
    """Have the system end this process when standard input ends, where it can.

    The library holds Python's lock while it loads a model, so that no thread could look.
    """
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import fcntl  # noqa: PLC0415 - not on every system

        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        # The signal that comes then ends a process which has said nothing else.
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)


def _own_output() -> Any:  # noqa: ANN401 - a file, buffered
    """Return standard output for this module alone: what the library prints goes to standard error."""
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


def _parameters(library: Any, orders: dict[str, Any]) -> Any:  # noqa: ANN401 - classes of the library
    found = library.CommonParams()
    found.model.path = orders["path"]
    found.model_alias = {orders["name"]}
    found.hostnames = ["127.0.0.1"]
    found.port = orders["port"]
    found.api_keys = [orders["key"]]
    found.offline = True
    found.ui = False
    found.use_jinja = True
    found.n_parallel = orders["slots"]
    found.kv_unified = False
    found.n_ctx = orders["context_tokens"] * orders["slots"]
    found.n_batch = found.n_ubatch = BATCH_TOKENS
    found.cpuparams.n_threads = found.cpuparams_batch.n_threads = orders["threads"]
    found.n_threads_http = HTTP_THREADS
    found.cache_ram_mib = KEPT_PROMPTS_MIB
    found.verbosity = _ERRORS_ONLY
    return found


def _check(address: str) -> None:
    """Raise OSError where nobody answers at the address."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.request("GET", "/health")
    if connection.getresponse().status != http.HTTPStatus.OK:
        raise OSError("the model does not answer")
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
