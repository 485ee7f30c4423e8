"""Code in sentences: short enough to be read in one."""

from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.render import render
from sleeplsp.deduce.domain import Entity, Literal, Nothing, Value, type_name
from sleeplsp.deduce.telling.describe import short

CODE_MAX = 50
"""Characters of one piece of code in a sentence."""


def code(expression: Expression) -> str:
    """Return an expression in backquotes, cut at CODE_MAX."""
    return quoted(render(expression))


def quoted(text: str) -> str:
    """Return a text of code in backquotes, on one line and cut at CODE_MAX."""
    text = " ".join(text.replace("`", "\\x60").split())
    return f"`{text}`" if len(text) <= CODE_MAX else f"`{text[: CODE_MAX - 1]}…`"


def some(count: int, thing: str) -> str:
    """Return how many of a thing there are: `1 argument`, `2 arguments`, `no arguments`."""
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"


def described(value: Value) -> str:
    """Return what a value is: ``a `list` or `None` ``."""
    words = set()
    for each in value:
        match each:
            case Literal(value=constant):
                words.add(f"`{constant!r}`")
            case Nothing():
                words.add("`None`")
            case Entity(kind=kind):
                words.add(f"a {kind}")
            case _:
                name = short(type_name(each))
                name = _NAMES.get(name, name)
                words.add(f"{'an' if name[:1] in 'aeiouAEIO' else 'a'} `{name}`")
    return " or ".join(sorted(words, key=lambda each: (each == "`None`", each)))


_NAMES = {
    "types.GeneratorType": "generator",
    "types.AsyncGeneratorType": "generator",
    "_collections_abc.dict_keys": "dict_keys",
    "_collections_abc.dict_items": "dict_items",
    "_collections_abc.dict_values": "dict_values",
}
