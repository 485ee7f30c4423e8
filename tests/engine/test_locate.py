"""What an editor is shown of a module: uses of symbols by the bytes of their names."""

import re

import pytest

from sleeplsp.core.context import Contexts
from sleeplsp.core.text import Text
from sleeplsp.engine.locate import links_of
from tests.core.test_resolution import CASES
from tests.fixture_files import Case
from tests.resolution_cases import index_of, plain

LAST_NAME = re.compile(r"\w+(?=\)*\Z)")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_link_is_the_name_that_is_called(case: Case) -> None:
    files = {path: plain(text) for path, text in case.files.items()}
    index = index_of(files)
    for path, facts in index.modules.items():
        text = Text.from_str(files[path])
        for link in links_of(facts, Contexts(index)):
            before = LAST_NAME.search(text.slice(0, link.end))
            assert before is not None
            assert text.slice(link.start, link.end) == before[0]
            assert text.slice(link.end, link.call_end).endswith(")")
            assert link.ref in index.functions or not link.sure
            assert index.functions.keys() | index.classes.keys() >= set(link.reached)
