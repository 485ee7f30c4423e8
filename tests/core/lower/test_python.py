"""The lowering of Python: source against the programs written below it, in fixtures/lowering."""

from collections.abc import Iterator

import msgspec
import pytest

from sleeplsp.core import flow
from sleeplsp.core.flow import Program, ProgramKind
from sleeplsp.core.languages import languages
from sleeplsp.core.lower import lower
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.flow_text import names, written

SUITES = sorted((FIXTURES / "lowering").glob("*.md"))
CASES = {f"{suite.stem}: {case.name}": case for suite in SUITES for case in read_cases(suite)}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_source_becomes_the_program_below_it(case: Case) -> None:
    program, _ = _lowered(case)
    programs, name_sets = case.texts("program"), case.texts("names")
    assert programs or name_sets, "nothing is said of the source"
    for said in programs:
        assert written(program) == said
    for said in name_sets:
        assert "".join(f"{line}\n" for line in names(program)) == said


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_node_stands_where_its_source_does(case: Case) -> None:
    program, text = _lowered(case)
    for node in _nodes(program):
        source = text.slice(node.start, node.end)
        match node:
            case flow.Name() | flow.Attribute() if source[:1] in ("'", '"'):
                pass  # what a string as an annotation holds stands where the string does
            case flow.Name() if source:
                assert source == node.shown
            case flow.Attribute():
                place = text.slice(node.name_start, node.end)
                assert place.removesuffix(")").rstrip() == node.name
            case flow.Call() if source and node.callee.end != node.start:
                assert source.endswith(")")
            case flow.Constant(kind="str"):
                assert source[-1:] in ("'", '"'), source
        if isinstance(node, flow.Expression):
            parts = [part for part in node.parts() if part.start < part.end]
            assert all(node.start <= part.start and part.end <= node.end for part in parts), source


def test_every_kind_of_statement_and_expression_is_shown() -> None:
    shown = {type(node) for case in CASES.values() for node in _nodes(_lowered(case)[0])}
    kinds = {kind for base in (flow.Expression, flow.Statement) for kind in base.__subclasses__()}
    assert {kind for kind in kinds if kind.__module__.startswith("sleeplsp.core.flow")} <= shown


def _lowered(case: Case) -> tuple[Program, Text]:
    (source,) = case.texts("python")
    text, language = Text.from_str(source), languages()["python"]
    program = lower("python", text, parse(language, text))
    assert program is not None
    return program, text


def _nodes(value: object) -> Iterator[flow.Expression | flow.Statement]:
    if isinstance(value, (flow.Expression, flow.Statement)):
        yield value
    if isinstance(value, msgspec.Struct) and not isinstance(value, ProgramKind):
        for field in value.__struct_fields__:
            if field != "nested":
                yield from _nodes(getattr(value, field))
    elif isinstance(value, tuple):
        for each in value:
            yield from _nodes(each)
