"""Symbols: spans, names, documentation; against Python's own reading of its standard library."""

import ast
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from sleeplsp.core.digest import token_spans
from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS, languages
from sleeplsp.core.symbols import (
    MODULE_PATH,
    NESTING_MAX,
    Outline,
    Symbol,
    outline,
    references,
    symbols,
)
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text, read_text

_LIBRARY = Path(json.__file__).parent.parent
_FOLDERS = ("asyncio", "concurrent", "email", "importlib", "json", "unittest")
_FILES = [path for each in _FOLDERS for path in sorted((_LIBRARY / each).rglob("*.py"))]

_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _outline(source: str | bytes, name: str = "python") -> tuple[Text, Outline]:
    text = read_text(source if isinstance(source, bytes) else source.encode())
    return text, outline(languages()[name], text, parse(languages()[name], text))


def _symbol(source: str | bytes, symbol_id: str, name: str = "python") -> tuple[Text, Symbol]:
    text, found = _outline(source, name)
    [symbol] = [each for each in (found.module, *found.symbols) if each.id == symbol_id]
    return text, symbol


def _definitions(tree: ast.Module) -> list[tuple[str, int, bool]]:
    """List functions and classes: dotted path, line of the name, whether it has a docstring."""
    found = []
    left: list[tuple[str, ast.AST]] = [("", tree)]
    while left:
        around, node = left.pop()
        for child in ast.iter_child_nodes(node):
            path = around
            if isinstance(child, _Definition):
                path = f"{around}.{child.name}".removeprefix(".")
                found.append((path, child.lineno - 1, ast.get_docstring(child) is not None))
            left.append((path, child))
    return sorted(found)


@pytest.mark.parametrize("path", _FILES, ids=lambda path: str(path.relative_to(_LIBRARY)))
def test_python_finds_the_same_functions_and_classes(path: Path) -> None:
    text, found = _outline(path.read_bytes())
    tree = ast.parse(path.read_bytes())
    defined = [
        (each.path, text.line_of(each.name_start), each.doc_start >= 0)
        for each in found.symbols
        # A lambda's symbol begins with its name.
        if each.kind in CALLABLE_KINDS | CLASS_KINDS and each.name_start > each.start
    ]
    assert sorted(defined) == _definitions(tree)
    assert (found.module.doc_start >= 0) == (ast.get_docstring(tree) is not None)


@pytest.mark.parametrize("path", _FILES[::4], ids=lambda path: str(path.relative_to(_LIBRARY)))
def test_symbols_nest_and_have_ids_of_their_own(path: Path) -> None:
    text, found = _outline(path.read_bytes())
    assert Counter(each.id for each in found.symbols).most_common(1)[0][1] == 1
    for each in found.symbols:
        assert text.slice(each.name_start, each.name_end) == each.name
        assert found.module.start <= each.start <= each.name_start < each.name_end <= each.end
        assert each.end <= found.module.end
    for one, other in pairwise(found.symbols):
        assert one.start <= other.start
        assert other.start >= one.end or other.end <= one.end


@pytest.mark.parametrize("path", _FILES[::8], ids=lambda path: str(path.relative_to(_LIBRARY)))
def test_every_definition_has_tokens(path: Path) -> None:
    language = languages()["python"]
    text = read_text(path.read_bytes())
    tree = parse(language, text)
    found = outline(language, text, tree)
    for each in found.symbols:
        spans = token_spans(language, text, found.layout, each, found.symbols)
        assert each.start == spans[0][0]
        assert spans[-1][1] <= each.end


@pytest.mark.parametrize(
    ("name", "source", "symbol_id", "span", "doc"),
    [
        (
            "python",
            "@a\n# c\n@b(1)\nasync def f(): ...\n",
            "f",
            "@a\n# c\n@b(1)\nasync def f(): ...",
            "",
        ),
        (
            "python",
            "class A:\n  @a\n  class B:\n    'd'\n",
            "A.B",
            "@a\n  class B:\n    'd'",
            "'d'",
        ),
        (
            "python",
            "def f():  # c\n  '''d'''\n  return\n",
            "f",
            "def f():  # c\n  '''d'''\n  return",
            "'''d'''",
        ),
        ("python", "x: int = 1; y = 2\n", "x", "x: int = 1", ""),
        (
            "python",
            "#!x\n# c\n'''d'''\nx = 1\n",
            "<module>",
            "#!x\n# c\n'''d'''\nx = 1\n",
            "'''d'''",
        ),
        (
            "javascript",
            "/** d */\nexport default function f() {}",
            "f",
            "export default function f() {}",
            "/** d */",
        ),
        (
            "javascript",
            "/** d */\n@a @b()\nexport class A {}",
            "A",
            "@a @b()\nexport class A {}",
            "/** d */",
        ),
        ("javascript", "export const f = () => 1, g = 2;", "f", "export const f = () => 1", ""),
        ("javascript", "export const f = () => 1, g = 2;", "g", "g = 2", ""),
        (
            "typescript",
            "class A {\n  @a()\n  private m() {}\n}",
            "A.m",
            "@a()\n  private m() {}",
            "",
        ),
        ("typescript", "declare enum A { B }", "A", "declare enum A { B }", ""),
        ("go", "package p\n// a\n\n// b\n// c\ntype T int\n", "T", "type T int", "// b\n// c"),
        ("go", "// a\n\n// b\npackage p\n", "<module>", "// a\n\n// b\npackage p\n", "// b"),
        (
            "rust",
            "/// a\n/// b\n#[c]\n\n#[d]\npub fn f() {}\n",
            "f",
            "#[c]\n\n#[d]\npub fn f() {}",
            "/// a\n/// b",
        ),
        ("rust", "//! a\n//! b\nuse c;\n", "<module>", "//! a\n//! b\nuse c;\n", "//! a\n//! b"),
    ],
)
def test_a_span_has_decorators_and_documentation_has_its_own(
    name: str, source: str, symbol_id: str, span: str, doc: str
) -> None:
    text, symbol = _symbol(source, symbol_id, name)
    assert text.slice(symbol.start, symbol.end) == span
    assert (symbol.doc_start >= 0) == bool(doc)
    assert text.slice(symbol.doc_start, symbol.doc_end) == doc


