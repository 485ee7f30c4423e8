"""Diagnostics: the fresh suspicions of open documents, pushed when they change."""

from importlib.resources import files
from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.core.ignores import is_ignored
from sleeplsp.core.insight import Severity
from sleeplsp.core.snapshot import Mark, OpenModule
from sleeplsp.lsp.convert import range_of, spot_range, uri_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

SOURCE = "sleeplsp"

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_FADED = frozenset(("unreachable-code",))


def publish_all(server: "Server") -> None:
    """Send the diagnostics of every open document whose diagnostics differ from what was sent last."""
    for root in server.roots:
        for module in root.workspace.snapshot.modules.values():
            uri = uri_of(root.folder / module.path)
            found = diagnostics_of(server, root, module)
            if server.published.get(uri, []) != found:
                server.published[uri] = found
                server.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=module.version)
                )


def withdraw(server: "Server", uri: str) -> None:
    """Take back the diagnostics of a document that was closed."""
    if server.published.pop(uri, None):
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))


def diagnostics_of(server: "Server", root: Root, module: OpenModule) -> list[types.Diagnostic]:
    """Return what an open document is suspected of, as far as it is fresh and wanted."""
    return [
        diagnostic(server, root, module, mark, severity)
        for mark in root.workspace.snapshot.fresh_marks(module)
        if (severity := severity_of(root, module, mark)) is not None
    ]


def severity_of(root: Root, module: OpenModule, mark: Mark) -> Severity | None:
    """Return how a suspicion is shown; None if it is hover only, switched off or ignored at its line."""
    suspicion = mark.claim.suspicion
    severity = Severity(root.settings.checks.get(suspicion.category, suspicion.severity))
    line = module.text.line(module.text.line_of(mark.start))
    if not suspicion.shown or severity is Severity.OFF or is_ignored(line, suspicion.category):
        return None
    return severity


def diagnostic(server: "Server", root: Root, module: OpenModule, mark: Mark, severity: Severity) -> types.Diagnostic:
    """Return one suspicion as a diagnostic."""
    suspicion = mark.claim.suspicion
    return types.Diagnostic(
        range=range_of(module.text, mark.start, mark.end, server.encoding),
        message=suspicion.message.replace("`", ""),
        severity=_SEVERITIES[severity],
        code=suspicion.category,
        code_description=types.CodeDescription(_explanation(suspicion.category)),
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if suspicion.category in _FADED else None,
        related_information=_related(server, root, module, mark),
        data={"id": suspicion.id},
    )


def _related(
    server: "Server", root: Root, module: OpenModule, mark: Mark
) -> list[types.DiagnosticRelatedInformation] | None:
    capabilities = server.client_capabilities.text_document
    published = capabilities.publish_diagnostics if capabilities is not None else None
    if published is None or not published.related_information:
        return None
    steps = zip(mark.claim.suspicion.evidence, mark.steps, mark.claim.evidence, strict=True)
    related = []
    for step, here, spot in steps:
        if here is not None:
            where = types.Location(uri_of(root.folder / module.path), range_of(module.text, *here, server.encoding))
        elif spot is not None and spot.path != module.path:
            where = types.Location(uri_of(root.folder / spot.path), spot_range(spot, server.encoding))
        else:
            continue
        related.append(types.DiagnosticRelatedInformation(where, step.sentence.replace("`", "")))
    return related


def _explanation(check: str) -> str:
    """Return where a check is explained: a page that comes with the package."""
    return f"file://{files('sleeplsp.lsp') / 'checks.md'}#{check}"
