"""Secrets that code gives to a name: assigned, annotated, a key, an argument, a comparison, a default.

What is given is looked for in the expression behind the name: strings that stand beside each other are one,
each branch of `or` and `if` counts, so do the members of lists and, of names for many, the values of tables.
Of what is handed to a call only a `default` counts; a condition does not. No language is parsed, so that any
piece of code will do. It must not know which values are secrets.
"""

import re
from collections.abc import Iterable, Iterator

from sleeplsp.redact.expressions import Group, groups
from sleeplsp.redact.names import Name
from sleeplsp.redact.values import is_mixed, is_value

BEFORE = 80
"""Characters before a name that tell how it is meant."""

_GIVEN = re.compile(
    r"""\\?["'`](?:[)\]]{0,2}\s*(?:=>|:=|={2,3}|!==?|=|:)  # a key or an index
        |\s*(?P<beside>,))\s*                              # an argument before the value
    |\??[ \t]*:[ \t]*[A-Za-z_&][\w.\[\] |&'<>]{0,60}=(?!=)\s*   # an annotation
    |[ \t]+(?:string|\[\]byte)[ \t]*=\s*                   # another
    |[ \t]*(?:=>|:=|={2,3}|!==?|\|\|=|\?\?=|=)\s*|[ \t]*:[ \t]*""",
    re.VERBOSE,
)
_SETS = re.compile(
    r"(?:(?:setdefault|environ\.get|env|config|header)\(\s*|setattr\([^()\n]{1,40},\s*)[\"'][\w-]*\Z",
    re.IGNORECASE,
)
_ENVIRONMENT = re.compile(r"env(?:iron)?(?:\[|(?:\.\w+)?\()\s*[\"'][\w-]*\Z", re.IGNORECASE)
_OPTION = re.compile(r"[\"']--[\w-]*\Z")
_OPTION_DEFAULT = re.compile(r"[^()]{0,300}?\bdefault\s*=\s*")
_FIELD_DEFAULT = re.compile(r"[\w.]+\((?:[^()]{0,300}?\bdefault\s*=\s*)")
_SEVERAL = re.compile(r"[ \t]*(?:[A-Za-z_][\w.]*, *)+[\w.]*\Z")
_ITEM = re.compile(r"""(?:"[^"\n]*"|'[^'\n]*'|[^,"'\n()\[\]{}])*,\s*""")


def given(text: str, names: Iterable[Name]) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of values that code gives to a name for secrets."""
    for name in names:
        link = _GIVEN.match(text, name.end)
        if link is None:
            continue
        for start, end in _values(text, name, link):
            if end > start:
                yield name.kind, start, end


def _values(text: str, name: Name, link: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield where values stand that are secrets."""
    before = text[max(name.start - BEFORE, 0) : name.start]
    group_of = "key" if name.group == "token" and _ENVIRONMENT.search(before) else name.group
    with_tables = _is_many(text, name)
    position = _own(text, name, link.end()) if link[0][0].isspace() else link.end()
    is_loose = link["beside"] is None or _SETS.search(before) is not None
    for group in groups(text, position, with_tables=with_tables):
        value = _said(text, group)
        if is_value(group_of, value) if is_loose else is_mixed(value):
            yield from group
        if not is_loose:
            break
    if link["beside"] is None or _OPTION.search(before):
        default = (_OPTION_DEFAULT if link["beside"] else _FIELD_DEFAULT).match(text, link.end())
        for group in groups(text, default.end(), with_tables=with_tables) if default is not None else ():
            if is_value(group_of, _said(text, group)):
                yield from group


def _said(text: str, group: Group) -> str:
    return "".join(text[start:end] for start, end in group)


def _is_many(text: str, name: Name) -> bool:
    return text[name.start : name.end].lower().endswith("s") and name.end - name.start > len("pass")


def _own(text: str, name: Name, position: int) -> int:
    """Return where the value of one of several names begins that are assigned at once."""
    names = _SEVERAL.match(text, text.rfind("\n", 0, name.start) + 1, name.start)
    for _ in range(names[0].count(",") if names is not None else 0):
        item = _ITEM.match(text, position)
        position = item.end() if item is not None else position
    return position
