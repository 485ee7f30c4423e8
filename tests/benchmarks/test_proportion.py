"""The edits of the benchmark of proportion are what they are called, and leave a module that parses."""

import ast

import pytest

from benchmarks.proportion import edited

SOURCE = '''\
class Store:
    """A store."""

    def load(
        self,
        key: str = "é",  # of what
        *rest: int,
    ) -> object:
        """Load."""
        @decorated
        def inner():
            return key

        return inner()

    def short(self): return 1


async def tell(this, *, that=None):
    await that
'''


def parameters(source: str, name: str) -> list[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = (
        each for each in ast.walk(ast.parse(source)) if isinstance(each, functions) and each.name == name
    )
    return [each.arg for each in next(found).args.args]


@pytest.mark.parametrize("name", ["Store.load", "Store.load.inner", "tell"])
@pytest.mark.parametrize(("kind", "lines"), [("body", 1), ("contract", 3), ("comment", 1)])
def test_lines_are_put_into_the_function_alone(name: str, kind: str, lines: int) -> None:
    after = edited(SOURCE, name, kind)
    ast.parse(after)
    assert len(after.splitlines()) == len(SOURCE.splitlines()) + lines
    assert [each for each in after.splitlines() if each in SOURCE.splitlines()] == SOURCE.splitlines()


def test_a_comment_changes_no_code() -> None:
    after = edited(SOURCE, "Store.load", "comment")
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(SOURCE))


@pytest.mark.parametrize(("name", "names"), [("Store.load", ["self", "key"]), ("tell", ["this"])])
def test_a_signature_gets_a_parameter_that_may_be_left_out(name: str, names: list[str]) -> None:
    after = edited(SOURCE, name, "signature")
    assert parameters(after, name.rpartition(".")[2]) == [*names, "_added"]


@pytest.mark.parametrize("name", ["Store.short", "Store.missing"])
def test_what_has_no_lines_of_its_own_is_no_target(name: str) -> None:
    with pytest.raises(LookupError):
        edited(SOURCE, name, "body")
