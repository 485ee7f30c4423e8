"""Code in sentences: short enough to be read in one."""

from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.render import render

CODE_MAX = 50
"""Characters of one piece of code in a sentence."""


def code(expression: Expression) -> str:
    """Return an expression in backquotes, cut at CODE_MAX."""
    text = " ".join(render(expression).split())
    return f"`{text}`" if len(text) <= CODE_MAX else f"`{text[: CODE_MAX - 1]}…`"


def some(count: int, thing: str) -> str:
    """Return how many of a thing there are: `1 argument`, `2 arguments`, `no arguments`."""
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"
