"""Reports of modules, as fixtures/reports/*.md tell them; cases are opened as `tests.opened` says."""

import pytest

from sleeplsp.answers.module_report import module_report
from sleeplsp.core.markdown import code
from tests.core.test_markdown import MARKDOWN
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import opened_case

CASES = read_cases(FIXTURES / "reports" / "reports.md")


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_reports_are_as_the_fixture_says(case: Case) -> None:
    workspace, _, _ = opened_case(case)
    dismissed = [check for text in case.texts("dismissed") for check in text.splitlines()]
    marks = [mark for module in workspace.snapshot.modules.values() for mark in module.marks]
    for suspicion in (mark.claim.suspicion for mark in marks):
        if suspicion.category in dismissed:
            workspace.dismiss(suspicion.id)
    snapshot = workspace.snapshot
    (block,) = (each for each in case.blocks if each.word == "report")
    levels = dict(line.split() for text in case.texts("levels") for line in text.splitlines())
    failures = [line for text in case.texts("failure") for line in text.splitlines()]
    found = module_report(snapshot, snapshot.modules[block.path], levels, failures)
    assert found.markdown == block.text
    lines = found.markdown.split("\n")
    for symbol, line in found.lines.items():
        assert lines[line].startswith(f"### {code(symbol)}, line ")


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_no_code_becomes_markdown(case: Case) -> None:
    (block,) = (each for each in case.blocks if each.word == "report")
    for token in MARKDOWN.parse(block.text):
        kinds = {each.type for each in token.children or ()}
        assert not kinds & {"html_inline", "link_open", "image"}
        assert token.type not in ("html_block", "fence", "code_block", "blockquote_open", "table_open")
