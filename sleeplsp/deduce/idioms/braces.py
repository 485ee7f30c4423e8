"""What a `str.format` template asks for: its fields, read by the standard library's own parser.

It must not know what is given for them.
"""

import re
from collections.abc import Iterator
from string import Formatter

import msgspec

_NAME = re.compile(r"[^.\[]*")
_NESTED_MAX = 2
"""Levels of fields: one may stand in another's format specification."""


class BraceFormat(msgspec.Struct, frozen=True):
    """The fields of one template."""

    count: int = 0
    """Fields without a number, which take one argument each."""
    numbers: frozenset[int] = frozenset()
    """Positions asked for, those of fields without a number included."""
    names: tuple[str, ...] = ()
    """Keyword arguments asked for, in order."""
    problem: str = ""
    """Why the template is none; the other fields then say nothing."""


def brace_format(template: str) -> BraceFormat:
    """Read a template."""
    try:
        fields = list(_fields(template, 1))
    except ValueError as error:
        problem = str(error)
        return BraceFormat(problem=problem[:1].lower() + problem[1:])
    count = fields.count("")
    numbers = {int(each) for each in fields if each.isdecimal()}
    if count and numbers:
        return BraceFormat(problem="some of its fields are numbered and some are not")
    names = (each for each in fields if each and not each.isdecimal())
    return BraceFormat(count, frozenset(numbers or range(count)), tuple(dict.fromkeys(names)))


def _fields(template: str, level: int) -> Iterator[str]:
    for _, field, specification, _ in Formatter().parse(template):
        if field is None:
            continue
        found = _NAME.match(field)
        yield found[0] if found is not None else ""
        if specification and level < _NESTED_MAX:
            yield from _fields(specification, level + 1)
