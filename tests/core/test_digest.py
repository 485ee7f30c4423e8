"""The code digest: against Python's own reading of the code, and against fixtures/digests."""

import ast
import io
import re
import tokenize
from functools import cache
from itertools import chain, pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sleeplsp.core.digest import Span, left_out, token_spans
from sleeplsp.core.languages import Language, language_of, languages
from sleeplsp.core.symbols import outline
from sleeplsp.core.syntax import is_whole, parse
from sleeplsp.core.text import Text
from tests.fixture_files import FIXTURES, Case, read_cases

_PYTHON = languages()["python"]
_SUITES = {name: read_cases(FIXTURES / "digests" / f"{name}.md") for name in languages()}
_CASES = {f"{name}: {case.name}": case for name, [_, *cases] in _SUITES.items() for case in cases}
_SAMPLES = {name: sample.blocks[0].text for name, [sample, *_] in _SUITES.items()}
_SAMPLE = _SAMPLES["python"]


def _digests(source: str, language: Language = _PYTHON) -> list[tuple[str, str]]:
    text = Text.from_str(source)
    found = outline(language, text, parse(language, text))
    return [(each.id, each.digest) for each in (found.module, *found.symbols)]


def _digest(source: str, symbol_id: str, language: Language = _PYTHON) -> str:
    return dict(_digests(source, language))[symbol_id]


def _spans(source: str, symbol_id: str, language: Language = _PYTHON) -> tuple[Text, list[Span]]:
    text = Text.from_str(source)
    tree = parse(language, text)
    found = outline(language, text, tree)
    [symbol] = [each for each in (found.module, *found.symbols) if each.id == symbol_id]
    return text, token_spans(language, text, found.layout, symbol, found.symbols)


def _words(source: str, symbol_id: str, language: Language = _PYTHON) -> list[str]:
    text, spans = _spans(source, symbol_id, language)
    return [text.slice(*each) for each in spans]


def _digests_and_words(source: str, language: Language) -> dict[str, tuple[str, list[str]]]:
    text = Text.from_str(source)
    tree = parse(language, text)
    found = outline(language, text, tree)
    result = {}
    for each in (found.module, *found.symbols):
        spans = token_spans(language, text, found.layout, each, found.symbols)
        result[each.id] = each.digest, [text.slice(*span) for span in spans]
    return result


@pytest.mark.parametrize("case", _CASES.values(), ids=_CASES)
def test_what_changes_a_digest_and_what_does_not(case: Case) -> None:
    (one_path, one), *others = case.files.items()
    language = language_of(one_path)
    assert language is not None
    digest, words = _digest(one, "f", language), _words(one, "f", language)
    assert others
    for path, other in others:
        if path.startswith("same"):
            assert (path, _digest(other, "f", language)) == (path, digest)
            assert _words(other, "f", language) == words
        else:
            assert (path, _digest(other, "f", language)) != (path, digest)


