"""What deducing leaves behind: workers look for no cycles, so whatever is one stays until they end."""

import gc

from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.paths.search import Search
from tests.thinking import EditedFiles, Thinker

SOURCE = """\
def f(flag, limit=0x10, name="\\x41"):
    found = None
    for each in flag:
        if each:
            found = each.strip()
    return found.upper()
"""


def test_nothing_that_was_made_for_one_function_stays() -> None:
    thinker = Thinker(EditedFiles({"a.py": SOURCE}))
    gc.collect()
    gc.disable()
    try:
        night = thinker.think()
        left = [type(each) for each in gc.get_objects() if isinstance(each, (Analysis, Search))]
    finally:
        gc.enable()
    assert any(each.suspicions for each in night.rows["a.py"].functions.values()), "a path was searched"
    assert left == []