def test_twins_are_numbered_in_the_order_of_the_text() -> None:
    _, found = _outline("def f(): 1\nif a:\n  def f(): 2\nclass f: ...\n")
    assert [each.id for each in found.symbols] == ["f", "f#2", "f#3"]
    assert [each.name for each in found.symbols] == ["f", "f", "f"]


def test_the_file_is_a_symbol_of_its_own() -> None:
    _, found = _outline("def f(): 1\n")
    assert (found.module.id, found.module.kind) == (MODULE_PATH, "file")
    assert (found.module.start, found.module.end) == (0, 11)
    assert found.module not in found.symbols


def test_a_name_that_the_parser_missed_is_none() -> None:
    _, found = _outline("class A { (): void }", "typescript")
    assert [each.id for each in found.symbols] == ["A"]


def test_symbols_are_those_of_the_outline() -> None:
    language, text = languages()["python"], Text(b"def f(): 1\nx = 1\n")
    tree = parse(language, text)
    assert symbols(language, text, tree) == outline(language, text, tree).symbols != ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"", []),
        (b"\n\n", []),
        (b"\xef\xbb\xbfdef f(): 1", ["f"]),
        (b"class A:\r\n  def f(self):\r\n    return 1\r\nx = 1", ["A", "A.f", "x"]),
        (b"class A:\r  def f(self):\r    return 1\rx = 1", ["A", "A.f", "x"]),
        (b"# coding: latin-1\nna\xefve = 1\ndef caf\xe9(): 1", ["naïve", "café"]),
        (b"x = 1\xff\xfe\ndef f(): 1\n", ["x", "f"]),
        (b"x = '\x00'\ndef f(): 1\n", ["x", "f"]),
        (b"\x00\x00def f(): 1\n", ["f"]),
        (b"def f", []),
        (b"\f\ndef f(): 1\n\f", ["f"]),
        (b"def f(): 1\\", ["f"]),
    ],
)
def test_any_bytes_have_symbols(source: bytes, expected: list[str]) -> None:
    _, found = _outline(source)
    assert [each.id for each in found.symbols] == expected
    assert len({each.digest for each in found.symbols}) == len(expected)


def test_a_lone_surrogate_of_an_editor_is_no_trouble() -> None:
    language, text = languages()["python"], Text.from_str("def f(): '\ud800'\nx = 1\n")
    tree = parse(language, text)
    found = outline(language, text, tree)
    assert [each.id for each in found.symbols] == ["f", "x"]
    assert text.slice(found.symbols[0].start, found.symbols[0].end) == "def f(): '\ud800'"


_DEEP = 10_000


@pytest.mark.parametrize(
    ("name", "source", "last"),
    [
        ("python", "x = " + "(" * _DEEP + ")" * _DEEP + "\ndef f(): 1\n", "f"),
        ("python", "def f(): " + "lambda: " * _DEEP + "1\n", "f"),
        ("python", "\n".join(" " * n + "class A:" for n in range(500)) + " x = 1\n", "A"),
        ("javascript", "function f() {" * _DEEP + "}" * _DEEP, "f"),
        ("typescript", "namespace a {" * _DEEP + "}" * _DEEP, "a"),
        ("go", "package p\nfunc f() {" + "{" * _DEEP + "}" * _DEEP + "}\n", "f"),
        ("rust", "mod a {" * _DEEP + "}" * _DEEP, "a"),
    ],
)
def test_deep_nesting_is_cut_off(name: str, source: str, last: str) -> None:
    language, text = languages()[name], Text.from_str(source)
    tree = parse(language, text)
    found = outline(language, text, tree)
    assert found.symbols[-1].name == last
    assert max(each.path.count(".") for each in found.symbols) < NESTING_MAX
    assert token_spans(language, text, found.layout, found.module, found.symbols) is not None
    assert references(language, text, tree) is not None


def test_a_symbol_below_the_limit_is_tokens_of_the_one_above() -> None:
    nested = "function f() {" * NESTING_MAX + "function deep() { return 1 }" + "}" * NESTING_MAX
    _, found = _outline(nested, "javascript")
    assert len(found.symbols) == NESTING_MAX
    _, other = _outline(nested.replace("return 1", "return 2"), "javascript")
    assert {each.digest for each in found.symbols}.isdisjoint(each.digest for each in other.symbols)


def test_references_stand_where_their_names_do() -> None:
    language, text = languages()["python"], Text.from_str("é.call(f(x))\n")
    found = references(language, text, parse(language, text))
    assert [(each.name, each.role, each.start, each.end) for each in found] == [
        ("call", "call", 3, 7),
        ("f", "call", 8, 9),
    ]
