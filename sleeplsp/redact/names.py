"""Secrets that are known by the name they are given: `password = "..."`, `"api_key": "..."`.

A name says nothing of a value that is itself a name, a template or a sentence. It must not know what is
done with them.
"""

import re
from collections.abc import Iterator

from sleeplsp.prompts.redacted import MARK
from sleeplsp.redact.entropy import TURNS_MIN, turns

_SPOKEN = r"pass(?:word|wd|phrase|code)?|pwd"
_KEY = (
    r"secret|token|api_?key|access_?key|private_?key|auth_?key|secret_?key|account_?key|encryption_?key"
    r"|signing_?key|credentials?|auth|bearer|jwt|cookie|dsn|webhook|salt|pin"
)
_NAMED = re.compile(
    rf"""{MARK}\w*|(?P<password>{_SPOKEN})|(?P<key>{_KEY})""",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"""\d{0,2}(?:_?(?:hash|value|b64|base64|hex|id))?
    (?:["'][)\]]{0,2}[ \t]*(?:=>|==|!=|=|:|(?P<beside>,))  # a key, an index, an argument before the value
    |[ \t]*:[ \t]*[A-Za-z_][\w.\[\] |]{0,40}=         # an annotation
    |[ \t]*(?:=>|:=|==|!=|=|:))[ \t]*
    (?:[rRbBuUfF]{0,2})(?P<mark>\"{3}|'{3}|["'`])(?P<value>[^\s"'`\\]{4,400})(?P=mark)""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"\d{0,2}\s*[=:]\s*(?P<value>[A-Za-z0-9+/_.~-]{12,400}={0,2})(?=\s|$)", re.MULTILINE)
_NO_SECRET = re.compile(
    r"""[<{$%*]                                      # a template, or stars
    | \A(?:x+|X+|\.+|-+|_+|\#+)\Z
    | \A(?:https?|file|s3|ftp)://
    | \A[\w./\\-]+\.(?:py|txt|json|ya?ml|toml|pem|key|crt|html?|md|cfg|ini)\Z
    | \AREDACTED_""",
    re.VERBOSE,
)
_WORDS = re.compile(r"[A-Za-z]+(?:[_.:/ -][A-Za-z]+)*")
_TELLING = re.compile(
    r"pass|pwd|secret|token|key|auth|cred|user|name|field|login|cookie|header", re.IGNORECASE
)


_KINDS = {"password": "password", "key": "secret"}


def named(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of values that are given to a name for secrets."""
    for found in _NAMED.finditer(text):
        kind = _KINDS.get(found.lastgroup or "")
        if kind is None:
            continue
        if (value := _GIVEN.match(text, found.end())) is not None:
            is_loose = kind == "password" and value["beside"] is None
            if _is_password(value["value"]) if is_loose else is_mixed(value["value"]):
                yield kind, *value.span("value")
        elif (value := _PLAIN.match(text, found.end())) is not None and is_mixed(value["value"]):
            yield kind, *value.span("value")


def _is_password(value: str) -> bool:
    """Tell whether a value may be a password: not a template, and not the name of one."""
    if _NO_SECRET.search(value):
        return False
    return not (_WORDS.fullmatch(value) and (_TELLING.search(value) or len(value) < 6))


def is_mixed(value: str) -> bool:
    """Tell whether a value has letters and digits as keys have, and no name has."""
    digits = sum(each.isdigit() for each in value)
    letters = sum(each.isalpha() for each in value)
    if len(value) < 12 or not digits or not letters or _NO_SECRET.search(value):
        return False
    return any(_is_tangled(part) for part in _PARTS.split(value)) or _is_loose(value)


def _is_loose(value: str) -> bool:
    """Tell whether small letters, capitals and digits take turns as they do not in words."""
    in_words = sum(map(len, _CAMEL.findall(value)))
    return turns(value) >= TURNS_MIN and in_words <= _WORDS_MAX * len(value)


def _is_tangled(part: str) -> bool:
    """Tell whether letters and digits change places in a part as they do not in a word with a number."""
    return len(part) >= 8 and len(_TURNS.findall(part)) >= 3


_CAMEL = re.compile(r"[A-Z]?[a-z]{3,}")
_WORDS_MAX = 0.3
_PARTS = re.compile(r"[_.:/-]")
_TURNS = re.compile(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")
