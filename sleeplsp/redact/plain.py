"""Secrets that are written out in strings, comments and messages of commits, where no quotes bound them.

`--password=...`, parts of a connection string or of an address, lines as of YAML and netrc. In code the same
characters name variables, so code is left out: what is looked at stands within quotes or in a comment, or
the text is one line that is no code. It must not know which values are secrets.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from sleeplsp.redact.names import Name
from sleeplsp.redact.values import is_mixed, is_password, is_token, is_value

_WRITTEN = re.compile(
    # Each character fits in one way alone, so that nothing is tried twice.
    r"""\"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
    |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`
    |\#[^\n]*|//[^\n]*|/\*.*?\*/""",
    re.VERBOSE | re.DOTALL,
)
_SCOPE = re.compile(r"\A\w+\([\w./, -]+\)!?:")
"""What some messages of commits begin with."""

_CODE = re.compile(
    r"\A\s*(?:async|await|def|class|fn|func|function|pub|return|import|from|let|const|var|export|public|private)\b"
    r"|[{}\[\]]|\w\(|[-=]>|(?<=\s)=\s"
)
_SIGNED = re.compile(r"(?P<sign>[ \t]*[=:][ \t]*)(?P<value>[^\s\"'`;&\\]{4,400})")
_LINE = re.compile(r"[ \t]*(?:$|\\[rn]|[\"'`#])", re.MULTILINE)
_PART = re.compile(r"[ \t]*=[ \t]*(?P<value>[^;\"'`\n]{4,200})")
_BEHIND = re.compile(r"[ \t]+(?P<value>[^\s\"'`;&\\]{4,200})")
_LOGIN = re.compile(r"\blogin\s+\S+\s+\Z")
_FLAG = re.compile(r"(?<![\w-])--[\w-]*\Z")
_ARGUMENT = re.compile(r"[(,][ \t]*[\w.]*\Z")
_SEMICOLON = re.compile(r";[ \t]*(?:\w+ )?\Z")
_START = re.compile(r"(?:^|\\n|[\"'`])[ \t#/*-]*[\w.-]*\Z", re.MULTILINE)
_CALL = re.compile(r"\w[(\[]")
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*")


def plain(text: str, names: Iterable[Name]) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of secrets that are written out without quotes."""
    written: list[tuple[int, int]] | None = None
    for name in names:
        span = _span(text, name)
        if span is None:
            continue
        if not is_mixed(text[span[0] : span[1]]):
            if written is None:
                written = _written(text)
            index = bisect_right(written, (name.start, len(text))) - 1
            if index < 0 or written[index][1] < span[1]:
                continue
        yield name.kind, *span


def _written(text: str) -> list[tuple[int, int]]:
    """Return start and end of all that is no code, in order."""
    if "\n" not in text and not _CODE.search(_SCOPE.sub("", text)):
        return [(0, len(text))]
    return [each.span() for each in _WRITTEN.finditer(text)]


def _span(text: str, name: Name) -> tuple[int, int] | None:
    """Return what would be the secret if this were no code."""
    before = text[max(name.start - 80, 0) : name.start]
    if name.group == "password" and _SEMICOLON.search(before):
        part = _PART.match(text, name.end)
        return part.span("value") if part is not None and is_password(part["value"]) else None
    signed = _SIGNED.match(text, name.end)
    if signed is not None:
        start = signed.start("value")
        value = signed["value"].rstrip(",.)")
        is_it = (signed["sign"] == "=" and _is_equal(name, before, value)) or _is_line(
            text, name, before, start, value
        )
        return (start, start + len(value)) if is_it else None
    behind = _BEHIND.match(text, name.end)
    if behind is None or name.group == "token":
        return None
    value = behind["value"]
    if is_password(value) if _LOGIN.search(before) else is_token(value) and _FLAG.search(before):
        return behind.span("value")
    return None


def _is_equal(name: Name, before: str, value: str) -> bool:
    """Tell whether what an equals sign joins to a name is one, not a variable that is handed on."""
    if _ARGUMENT.search(before) and _IDENTIFIER.fullmatch(value):
        return is_token(value)
    return not _CALL.search(value) and is_value(name.group, value)


def _is_line(text: str, name: Name, before: str, start: int, value: str) -> bool:
    """Tell whether a value behind a sign is one: a word of its line, as in YAML, or one like a key."""
    if _CALL.search(value):
        return False
    if is_token(value):
        return is_value(name.group, value)
    at_end = _LINE.match(text, start + len(value)) is not None
    return at_end and _START.search(before) is not None and len(value) >= 6 and is_value(name.group, value)
