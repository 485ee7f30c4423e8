"""What each language finds, against the lists in fixtures/languages; the registry of languages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sleeplsp.core.languages import (
    CALLABLE_KINDS,
    KINDS,
    Language,
    language_of,
    language_of_editor,
    languages,
)
from sleeplsp.core.symbols import Symbol, outline, references
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text
from tests.fixture_files import FIXTURES, Case, read_cases

_CASES = {
    f"{suite.stem}: {case.name}": case
    for suite in sorted((FIXTURES / "languages").glob("*.md"))
    for case in read_cases(suite)
}
_WITH_REFERENCES = {name: case for name, case in _CASES.items() if case.texts("references")}


@pytest.mark.parametrize("case", _CASES.values(), ids=_CASES)
def test_symbols_are_those_listed(case: Case) -> None:
    language, text = _file(case)
    found = outline(language, text, parse(language, text))
    documented = [found.module] if found.module.doc_start >= 0 else []
    [listed] = case.texts("symbols")
    assert [_row(each) for each in (*documented, *found.symbols)] == _rows(listed)


@pytest.mark.parametrize("case", _WITH_REFERENCES.values(), ids=_WITH_REFERENCES)
def test_references_are_those_listed(case: Case) -> None:
    language, text = _file(case)
    found = references(language, text, parse(language, text))
    [listed] = case.texts("references")
    assert [[each.role, each.name] for each in found] == _rows(listed)
    assert [text.slice(each.start, each.end) for each in found] == [each.name for each in found]


@pytest.mark.parametrize("name", languages())
def test_every_language_lists_its_constructs(name: str) -> None:
    cases = read_cases(FIXTURES / "languages" / f"{name}.md")
    assert {language_of(path) for case in cases for path in case.files} == {languages()[name]}
    assert any(case.texts("references") for case in cases)


@pytest.mark.parametrize("language", languages().values(), ids=languages().keys())
def test_queries_say_only_known_kinds_and_roles(language: Language) -> None:
    kinds = re.findall(r"@definition\.(\w+)(?:\.(\w+))?", language.definitions)
    assert {kind for pair in kinds for kind in pair if kind} <= KINDS
    roles = set(re.findall(r"@reference\.(\w+)", language.references))
    assert roles <= {"call", "class", "type", "implementation"}
    assert CALLABLE_KINDS <= language.member_kinds <= KINDS


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.py", "python"),
        ("pkg/a.pyi", "python"),
        ("A.PY", "python"),
        ("a.b/c.jsx", "javascript"),
        ("a.mjs", "javascript"),
        ("a.d.ts", "typescript"),
        ("a.tsx", "typescriptreact"),
        ("a.go", "go"),
        ("a.rs", "rust"),
    ],
)
def test_a_file_name_tells_its_language(path: str, name: str) -> None:
    language = language_of(path)
    assert language is not None
    assert language.name == name


@pytest.mark.parametrize("path", ["a", "py", ".py", "a.txt", "a.py/b", ""])
def test_other_file_names_tell_none(path: str) -> None:
    assert language_of(path) is None


def test_an_editor_may_call_a_language_by_another_name() -> None:
    react = language_of_editor("javascriptreact")
    assert react is not None
    assert react.name == "javascript"
    assert language_of_editor("python") == languages()["python"]
    assert language_of_editor("fortran") is None


_TOY = """
from functools import cache
import tree_sitter, tree_sitter_javascript
from sleeplsp.core.languages import Language

@cache
def grammar():
    return tree_sitter.Language(tree_sitter_javascript.language())

LANGUAGE = Language(
    name="toy",
    suffixes=(".toy",),
    file_names=("Toyfile",),
    editor_ids=("toy-script",),
    grammar=grammar,
    grammar_version="1",
    definitions="(function_declaration name: (identifier) @name) @definition.function",
    references="(call_expression function: (identifier) @name) @reference.call",
    layout="(comment) @comment (string) @opaque",
)
"""

_USES_TOY = """
import sys
import sleeplsp.core.languages as registry
registry.__path__.append(sys.argv[1])
from sleeplsp.core.digest import token_spans
from sleeplsp.core.symbols import outline, references
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text

toy = registry.language_of("a.toy")
assert toy is registry.language_of("Toyfile") is registry.language_of_editor("toy-script")
assert len(registry.languages()) > 1
text = Text(b"function f() { g('x y'); } // c")
tree = parse(toy, text)
found = outline(toy, text, tree)
[f] = found.symbols
[g] = references(toy, text, tree)
spans = token_spans(toy, text, found.layout, f, [f])
print(f.kind, f.id, g.role, g.name, *(text.slice(*each) for each in spans))
"""


def test_a_folder_added_to_the_registry_is_a_language(tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "__init__.py").write_text(_TOY)
    command = [sys.executable, "-c", _USES_TOY, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "function f call g function f ( ) { g ( ' x   y ' ) ; }\n"


def _file(case: Case) -> tuple[Language, Text]:
    [(path, source)] = case.files.items()
    language = language_of(path)
    assert language is not None
    return language, Text.from_str(source)


def _row(symbol: Symbol) -> list[str]:
    return [symbol.kind, symbol.id, *(["doc"] if symbol.doc_start >= 0 else [])]


def _rows(listed: str) -> list[list[str]]:
    # Two spaces or more are between columns; a name may hold one.
    return [re.split(r" {2,}", line) for line in listed.splitlines()]
