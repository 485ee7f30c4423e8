"""`sleeplsp serve`: the language server on standard streams or a socket."""

import json
import logging
import sys
from collections.abc import Mapping
from pathlib import Path

from sleeplsp.cli.session import settings_of
from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.settings import Settings
from sleeplsp.lsp.server import Server
from sleeplsp.workers.deducer import RemoteReasoner


def serve(tcp: str | None = None, log_file: str | None = None) -> None:
    """Serve one editor until it ends. `tcp` is HOST:PORT; without it, standard input and output."""
    logging.basicConfig(
        filename=log_file, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    server = Server(_open_root)
    if tcp is None:
        server.start_io()
        return
    host, _, port = tcp.rpartition(":")
    if not host or not port.isdigit():
        raise UsageError(f"--tcp wants HOST:PORT, not {tcp!r}")
    server.start_tcp(host, int(port))


def _open_root(
    folder: Path, editor_settings: Mapping[str, object]
) -> tuple[Settings, tuple[str, ...], RemoteReasoner]:
    settings, warnings = settings_of(folder, editor=editor_settings)
    command = [sys.executable, "-m", "sleeplsp.cli.deducer", str(folder)]
    command += ["--editor-settings", json.dumps(dict(editor_settings))]
    return settings, warnings, RemoteReasoner(command)


if __name__ == "__main__":
    serve()