def _meaning(source: str) -> object:
    """Return what Python makes of a source, or None when it is no program."""
    try:
        return ast.dump(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _written(source: str) -> object:
    """Return the tokens of a program without layout, and its strings to the letter."""
    left_out = (tokenize.COMMENT, tokenize.NL)
    layout = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    try:
        tokens = [
            (each.type, "" if each.type in layout else each.string)
            for each in tokenize.generate_tokens(io.StringIO(source).readline)
            if each.type not in left_out
        ]
    except (IndentationError, tokenize.TokenError):
        return None  # the tokenizer in Python is stricter than the parser
    strings = [
        ast.get_source_segment(source, each)
        for each in ast.walk(ast.parse(source))
        if isinstance(each, ast.JoinedStr | ast.Constant)
    ]
    return tokens, strings


def _is_whole(source: str, language: Language = _PYTHON) -> bool:
    # The grammar of Python refuses some programs: a comment in a pattern of several lines, or one
    # that is indented less than its block, in brackets or below a decorator.
    return is_whole(parse(language, Text.from_str(source)))


_BEFORE, _MEANING, _WRITTEN = _digests(_SAMPLE), _meaning(_SAMPLE), _written(_SAMPLE)

# What an edit may insert: layout, brackets, words, the ends of statements and strings.
_LAYOUT = ["", " ", "\n", "\n\n", "\n    ", "  # c\n", "\\\n"]
_TOKENS = ["(", ")", "x", "1", ";", ",", "'", "="]
_EDITS = st.tuples(st.integers(0, len(_SAMPLE)), st.integers(0, 3), st.sampled_from(_LAYOUT + _TOKENS))


@settings(max_examples=1500, derandomize=True, deadline=None)
@given(st.lists(_EDITS, min_size=1, max_size=2))
def test_a_digest_changes_with_the_meaning_and_only_with_the_tokens(
    edits: list[tuple[int, int, str]],
) -> None:
    edited = _SAMPLE
    for start, removed, inserted in edits:
        edited = edited[:start] + inserted + edited[start + removed :]
    meaning = _meaning(edited)
    # The grammar takes the indentation of a line from behind a backslash that it begins with.
    if meaning is None or re.search(r"(?m)^\s*\\$", edited):
        return
    if meaning != _MEANING:
        assert _digests(edited) != _BEFORE
    elif _written(edited) == _WRITTEN and _is_whole(edited):
        assert _digests(edited) == _BEFORE


@pytest.mark.parametrize("name", languages())
@settings(max_examples=40, derandomize=True, deadline=None)
@given(choice=st.data())
def test_comments_and_blank_lines_keep_digests_and_tokens(name: str, choice: st.DataObject) -> None:
    language, source = languages()[name], _SAMPLES[name]
    mark = "#" if name == "python" else "//"
    layouts = ["\n", f"{mark} comment\n", f"\n    {mark} it's \"a {{\n\n"]
    layout = choice.draw(st.sampled_from(layouts))
    edited = source
    borders = choice.draw(st.sets(st.sampled_from(_line_borders(source, language)), min_size=1))
    for each in sorted(borders, reverse=True):
        edited = edited[:each] + layout + edited[each:]
    if _is_whole(edited, language):
        assert _digests_and_words(edited, language) == _digests_and_words(source, language)


@cache
def _line_borders(source: str, language: Language) -> list[int]:
    """Return where lines begin, but not those inside of strings."""
    text = Text.from_str(source)
    spans = [_spans(source, each, language)[1] for each, _ in _digests(source, language)]
    inside = {
        start + text.slice(start, end).rfind("\n") + 1
        for start, end in chain.from_iterable(spans)
        if "\n" in text.slice(start, end)
    }
    return [each for each in text.line_starts if each not in inside]


@pytest.mark.parametrize("name", languages())
def test_changing_any_token_of_a_symbol_changes_its_digest(name: str) -> None:
    language, source = languages()[name], _SAMPLES[name]
    for symbol_id, digest in _digests(source, language):
        text, spans = _spans(source, symbol_id, language)
        assert spans
        for start, end in spans:
            changed = text.slice(0, start) + "zz" + text.slice(end, len(text.source))
            assert (symbol_id, digest) not in _digests(changed, language), text.slice(start, end)


@pytest.mark.parametrize("name", languages())
def test_tokens_stand_in_order(name: str) -> None:
    language, source = languages()[name], _SAMPLES[name]
    assert _is_whole(source, language)
    for symbol_id, _ in _digests(source, language):
        _, spans = _spans(source, symbol_id, language)
        assert all(start < end for start, end in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize("name", languages())
def test_the_tokens_of_a_symbol_are_those_of_the_text_but_for_members_left_out(name: str) -> None:
    language, text = languages()[name], Text.from_str(_SAMPLES[name])
    tree = parse(language, text)
    found = outline(language, text, tree)
    # A callable leaves nothing out.
    everything = msgspec.structs.replace(found.module, kind="function")
    tokens = token_spans(language, text, found.layout, everything, ())
    for each in (found.module, *found.symbols):
        inside = [(start, end) for start, end in tokens if each.start <= start < each.end]
        for member_start, member_end in left_out(language, each, found.symbols):
            inside = [span for span in inside if not member_start <= span[0] < member_end]
        assert token_spans(language, text, found.layout, each, found.symbols) == inside


@pytest.mark.parametrize(
    "source", ['def f():\n    """a\n    b"""\n    return (1,\n  2)\n', "def f(): \\\n  x\n"]
)
def test_line_ends_follow_the_checkout(source: str) -> None:
    for line_end in ("\r\n", "\r"):
        other = source.replace("\n", line_end)
        assert _digests(other) == _digests(source)
        assert len(_spans(other, "f")[1]) == len(_spans(source, "f")[1])


def test_a_digest_is_24_hex_characters_and_stays_the_same_between_runs() -> None:
    # Stored rows are found by it: a change of this value must be meant.
    assert _digest("def f(): return 'a b'\n", "f") == "e545c24f0b8a20038704df68"


_CLASS = """\
class A(B):
    x = 1

    @property
    def f(self): return 1

    class C: z = 1

    if y:
        def g(self): ...

    y: int = 2
"""


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("return 1", "return 2", ["A.f"]),
        ("@property", "@other", ["A.f"]),
        ("    @property\n    def f(self): return 1\n", "", []),
        ("z = 1", "z = 2", ["A.C", "A.C.z"]),
        ("self): ...", "self): 1", ["A.g"]),
        ("x = 1", "x = 2", ["A", "A.x"]),
        ("(B)", "(D)", ["A"]),
        ("if y:", "if z:", ["A"]),
        ("y: int = 2\n", "y: int = 2\n    def new(self): 1\n", ["A.new"]),
        ("y: int = 2\n", "y: int = 2\n\nx = 1\n", ["<module>", "x"]),
    ],
)
def test_a_class_leaves_its_members_out(old: str, new: str, changed: list[str]) -> None:
    before = dict(_digests(_CLASS))
    after = dict(_digests(_CLASS.replace(old, new)))
    assert [each for each in after if before.get(each) != after[each]] == changed


