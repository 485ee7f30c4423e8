"""Names for secrets, and what a name tells of a value: `password`, `SECRET_KEY`, `X-Api-Key`, `auth_token`.

The name must end in one of the words, for what ends otherwise holds something else: `password_field`,
`token_type`, `PASSWORD_RESET_TIMEOUT`. It must not know what values look like.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sleeplsp.prompts.redacted import MARK

_SPOKEN = r"pass(?:word|wd|phrase|code)s?|pwds?|(?<![a-z/])(?:pass|pw)|(?<=[a-z])(?-i:Pass|Pw)"
_KEY = (
    r"secrets?|credentials?"
    r"|(?:api|access|private|auth|secret|account|encryption|signing|master|shared)[_-]?keys?"
    r"|(?:api|access|auth|refresh|bearer|bot|personal)[_-]?tokens?"
)
_DRAWN = r"tokens?|authorization|bearer|(?<![a-z])(?:auth|jwt)|(?<=[a-z])(?-i:Auth|Jwt)"
_OTHER = r"cookies?|webhook|(?<![a-z])(?:dsn|salt|pin)|(?<=[a-z])(?-i:Dsn|Salt|Pin)"
_NAME = re.compile(
    rf"""{MARK}\w*
    |(?:(?P<password>{_SPOKEN})|(?P<key>{_KEY})|(?P<token>{_DRAWN})|(?P<other>{_OTHER}))
     \d{{0,2}}(?:_?(?:hash|value|b64|base64|hex|id))?(?![A-Za-z0-9_])""",
    re.IGNORECASE | re.VERBOSE,
)
_STEMS = (
    *("pass", "pw", "secret", "credential", "key", "token", "auth", "bearer", "jwt"),
    *("cookie", "webhook", "dsn", "salt", "pin"),
)
"""Of these every name holds one."""


class Name(NamedTuple):
    """A name for secrets in a text."""

    group: str
    """`password`: any value may be one; `key`: one that is no word; `token`: one that looks like a key;
    `other`: one of which that is beyond doubt."""
    start: int
    """Where its last word begins."""
    end: int

    @property
    def kind(self) -> str:
        """What its values are called."""
        return "password" if self.group == "password" else "secret"


def names(text: str) -> Iterator[Name]:
    """Yield names for secrets, wherever they stand."""
    for start, end in _lines(text):
        for found in _NAME.finditer(text, start, end):
            if found.lastgroup is not None:
                yield Name(found.lastgroup, *found.span())


def _lines(text: str) -> list[tuple[int, int]]:
    """Return where the lines are that may hold a name: a search for plain words takes a tenth of the time."""
    small = text.lower()
    if len(small) != len(text):
        return [(0, len(text))]
    lines: set[tuple[int, int]] = set()
    for stem in _STEMS:
        position = small.find(stem)
        while position >= 0:
            start, end = small.rfind("\n", 0, position) + 1, small.find("\n", position)
            end = end if end >= 0 else len(text)
            lines.add((start, end))
            position = small.find(stem, end)
    return sorted(lines)
