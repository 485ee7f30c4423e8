"""A small workspace, thought about and open in an editor: for tests of what is shown of it."""

from collections.abc import Iterable, Mapping

from lsprotocol import types

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.languages import language_of
from sleeplsp.core.text import Text
from sleeplsp.engine.charter import Charter
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.locate import Locator, module_claims
from sleeplsp.engine.workspace import Workspace
from sleeplsp.lsp.changes import edits_of
from sleeplsp.workers.workbench import Workbench
from tests.check_cases import TextFiles, library
from tests.local_crew import LocalCrew


def opened(files: Mapping[str, str], shown: Iterable[str] | None = None) -> Workspace:
    """Think about files and open them in a Workspace with what is claimed of them, or only some."""
    crew = LocalCrew(Workbench(library()))
    deduction = Deduction("/", TextFiles(dict(files)), MemoryStore(), lambda: crew, "test")
    outcome = deduction.run()
    assert not outcome.failed, outcome.failed
    workspace = Workspace()
    facts = {path: row.facts for path, row in deduction.rows.items()}
    for batch in Charter().news(facts, lambda: deduction.index, deduction.text_of):
        workspace.chart(batch)
    locator = Locator(deduction.text_of)
    rows = dict(deduction.rows)
    for path in shown if shown is not None else files:
        language = language_of(path)
        assert language is not None, path
        workspace.open(path, language, 1, Text.from_str(files[path]))
        workspace.learn(module_claims(rows[path], rows, deduction.index, locator))
    return workspace


def retype(workspace: Workspace, path: str, characters: str) -> None:
    """Make an open module say something else, as an editor would that sends all of it."""
    module = workspace.snapshot.modules[path]
    whole = types.TextDocumentContentChangeWholeDocument(characters)
    edits, _ = edits_of(module.text, [whole], "utf-8", marked=False)
    workspace.edit(path, module.version + 1, edits)
