"""From the text of a stub to its row: what is kept of annotations and definitions."""

import ast

import pytest

from sleeplsp.stubs.annotations import awaited, brief


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        ("int", "int"),
        ("os.PathLike[str]", "os.PathLike"),
        ("dict[str, int | None]", "dict"),
        ("int | None", "int|None"),
        ("Optional[int]", "int|None"),
        ("typing.Optional[int | str]", "int|str|None"),
        ("Union[int, str, int]", "int|str"),
        ("'int | None'", "int|None"),
        ("'not an annotation'", ""),
        ("None", "None"),
        ("Literal[True]", "True"),
        ("Literal['a', 1, -1, None, Color.RED]", ":builtins.str|:builtins.int|None|Color"),
        ("Annotated[int, 'unit']", "int"),
        ("ClassVar[Final[int]]", "int"),
        ("TypeGuard[int]", ":builtins.bool"),
        ("type[int]", "type"),
        ("Callable[[int], str]", "Callable"),
        ("...", ""),
        ("f(x)", ""),
        ("Any", "Any"),
    ],
)
def test_an_annotation_in_short(annotation: str, text: str) -> None:
    assert brief(expression(annotation)) == text


def test_no_annotation_says_nothing() -> None:
    assert brief(None) == ""


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        ("Coroutine[Any, Any, int | None]", "int|None"),
        ("types.CoroutineType[Any, Any, bool]", "bool"),
        ("Awaitable[int]", None),
        ("Coroutine", None),
        ("int", None),
    ],
)
def test_what_awaiting_a_declared_coroutine_gives(annotation: str, text: str | None) -> None:
    given = awaited(expression(annotation))
    assert (brief(given) if given else None) == text
