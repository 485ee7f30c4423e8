"""Diagnostics: the fresh suspicions of open documents, pushed when they change."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from sleeplsp.answers.evidence import steps
from sleeplsp.core.ignores import is_ignored
from sleeplsp.core.insight import Severity
from sleeplsp.core.markdown import one_line
from sleeplsp.core.snapshot import Mark, OpenModule
from sleeplsp.core.text import Text
from sleeplsp.lsp.convert import spot_range, uri_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.documents import Document
    from sleeplsp.lsp.server import Server

SOURCE = "sleeplsp"

SHOWN_MAX = 500
"""Diagnostics of one document, by position: more take long to send, and nobody reads them."""

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_FADED = frozenset(("unreachable-code",))


class Published(NamedTuple):
    """What was sent of a document last, and what it was made of."""

    text: Text
    shown: tuple[tuple[Mark, Severity], ...]
    diagnostics: list[types.Diagnostic]


def publish(server: "Server", root: Root) -> None:
    """Send the diagnostics of those open documents of a root whose diagnostics have changed."""
    for path, uri in list(root.uris.items()):
        module = root.module(path)
        if module is None:
            continue
        shown = tuple(islice(shown_marks(root, module), SHOWN_MAX))
        last = server.published.get(uri)
        if last is None and not shown:
            continue
        if last is not None and last.text is module.text and last.shown == shown:
            continue
        found = server.documents.find(uri)
        made = [diagnostic(server, found[0], found[1], *each) for each in shown] if found else []
        server.published[uri] = Published(module.text, shown, made)
        if last is None or last.diagnostics != made:
            _send(server, uri, made, module.version)


def withdraw(server: "Server", uri: str) -> None:
    """Take back the diagnostics of a document that was closed."""
    last = server.published.pop(uri, None)
    if last is not None and last.diagnostics:
        _send(server, uri, [], None)


def shown_marks(root: Root, module: OpenModule) -> Iterator[tuple[Mark, Severity]]:
    """Yield what an open document is suspected of, as far as it is fresh and wanted."""
    for mark in root.workspace.snapshot.fresh_marks(module):
        suspicion = mark.claim.suspicion
        severity = Severity(root.settings.checks.get(suspicion.category, suspicion.severity))
        reach = max(mark.end, mark.comment_at)
        if (
            suspicion.shown
            and severity is not Severity.OFF
            and not is_ignored(module.text, mark.start, reach, suspicion.category)
        ):
            yield mark, severity


def diagnostic(
    server: "Server", document: "Document", module: OpenModule, mark: Mark, severity: Severity
) -> types.Diagnostic:
    """Return one suspicion as a diagnostic."""
    suspicion = mark.claim.suspicion
    return types.Diagnostic(
        range=server.columns(document, module).range(mark.start, mark.end),
        message=one_line(suspicion.message),
        severity=_SEVERITIES[severity],
        code=suspicion.category,
        code_description=types.CodeDescription(f"{_explanations()}#{suspicion.category}"),
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if suspicion.category in _FADED else None,
        related_information=_related(server, document, module, mark),
        data={"id": suspicion.id},
    )


def _related(
    server: "Server", document: "Document", module: OpenModule, mark: Mark
) -> list[types.DiagnosticRelatedInformation] | None:
    capabilities = server.client_capabilities.text_document
    published = capabilities.publish_diagnostics if capabilities is not None else None
    if published is None or not published.related_information:
        return None
    root, related = document.root, []
    for step in steps(root.workspace.snapshot, module, mark):
        uri = root.uri(step.path)
        other = server.documents.find(uri)
        if step.span is not None and other is not None:
            span = server.columns(*other).range(*step.span)
        elif step.spot is not None:
            span = spot_range(step.spot, server.encoding)
        else:
            continue
        said = one_line(step.evidence.sentence)
        related.append(types.DiagnosticRelatedInformation(types.Location(uri, span), said))
    return related


def _send(server: "Server", uri: str, diagnostics: list[types.Diagnostic], version: int | None) -> None:
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics, version=version)
    )


@cache
def _explanations() -> str:
    """Return the URI of the page that explains every check: it comes with the package."""
    return uri_of(Path(str(files("sleeplsp.lsp") / "checks.md")))
