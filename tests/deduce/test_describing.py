"""What has no name in the code is not told by one of ours."""

from tests.thinking import EditedFiles, Thinker

CODE = """\
from collections import OrderedDict


def pairs(value):
    return OrderedDict(each.split("=") for each in value) or None
"""


def test_a_comprehension_in_a_condition_is_left_out() -> None:
    row = Thinker(EditedFiles({"a.py": CODE})).think().rows["a.py"].functions["pairs"]
    sentences = [each.sentence for each in row.invariants]
    assert any("`not OrderedDict(…)`" in each for each in sentences), sentences
    assert "%" not in "".join(sentences)
