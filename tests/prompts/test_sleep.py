"""The prompt of the sleep: what it shows, within which budget, in which order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sleeplsp.core.insight import Insight, Invariant
from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS
from sleeplsp.prompts.context import Imported, ModuleContext, Use
from sleeplsp.prompts.fence import fenced
from sleeplsp.prompts.knowing import claim_id
from sleeplsp.prompts.predictability import question_prompts
from sleeplsp.prompts.prompt import Prompt
from sleeplsp.prompts.sleep import sleep_prompt, slices, tokens_min
from tests.prompts.contexts import context_of, read_context

ENOUGH = 12_000
LITTLE = 3_500

LONG = "def f{0}(x):\n    '''Say {0}.'''\n    y = f{1}(x)\n" + "    y = y + 1\n" * 30 + "    return y\n\n\n"
LONG_MODULE = "import os\n\nLIMIT = 3\n\n\n" + "".join(LONG.format(n, (n + 7) % 40) for n in range(40))


def prompts_of(context: ModuleContext, tokens_max: int, number: int = 0) -> list[Prompt]:
    return [sleep_prompt(context, each, number) for each in slices(context, tokens_max)]


def test_a_module_that_fits_is_shown_whole() -> None:
    context = read_context("m.py", "def f():\n    return 1  # one\n")
    (prompt,) = prompts_of(context, ENOUGH)
    assert "\ndef f():\n    return 1  # one\n" in prompt.user
    assert prompt.user.endswith("Reply with the JSON object now.")
    assert prompt.schema is not None


def test_one_that_does_not_is_told_apart_by_who_calls_whom() -> None:
    context = read_context("m.py", LONG_MODULE)
    parts = slices(context, LITTLE)
    assert len(parts) > 3
    assert {each.parts for each in parts} == {len(parts)}
    subjects = [each for part in parts for each in part.subjects]
    assert sorted(subjects) == sorted(["<module>", *(f"f{n}" for n in range(40))])
    first = sleep_prompt(context, parts[0])
    assert "LIMIT = 3" in first.user
    # What the first function calls is near it; what nobody near it calls is only named.
    near = {*parts[0].subjects, *parts[0].beside}
    assert {"f0", "f7"} <= near
    far = next(each for each in (f"f{n}" for n in range(40)) if each not in near)
    assert f"def {far}(x): ...\n" in first.user
    for part in parts:
        prompt = sleep_prompt(context, part)
        assert prompt.tokens <= LITTLE
        assert all(f"'''Say {each[1:]}.'''" in prompt.user for each in part.subjects if each != "<module>")


def test_a_class_is_asked_about_with_its_first_method() -> None:
    body = "        x = 1\n" * 250
    text = "".join(
        f"class C{n}:\n    def go(self):\n{body}\n    def come(self):\n{body}\n\n" for n in range(4)
    )
    parts = slices(read_context("m.py", text), LITTLE)
    assert len(parts) == 8
    of = {each: number for number, part in enumerate(parts) for each in part.subjects}
    assert [of[f"C{n}"] - of[f"C{n}.go"] for n in range(4)] == [0] * 4
    assert of["<module>"] == 0


def test_no_fence_grows_without_a_bound() -> None:
    block = fenced("Code:", "x = '" + "`" * 5_000 + "'\r\n\x00\ud800")
    assert len(block) < 100
    assert block.split("\n")[1] == "`" * 13
    assert "\x00" not in block
    block.encode()


def test_nothing_is_asked_where_the_budget_is_too_small() -> None:
    context = read_context("m.py", "x = 1\n")
    assert tokens_min() <= 2_200
    assert slices(context, tokens_min() - 1) == slices(context, 1) == ()
    assert len(slices(context, tokens_min())) == 1


@pytest.mark.parametrize("path", ["m.py", "é" * 300 + ".py", "folder/" * 90 + "m.py"])
def test_from_there_on_all_of_any_module_is_asked_about(path: str) -> None:
    context = read_context(path, LONG_MODULE)
    parts = slices(context, tokens_min())
    subjects = [each for part in parts for each in part.subjects]
    assert sorted(subjects) == sorted(["<module>", *(f"f{n}" for n in range(40))])
    for part in parts:
        prompt = sleep_prompt(context, part)
        assert prompt.tokens <= tokens_min()
        for each in part.subjects:
            assert f"\n{each}\n" in prompt.parts[-2]
            assert each == "<module>" or f"def {each}(x):\n    '''Say" in prompt.user


def test_a_list_of_names_takes_the_room_that_nothing_else_takes() -> None:
    names = [f"{'so_many_words_' * 8}{n}" for n in range(3)]
    context = read_context("m.py", "".join(f"def {each}(): pass\n" for each in names))
    (part,) = slices(context, ENOUGH // 3)
    small = replace(part, tokens_max=tokens_min() + 300)
    assert all(f"\n{each}\n" in sleep_prompt(context, small).parts[-2] for each in names)


def test_a_function_that_is_too_long_alone_is_cut() -> None:
    text = "def a():\n" + "    x = 1\n" * 3_000 + "\n\ndef b():\n    return 2\n"
    context = read_context("m.py", text)
    parts = slices(context, LITTLE)
    assert [each.subjects for each in parts] == [("<module>", "a"), ("b",)]
    assert [sleep_prompt(context, each).tokens <= LITTLE for each in parts] == [True, True]
    assert "return 2" in sleep_prompt(context, parts[1]).user


def test_generations_differ_at_the_end_alone() -> None:
    context = read_context("m.py", LONG_MODULE)
    first, second, again = (prompts_of(context, ENOUGH * 3, number)[0] for number in (0, 1, 1))
    assert second == again
    assert first.parts[:-2] == second.parts[:-2]
    assert first.parts[-2] != second.parts[-2]
    assert sorted(first.parts[-2].split()) == sorted(second.parts[-2].split())
    assert first.parts[-1] == second.parts[-1]


def test_a_later_pass_is_told_what_is_known_at_the_end() -> None:
    context = read_context("m.py", "def f():\n    return 1\n\n\ndef g():\n    return 2\n")
    claim = Invariant(kind="returns", symbol="f", sentence="The result is one.")
    known = Insight(path="m.py", key="k", invariants=(claim,))
    (part,) = slices(context, ENOUGH)
    plain, later = sleep_prompt(context, part), sleep_prompt(context, part, 0, known)
    assert f"{claim_id(claim)}: f: The result is one.\n" in later.user
    assert plain.parts[:-2] == later.parts[:-3]
    assert later.system == plain.system


def test_what_is_told_beside_the_code() -> None:
    files = {
        "store.py": 'def load(key, table):\n    """Load it.\n\n    More."""\n    if key not in table:\n'
        "        return None\n    return table[key]\n",
        "main.py": "from store import load\n\n\ndef shout(key, table):\n    return load(key, table) or ''\n",
        "use.py": "from main import shout\n\n\ndef run(table):\n    print(shout('a', table))\n",
        "tests/test_main.py": "from main import shout\n\n\ndef test_it():\n    assert shout('a', {}) == ''\n",
    }
    (prompt,) = prompts_of(context_of(files, "main.py", ("Shout louder", "Begin")), ENOUGH)
    assert "store.py::load: def load(key, table):\n    Load it.\n    May return `None` when" in prompt.user
    assert "shout in use.py::run:\n" in prompt.user
    assert "    print(shout('a', table))\n" in prompt.user
    assert "shout in tests/test_main.py::test_it:\n" in prompt.user
    assert "\nShout louder\nBegin\n" in prompt.user
    order = ["store.py::load", "use.py::run", "tests/test_main.py", "Shout louder", "Reply with"]
    assert sorted(order, key=prompt.user.index) == order


def test_secrets_are_not_shown() -> None:
    files = {
        "m.py": "from other import connect\n\n\ndef run():\n    password = 'hunter2'\n"
        "    return connect(password, 'sk-planted-0123456789abcdef')\n",
        "other.py": "def connect(password='hunter3', k=1):\n    '''Use AKIAABCDEFGHIJKLMNOP.'''\n",
        "use.py": "from m import run\n\nPWD = 'swordfish'\nrun()\n",
    }
    (prompt,) = prompts_of(context_of(files, "m.py", ("Use password='hunter4' now",)), ENOUGH)
    assert "REDACTED_PASSWORD" in prompt.user
    assert "REDACTED_AWS_KEY" in prompt.user
    for secret in ("hunter", "planted", "AKIA", "swordfish"):
        assert secret not in prompt.user


NAMES = st.sampled_from(["alpha", "beta", "gamma", "delta", "été"])
LINES = st.sampled_from(
    [
        "x = 1",
        "s = '``````````````````'",
        "'\ud800\x00\x07'",
        "alpha()",
        "\f",
        "password = 'hunter2'",
        "é" * 40,
    ]
)


@st.composite
def modules(draw: st.DrawFn) -> str:
    """Return a module of functions, methods and loose lines of all sizes."""
    parts: list[str] = []
    for _ in range(draw(st.integers(0, 12))):
        body = draw(st.lists(LINES, max_size=6)) * draw(st.sampled_from([1, 5, 60]))
        name = draw(NAMES)
        outer = draw(st.sampled_from(["", f"class {name.title()}:", f"def {name}_around():"]))
        indent = "    " if outer else ""
        parts += [outer, f"{indent}def {name}(x=1):", *(f"{indent}    {each}" for each in body)]
        parts += [f"{indent}    return x", *draw(st.lists(LINES, max_size=3))]
    return "\n".join(parts) + "\n"


@settings(max_examples=60, deadline=None)
@given(modules(), st.integers(tokens_min(), 9_000), st.integers(0, 3))
def test_prompts_stay_within_their_budget_and_ask_of_everything_once(
    text: str, tokens_max: int, number: int
) -> None:
    context = read_context("m.py", text)
    notes = "`" * 40 + "word " * 500
    use = Use(symbol="alpha", ref="n.py::f", code=notes)
    imported = Imported(ref="n.py::f", signature="def f(): " + notes, doc=notes, used_by=("alpha",))
    context = replace(
        context,
        imported=(imported,) * 9,
        uses=(use,) * 9,
        tests=(use,) * 9,
        subjects=(notes,) * 3,
        sentences={each.id: ("Never returns `None`.",) * 4 for each in context.outline.symbols},
    )
    parts = slices(context, tokens_max)
    claims = tuple(Invariant(kind="returns", symbol="alpha", sentence=notes[:900]) for _ in range(20))
    known = Insight(path="m.py", key="k", invariants=claims)
    for part in parts:
        assert sleep_prompt(context, part, number).tokens <= tokens_max
        assert sleep_prompt(context, part, number, known).tokens <= tokens_max
        assert all(each.tokens <= tokens_max for each in question_prompts(context, part))
    kinds = CALLABLE_KINDS | CLASS_KINDS
    wanted = ["<module>", *(each.id for each in context.outline.symbols if each.kind in kinds)]
    assert sorted(each for part in parts for each in part.subjects) == sorted(wanted)


def test_names_are_enumerated_where_there_is_room() -> None:
    names = (f"{'so_many_words_' * 2}{n}" for n in range(40))
    context = read_context("m.py", "".join(f"def {each}():\n    return 1\n\n\n" for each in names))
    for tokens_max, named in ((LITTLE, False), (ENOUGH, True)):
        prompts = prompts_of(context, tokens_max)
        assert {bool(each.schema and "$defs" in each.schema.body) for each in prompts} == {named}
        assert all(each.tokens <= tokens_max for each in prompts)
