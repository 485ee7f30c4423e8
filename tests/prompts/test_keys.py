"""Keys: what makes another sleep necessary, and what only makes its result older."""

import pytest

from sleeplsp.prompts.keys import module_key, provenance
from tests.prompts.contexts import context_of

FILES = {
    "store.py": "def load(key: str):\n    return key + '1'\n",
    "main.py": "from store import load\n\n\ndef shout(key):\n    # loud\n    return load(key)\n",
    "use.py": "from main import shout\n\nshout('a')\n",
    "tests/test_main.py": "from main import shout\n\n\ndef test_shout():\n    assert shout('a')\n",
}
PARAMETERS = {"temperature": 0.7, "effort": None}

LIMITS = {
    "main.py": "from store import MOST\n\n\ndef shout(key):\n    return key[:MOST]\n",
    "store.py": "from deep.limits import MOST\n",
    "deep/limits.py": "A = 1\nMOST = 3\nMADE = max(1, 2)\n\n\ndef f():\n    return 1\n",
    "deep/__init__.py": "",
}
"""A constant that comes by another module."""

SAME = {
    "a comment": ("main.py", "# loud", "# very loud"),
    "layout": ("main.py", "\n\n\ndef", "\n\n\n\n\ndef"),
    "the body of what it calls": ("store.py", "'1'", "'2'"),
    "layout of a signature": ("store.py", "(key: str)", "(\n    key: str,  # the key\n)"),
    "who calls it": ("use.py", "'a'", "'b'"),
    "its tests": ("tests/test_main.py", "'a'", "'b'"),
}
OTHER = {
    "its code": ("main.py", "load(key)", "load(key) or ''"),
    "a signature it uses": ("store.py", "(key: str)", "(key: str, more=1)"),
}


def edited(path: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[path]
    return FILES | {path: FILES[path].replace(old, new)}


def key(files: dict[str, str], model: str = "m", subjects: tuple[str, ...] = ()) -> str:
    return module_key(context_of(files, "main.py", subjects), model, PARAMETERS)


@pytest.mark.parametrize("edit", SAME.values(), ids=SAME)
def test_the_key_stays(edit: tuple[str, str, str]) -> None:
    assert key(edited(*edit)) == key(FILES)


@pytest.mark.parametrize("edit", OTHER.values(), ids=OTHER)
def test_the_key_is_another(edit: tuple[str, str, str]) -> None:
    assert key(edited(*edit)) != key(FILES)


def test_the_order_of_functions_is_no_part_of_it() -> None:
    one, other = "def f():\n    return 1\n", "def g():\n    return 2\n"
    first, last = f"{one}\n\n{other}", f"{other}\n\n{one}"
    assert key({"main.py": first}) == key({"main.py": last})
    assert key({"main.py": first}) != key({"main.py": first.replace("2", "3")})


def test_model_and_parameters_are_part_of_it() -> None:
    context = context_of(FILES, "main.py")
    keys = {
        module_key(context, "m", PARAMETERS),
        module_key(context, "n", PARAMETERS),
        module_key(context, "m", PARAMETERS | {"temperature": 0.8}),
    }
    assert len(keys) == 3
    assert key(FILES, subjects=("Shout",)) in keys


def test_soft_inputs_are_told_apart() -> None:
    before = provenance(context_of(FILES, "main.py"))
    changed = {
        name: {each for each, digest in provenance(context).items() if digest != before[each]}
        for name, context in {
            "uses": context_of(edited(*SAME["who calls it"]), "main.py"),
            "tests": context_of(edited(*SAME["its tests"]), "main.py"),
            "subjects": context_of(FILES, "main.py", ("Shout",)),
            "imported": context_of(
                edited("store.py", "    return", "    '''Load it.'''\n    return"), "main.py"
            ),
        }.items()
    }
    assert changed == {name: {name} for name in changed}


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("MOST = 3", "MOST = 4", False),
        ("MOST = 3", "MOST  =  3  # most", True),
        ("A = 1", "A = 2", True),
        ("return 1", "return 2", True),
        ("MOST = 3", "MOST = max(1, 2)", False),
    ],
)
def test_the_value_of_an_imported_constant_is_part_of_it(old: str, new: str, *, same: bool) -> None:
    changed = LIMITS | {"deep/limits.py": LIMITS["deep/limits.py"].replace(old, new)}
    assert (key(changed) == key(LIMITS)) is same


@pytest.mark.parametrize(
    ("assigned", "told"),
    [
        ("MOST: int = -3", "MOST: int = -3"),
        ("MOST = ('a',\n  'b')", "MOST = ('a', 'b')"),
        ("MOST = max(1, 2)", None),
        ("MOST, B = 1, 2", None),
        ("MOST = 1\nMOST = 2", None),
        (f"MOST = '{'long ' * 40}'", None),
        ("MOST = 'AKIA" + "Q3EGRTXZ7LNMW5PD'", "MOST = 'REDACTED_AWS_KEY'"),
        ("def MOST(a: int = 3): pass", "def MOST(a: int = 3):"),
    ],
)
def test_which_constants_are_told(assigned: str, told: str | None) -> None:
    context = context_of(LIMITS | {"deep/limits.py": f"{assigned}\n"}, "main.py")
    assert [each.signature for each in context.imported] == ([told] if told is not None else [])


def test_a_constant_is_told_with_the_symbols_that_name_it() -> None:
    (imported,) = context_of(LIMITS, "main.py").imported
    assert imported.ref == "deep/limits.py::MOST"
    assert imported.used_by == ("<module>", "shout")
