"""Diagnostics: suspicions as the protocol tells them, with what the editor takes of each and no more."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from sleeplsp.answers import wanted
from sleeplsp.answers.evidence import Step, located_steps, steps
from sleeplsp.core.insight import Severity, Suspicion
from sleeplsp.core.located import LocatedSuspicion
from sleeplsp.core.markdown import one_line
from sleeplsp.core.snapshot import Mark, OpenModule
from sleeplsp.lsp.convert import spot_range
from sleeplsp.lsp.pages import explanations
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.documents import Document
    from sleeplsp.lsp.server import Server

SOURCE = "sleeplsp"

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_FADED = frozenset(("unreachable-code",))


class Taken(NamedTuple):
    """What an editor takes of a diagnostic beside its message."""

    related: bool = False
    tags: bool = False
    description: bool = False
    data: bool = False


def taken(capabilities: types.ClientCapabilities) -> Taken:
    """Return what an editor announces to take, of diagnostics that it asks for or of those it is sent."""
    documents = capabilities.text_document
    announced = (documents.diagnostic, documents.publish_diagnostics) if documents is not None else ()
    found = [each for each in announced if each is not None]
    tags = [each.tag_support.value_set for each in found if each.tag_support is not None]
    return Taken(
        related=any(each.related_information for each in found),
        tags=any(types.DiagnosticTag.Unnecessary in each for each in tags),
        description=any(each.code_description_support for each in found),
        data=any(each.data_support for each in found),
    )


def shown_marks(root: Root, module: OpenModule) -> Iterator[tuple[Mark, Severity]]:
    """Yield what an open document is suspected of, as far as it is fresh and wanted."""
    return wanted.wanted_marks(root.workspace.snapshot, module, root.settings.checks)


def severity_of(root: Root, suspicion: Suspicion) -> Severity:
    """Return how severe a suspicion is in a root, whose settings may say otherwise than its check."""
    return wanted.severity_of(suspicion, root.settings.checks)


def diagnostic(
    server: "Server", document: "Document", module: OpenModule, mark: Mark, severity: Severity
) -> types.Diagnostic:
    """Return what an open document is suspected of as a diagnostic."""
    root = document.root
    span = server.columns(document, module).range(mark.start, mark.end)
    evidence = steps(root.workspace.snapshot, module, mark)
    return _diagnostic(server, root, mark.claim.suspicion, severity, span, evidence)


def located_diagnostic(
    server: "Server", root: Root, located: LocatedSuspicion, severity: Severity
) -> types.Diagnostic:
    """Return what a file that is not open is suspected of as a diagnostic."""
    span = spot_range(located.spot, server.encoding)
    evidence = located_steps(root.workspace.snapshot, located)
    return _diagnostic(server, root, located.suspicion, severity, span, evidence)


def _diagnostic(
    server: "Server",
    root: Root,
    suspicion: Suspicion,
    severity: Severity,
    span: types.Range,
    evidence: Iterable[Step],
) -> types.Diagnostic:
    takes = taken(server.client_capabilities)
    faded = takes.tags and suspicion.category in _FADED
    page = f"{explanations()}#{suspicion.category}"
    return types.Diagnostic(
        range=span,
        message=one_line(suspicion.message),
        severity=_SEVERITIES[severity],
        code=suspicion.category,
        code_description=types.CodeDescription(page) if takes.description else None,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if faded else None,
        related_information=[*_related(server, root, evidence)] if takes.related else None,
        data={"id": suspicion.id} if takes.data else None,
    )


def _related(
    server: "Server", root: Root, evidence: Iterable[Step]
) -> Iterator[types.DiagnosticRelatedInformation]:
    for step in evidence:
        uri = root.uri(step.path)
        other = server.documents.find(uri)
        if step.span is not None and other is not None:
            span = server.columns(*other).range(*step.span)
        elif step.spot is not None:
            span = spot_range(step.spot, server.encoding)
        else:
            continue
        said = one_line(step.evidence.sentence)
        yield types.DiagnosticRelatedInformation(types.Location(uri, span), said)
