"""A small workspace, thought about and open in an editor: for tests of what is shown of it."""

from collections.abc import Iterable, Mapping

from lsprotocol import types
from msgspec.structs import replace

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.languages import language_of, languages
from sleeplsp.core.text import Text
from sleeplsp.engine.charter import Charter
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.enriching import with_insight, with_linked
from sleeplsp.engine.locate import Locator, module_claims
from sleeplsp.engine.workspace import Workspace
from sleeplsp.lsp.changes import edits_of
from sleeplsp.workers.inline import InlineWorker
from sleeplsp.workers.workbench import Workbench
from tests.check_cases import TextFiles, library
from tests.fixture_files import Case
from tests.insights import insight_of

EDITS = ("edited", "settled")


CURSOR = "$0"


def opened_case(case: Case) -> tuple[Workspace, str, int]:
    """Open the files of a case and edit them as it says; return where the cursor `$0` is as well.

    Files in a language are the workspace, `closed` names those that are not open, `unknown` those of which
    nothing is told, `provisional` those of which what is told is; `insight` is what a model claims of a file,
    as `tests.insights` reads it; `edited` and `settled` are what an editor makes of a file, with the cursor
    where it is then.
    """
    files = {each.path: each.text for each in case.blocks if each.word in languages()}
    path = next((path for path, text in files.items() if CURSOR in text), "")
    plain = {each: text.replace(CURSOR, "") for each, text in files.items()}
    closed, unknown = _named(case, "closed"), _named(case, "unknown")
    insights = {each.path: each.text for each in case.blocks if each.word == "insight"}
    workspace = opened(plain, [each for each in files if each not in closed], unknown, insights)
    for each in _named(case, "provisional"):
        module = workspace.snapshot.modules[each]
        assert module.claims is not None
        workspace.replace(module, replace(module, claims=replace(module.claims, provisional=True)))
    for block in case.blocks:
        if block.word in EDITS:
            if CURSOR in block.text:
                files[path] = block.text
            retype(workspace, block.path, block.text.replace(CURSOR, ""))
        if block.word == "settled":
            workspace.settle(block.path)
    workspace.touch(_named(case, "changed"))
    return workspace, path, len(files.get(path, "").partition(CURSOR)[0].encode())


def _named(case: Case, word: str) -> list[str]:
    return [name for text in case.texts(word) for name in text.split()]


def opened(
    files: Mapping[str, str],
    shown: Iterable[str] | None = None,
    unknown: Iterable[str] = (),
    insights: Mapping[str, str] | None = None,
) -> Workspace:
    """Think about files and open them in a Workspace, or only some, with what is claimed of them.

    Of `unknown` ones nothing is told; `insights` are what a model claims, by path.
    """
    worker = InlineWorker(Workbench(library()))
    deduction = Deduction("/", TextFiles(dict(files)), MemoryStore(), lambda: [worker], "test")
    outcome = deduction.run()
    assert not outcome.failed, outcome.failed
    workspace = Workspace()
    charter = Charter(deduction.knowledge, deduction.text_of)
    while not charter.is_done:
        if (batch := charter.step()) is not None:
            workspace.chart(batch)
    locator = Locator(deduction.text_of)
    rows = dict(deduction.rows)
    read = {path: insight_of(path, files[path], text) for path, text in (insights or {}).items()}
    for path in shown if shown is not None else files:
        language = language_of(path)
        assert language is not None, path
        workspace.open(path, language, 1, Text.from_str(files[path]))
        if path not in unknown:
            claims = module_claims(rows[path], deduction.knowledge.rows, deduction.index, locator)
            if path in read:
                claims = with_insight(claims, rows[path], read[path], locator)
            workspace.learn(with_linked(claims, read.get, locator))
    return workspace


def retype(workspace: Workspace, path: str, characters: str) -> None:
    """Make an open module say something else, as an editor would that sends all of it."""
    module = workspace.snapshot.modules[path]
    whole = types.TextDocumentContentChangeWholeDocument(characters)
    edits, _ = edits_of(module.text, [whole], "utf-8", marked=False)
    workspace.edit(path, module.version + 1, edits)
