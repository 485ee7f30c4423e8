"""Graphs of small programs: source against the blocks and exits written below it, in fixtures/graphs."""

import pytest

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Program
from sleeplsp.core.languages import languages
from sleeplsp.core.lower import lower
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text
from sleeplsp.deduce import cfg
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.graph_text import graph_text

SUITES = sorted((FIXTURES / "graphs").glob("*.md"))
CASES = {f"{suite.stem}: {case.name}": case for suite in SUITES for case in read_cases(suite)}


class NamedManagers:
    """Knows managers and exceptions by their names in the fixtures."""

    def swallows(self, context: Expression) -> bool | None:
        callee = context.callee if isinstance(context, flow.Call) else context
        return {"suppress": True, "lock": False}.get(flow.render(callee))

    def catches_all(self, types: tuple[Expression, ...]) -> bool:
        return not types or any(flow.render(each) == "Exception" for each in types)


def test_there_are_cases() -> None:
    assert CASES


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_source_becomes_the_graph_below_it(case: Case) -> None:
    (source,) = case.texts("python")
    (said,) = case.texts("graph")
    assert graph_text(cfg.build(_program(source), NamedManagers())) == said


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_block_ends_and_leads_to_a_block(case: Case) -> None:
    (source,) = case.texts("python")
    graph = cfg.build(_program(source), NamedManagers())
    reached = graph.order()
    assert reached[0] == 0
    assert all(graph.blocks[each].exit is not None for each in reached)
    assert {target for each in reached for target in graph.following(each)} <= set(reached)


def test_a_program_of_too_many_blocks_is_refused() -> None:
    once = "try: f()\nfinally:\n if a: b\n"
    assert cfg.build(_program(once * 300), NamedManagers()).blocks
    with pytest.raises(cfg.TooLargeError):
        cfg.build(_program(once * (cfg.BLOCKS_MAX // 4)), NamedManagers())


def test_nested_final_blocks_do_not_grow_without_end() -> None:
    source = "".join(f"{' ' * i}try: f()\n{' ' * i}finally:\n" for i in range(16)) + f"{' ' * 16}pass\n"
    with pytest.raises(cfg.TooLargeError):
        cfg.build(_program(source), NamedManagers())


def _program(source: str) -> Program:
    """Return the program of statements at the top of a file, where a `return` may stand too."""
    text, language = Text.from_str(source), languages()["python"]
    program = lower("python", text, parse(language, text))
    assert program is not None
    return program
