"""`sleeplsp serve`: the language server on standard streams or a socket.

The server's process imports no reasoner and opens no store: deduction runs in processes of its own.
"""

import gc
import json
import logging
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sleeplsp.cache.reports import keep_report
from sleeplsp.cli import spare
from sleeplsp.cli.layers import resolved_settings
from sleeplsp.engine.errors import DEBUG_VARIABLE, UsageError
from sleeplsp.engine.ledger import Books
from sleeplsp.engine.noting import Notes
from sleeplsp.engine.settings import Settings
from sleeplsp.journal.disk import DiskJournal
from sleeplsp.lsp.pages import check_names
from sleeplsp.lsp.root import Opened
from sleeplsp.lsp.server import Server
from sleeplsp.lsp.streams import channel_of_files, channel_of_socket
from sleeplsp.repo.baseline import BaselineFile
from sleeplsp.repo.watching import FileWatch
from sleeplsp.workers.machine import busy
from sleeplsp.workers.messages import OpenRequest
from sleeplsp.workers.pipes import own_streams
from sleeplsp.workers.remote import RemoteReasoner


def serve(tcp: str | None = None, log_file: str | None = None) -> int:
    """Serve one editor until it ends; return the exit code.

    `tcp` is HOST:PORT; without it, standard input and output. Raises UsageError.
    """
    with _usable(f"the log file {log_file}"):
        logging.basicConfig(
            filename=log_file,
            level=logging.WARNING,
            format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        )
    if log_file is not None or os.environ.get(DEBUG_VARIABLE):
        logging.getLogger("sleeplsp").setLevel(logging.INFO)
    journals = Journals()
    server = Server(lambda folder, editor_settings: open_root(folder, editor_settings, journals))
    # What was imported stays: to look through it for garbage again and again would stop the loop for 50 ms.
    gc.freeze()
    try:
        if tcp is None:
            with own_streams() as (requests, replies), requests:
                server.serve(channel_of_files(requests, replies))
        else:
            with _editor_at(tcp) as connection:
                server.serve(channel_of_socket(connection))
    finally:
        journals.close()
    return server.exit_code


class Journals:
    """The journals of one server: one for each place that settings name."""

    def __init__(self) -> None:
        self._all: dict[str | None, DiskJournal] = {}

    def at(self, state_dir: str | None) -> DiskJournal:
        """Return the journal in a place."""
        return self._all.setdefault(state_dir, DiskJournal(state_dir))

    def close(self) -> None:
        """Keep what they were told."""
        for each in self._all.values():
            each.close()


def open_root(folder: Path | None, editor_settings: Mapping[str, object], journals: Journals) -> Opened:
    """Return the settings and the reasoner of a folder, or of documents that lie in none."""
    settings, warnings = resolved_settings(folder, editor=editor_settings, check_names=check_names())
    root = os.fsencode(folder) if folder is not None else b""
    opening = OpenRequest(root=root, settings=json.dumps(dict(editor_settings)))
    keep = partial(keep_report, settings.cache_dir, str(folder or ""))
    watch = FileWatch(folder) if folder is not None else None
    name = os.path.realpath(folder) if folder is not None else ""
    reasoner = RemoteReasoner(spare.start, opening)
    return Opened(
        settings,
        reasoner,
        keep,
        tuple(map(str, warnings)),
        watch,
        Notes(journals.at(settings.state_dir), name, "server"),
        partial(_books, settings),
        reasoner.explain,
        reasoner.ask,
        BaselineFile(folder) if folder is not None else None,
        lambda: busy(settings.load_max),
    )


def _books(settings: Settings) -> Books:
    from sleeplsp.journal.ledger import DiskLedger  # noqa: PLC0415 - only where a model is asked

    return DiskLedger(settings.state_dir).books()


@contextmanager
def _usable(what: str) -> Iterator[None]:
    """Raise UsageError where what a user named cannot be opened."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{what} cannot be used: {error.strerror or error}") from error


def _editor_at(tcp: str) -> socket.socket:
    """Wait for an editor at an address: the first one, and no other."""
    with _usable(f"the address {tcp}"):
        listening = socket.create_server(_address(tcp))
    with listening:
        return listening.accept()[0]


def _address(tcp: str) -> tuple[str, int]:
    host, _, port = tcp.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"--tcp wants HOST:PORT, not {tcp!r}")
    return host, int(port)
