"""The command that tells how folders stand: what is suspected, what waits to be thought about, what failed.

For lists in which to look around. Read from memory alone. It must not know what such a list looks like.
"""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from sleeplsp.answers.wanted import is_silenced
from sleeplsp.core.insight import Severity, Suspicion, graded
from sleeplsp.core.markdown import one_line
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.engine.agenda import EVERYTHING
from sleeplsp.lsp.arguments import root_at
from sleeplsp.lsp.convert import spot_range, uri_of
from sleeplsp.lsp.diagnostics import severity_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

OVERVIEW = "sleeplsp.overview"

SUSPICIONS_MAX = 2000
"""Suspicions of one folder that are listed, in the order of their files; all are counted."""
MODULES_MAX = 200
"""Modules that are listed as waiting, or as failed."""

DRIFT = "drift"
"""The check that compares code with what it promised at the last commit."""

Json = dict[str, Any]


def register(server: "Server") -> None:
    """Answer the command: of the folders that URIs lie in, of all without one."""

    @server.command(OVERVIEW)
    def overview(*uris: str) -> Json:
        server.roots.mind_all()
        roots = dict.fromkeys(root_at(server, each) for each in uris) if uris else server.roots.all
        return {"roots": [_told(server, root) for root in roots]}


def _told(server: "Server", root: Root) -> Json:
    suspicions = sorted(_suspicions(server, root), key=_place)
    waiting = root.sleeper.waiting
    outcome = root.sleeper.status.outcome
    failed = outcome.failed if outcome is not None else {}
    return {
        "root": uri_of(root.folder) if root.folder is not None else None,
        "name": root.name,
        "isComplete": root.sleeper.is_asleep,
        "suspicions": suspicions[:SUSPICIONS_MAX],
        "suspicionsTotal": len(suspicions),
        "waiting": [
            {"uri": _uri(root, path), "path": path, "cause": cause}
            for path, cause in list(waiting.items())[:MODULES_MAX]
        ],
        "waitingTotal": len(waiting),
        "failed": [
            {"uri": _uri(root, path), "path": path, "reason": reason}
            for path, reason in sorted(failed.items())[:MODULES_MAX]
        ],
        "failedTotal": len(failed),
    }


def _place(told: Json) -> tuple[str, int, int, str]:
    start: types.Position = told["range"].start
    return told["path"], start.line, start.character, told["check"]


def _uri(root: Root, path: str) -> str | None:
    if path != EVERYTHING:
        return root.uri(path)
    return uri_of(root.folder) if root.folder is not None else None


def _suspicions(server: "Server", root: Root) -> Iterator[Json]:
    """Yield what holds now: of open modules all, of others what is good enough to be shown."""
    snapshot = root.workspace.snapshot
    opened = (_marked(server, root, each) for each in snapshot.modules.values())
    yield from chain.from_iterable(opened)
    for path in snapshot.elsewhere.keys() - snapshot.modules.keys():
        if not server.roots.is_home(root, path):
            continue
        for located in snapshot.fresh_elsewhere(path) or ():
            severity = severity_of(root, located.suspicion)
            if severity is not Severity.OFF:
                span = spot_range(located.spot, server.encoding)
                yield _suspicion(root, path, located.suspicion, severity, span, is_shown=True)


def _marked(server: "Server", root: Root, module: OpenModule) -> Iterator[Json]:
    found = server.documents.find(root.uri(module.path))
    if found is None or module.claims is None or module.claims.provisional:
        return
    columns = server.columns(*found)
    for mark in root.workspace.snapshot.fresh_marks(module):
        suspicion = mark.claim.suspicion
        severity = severity_of(root, suspicion)
        if severity is not Severity.OFF and not is_silenced(module, mark):
            span = columns.range(mark.start, mark.end)
            yield _suspicion(root, module.path, suspicion, severity, span, is_shown=suspicion.shown)


def _suspicion(
    root: Root, path: str, suspicion: Suspicion, severity: Severity, span: types.Range, *, is_shown: bool
) -> Json:
    return {
        "uri": root.uri(path),
        "path": path,
        "range": span,
        "check": suspicion.category,
        "severity": severity.value,
        "grade": graded(suspicion.grade, suspicion.votes),
        "source": "model" if suspicion.grade.is_by_model else "deduced",
        "symbol": suspicion.symbol,
        "message": one_line(suspicion.message),
        "shown": is_shown,
        "isDrift": suspicion.category == DRIFT,
    }