def test_a_function_covers_all_that_it_holds() -> None:
    source = "def f():\n    class A:\n        def g(self):\n            return 1\n    return A\n"
    before, after = _digests(source), _digests(source.replace("return 1", "return 2"))
    assert [each for each, digest in after if (each, digest) not in before] == ["f", "f.A.g"]


def test_an_object_leaves_the_methods_in_it_out_of_the_file_too() -> None:
    script = languages()["javascript"]
    source = "const api = { f() { return 1 }, x: 2 };"
    after = dict(_digests(source.replace("return 1", "return 3"), script))
    before = dict(_digests(source, script))
    assert [each for each in after if before[each] != after[each]] == ["api.f"]
    assert " ".join(_words(source, "<module>", script)) == "const api = { , x : 2 } ;"


def test_the_file_leaves_out_functions_and_classes_only() -> None:
    source = "import a\nx = 1\ndef f(): return 1\nclass A: y = 1\nif x: f()\n"
    assert " ".join(_words(source, "<module>")) == "import a x = 1 if x : f ( )"
    without = "import a\nx = 1\nif x:\n  f()"
    assert _digest(source, "<module>") == _digest(without, "<module>")


def test_a_symbol_that_fills_the_file_is_not_the_file() -> None:
    source = "class A: x = 1"
    assert " ".join(_words(source, "A")) == "class A : x = 1"
    assert _words(source, "<module>") == []
    assert _digest(source, "<module>") == _digest("", "<module>")
    assert _digest(source, "<module>") != _digest("1", "<module>")


def test_names_of_one_definition_share_its_digest() -> None:
    found = dict(_digests("a, b = 1, 2\nc = d = 3\n"))
    assert found["a"] == found["b"]
    assert found["c"] != found["d"]


def test_strings_are_split_so_that_their_parts_can_be_addressed() -> None:
    source = "def f():\n    return f'a  {x.y!r:>{w}}'\n"
    text, spans = _spans(source, "f")
    words = [text.slice(*each) for each in spans]
    assert "|".join(words) == "def|f|(|)|:|return|f|'|a|  |{|x|.|y|!|r|:|>|{|w|}|}|'"


def test_a_function_inside_of_a_template_string_is_to_the_letter() -> None:
    script = languages()["javascript"]
    source = "call(`x ${h(function g() { return  1 })} y`)"
    assert "|".join(_words(source, "g", script)) == "function| |g|(|)| |{| |return|  |1| |}"
    assert "|".join(_words(source, "<module>", script)) == "call|(|`|x| |$|{|h|(|)|}| |y|`|)"
    changed = source.replace("return  1", "return 1")
    assert _digest(source, "g", script) != _digest(changed, "g", script)
    assert _digest(source, "<module>", script) == _digest(changed, "<module>", script)
