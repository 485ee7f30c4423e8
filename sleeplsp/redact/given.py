"""Secrets that code gives to a name: assigned, annotated, a key, an argument, a comparison, a default.

What is given is looked for in the expression behind the name: strings that stand beside each other are one,
each branch of `or` and `if` counts, so do the members of lists and the values of tables; what is handed to a
call counts not, and a condition neither. No language is parsed, so that any piece of code will do. It must
not know which values are secrets.
"""

import re
from collections.abc import Iterable, Iterator

from sleeplsp.redact.expressions import groups
from sleeplsp.redact.names import Name
from sleeplsp.redact.values import is_mixed, is_value

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
_SEVERAL = re.compile(r"[ \t]*(?:[A-Za-z_][\w.]*, *)+[\w.]*\Z")
_ITEM = re.compile(r"""(?:"[^"\n]*"|'[^'\n]*'|[^,"'\n()\[\]{}])*+,\s*""")


def given(text: str, names: Iterable[Name]) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of values that code gives to a name for secrets."""
    for name in names:
        link = _GIVEN.match(text, name.end)
        if link is None:
            continue
        is_loose = link["beside"] is None or _SETS.search(text, max(name.start - 80, 0), name.start)
        is_environment = name.group == "token" and _ENVIRONMENT.search(
            text, max(name.start - 80, 0), name.start
        )
        group_of = "key" if is_environment else name.group
        position = _own(text, name, link.end()) if link[0][0].isspace() else link.end()
        for group in groups(text, position, with_tables=_is_many(text, name)):
            value = "".join(text[start:end] for start, end in group)
            if is_value(group_of, value) if is_loose else is_mixed(value):
                yield from ((name.kind, start, end) for start, end in group if end > start)
            if not is_loose:
                break


def _is_many(text: str, name: Name) -> bool:
    return text[name.start : name.end].lower().endswith("s") and name.end - name.start > len("pass")


def _own(text: str, name: Name, position: int) -> int:
    """Return where the value of one of several names begins that are assigned at once."""
    names = _SEVERAL.match(text, text.rfind("\n", 0, name.start) + 1, name.start)
    for _ in range(names[0].count(",") if names is not None else 0):
        item = _ITEM.match(text, position)
        position = item.end() if item is not None else position
    return position
