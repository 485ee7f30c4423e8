"""Any text can be read and explained: torn, interleaved and repeated tracebacks, and no traceback at all."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sleeplsp.answers.why.cause import explain
from sleeplsp.answers.why.telling import lines, markdown
from sleeplsp.answers.why.tracebacks import read
from tests.fixture_files import FIXTURES, read_cases
from tests.why_cases import known_of

_CASES = [case for path in sorted((FIXTURES / "why").glob("*.md")) for case in read_cases(path)]
_LINES = [line for case in _CASES for text in case.texts("pasted") for line in text.splitlines()]
_FILES = {"main.py": "\n".join(text for case in _CASES for text in case.files.values())}
_KNOWN = known_of(_FILES)

_TORN = st.lists(
    st.one_of(
        st.sampled_from(_LINES),
        st.sampled_from(_LINES).flatmap(lambda line: st.integers(0, len(line)).map(lambda n: line[n:])),
        st.text(max_size=30),
    ),
    max_size=40,
).map("\n".join)


@given(_TORN)
@settings(max_examples=300, deadline=None)
def test_any_lines_are_read_and_explained(text: str) -> None:
    pasted = read(text)
    if pasted is not None:
        found = explain(pasted, _KNOWN)
        assert list(lines(found))
        assert markdown(found)


@given(st.text())
@settings(deadline=None)
def test_text_without_a_traceback_is_none(text: str) -> None:
    assert read(text) is None


@given(st.sampled_from(_CASES), st.data())
@settings(deadline=None)
def test_a_traceback_is_found_wherever_it_stands(case: object, data: st.DataObject) -> None:
    texts = [text for each in _CASES if each is case for text in each.texts("pasted")]
    before = data.draw(st.lists(st.sampled_from(["", "starting", "INFO: a", "{}", "1 passed"]), max_size=4))
    alone, within = (read(each) for each in (texts[0], "\n".join((*before, texts[0]))))
    assert (alone is None) == (within is None)
    if alone is not None and within is not None:
        assert alone.chain == within.chain
