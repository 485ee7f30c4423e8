"""A suspicion's id: of its own in the workspace, and the same while the code it quotes is."""

from tests.check_cases import deduced

ONCE = """
def turn(point, other):
    if point:
        if other:
            value = 1
        print(value)
"""
TWICE = (
    ONCE
    + """    else:
        if other:
            value = 2
        print(value)
"""
)


def ids(files: dict[str, str]) -> list[str]:
    """Return the ids of what modules are suspected of, in source order."""
    return [
        suspicion.id
        for _, thought in sorted(deduced(files).items())
        for row in thought.functions.values()
        for suspicion in sorted(row.suspicions, key=lambda each: each.place.first)
    ]


def test_equal_code_in_one_function_and_in_two_modules_has_different_ids() -> None:
    found = ids({"a.py": TWICE, "b.py": TWICE})
    assert len(found) == len(set(found)) == 4


def test_layout_and_code_elsewhere_change_no_id() -> None:
    other = "import os\n\n\ndef first():\n    return os\n"
    spaced = TWICE.replace("print(value)", "print( value )  # as it was")
    assert ids({"a.py": other + spaced, "z.py": ""}) == ids({"a.py": TWICE})


def test_ordinals_count_in_source_order() -> None:
    assert ids({"a.py": TWICE})[0] == ids({"a.py": ONCE})[0]
