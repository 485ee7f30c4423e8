"""What a value must look like to be a secret, by the group of the name it is given to.

A password may be anything that is said, so what is none is told: a template, an address, the name of a file,
and a label. A label is what people or programs read in place of a password: one capitalised word
(`"Password"`, `"Required"`), words of which one is itself of the kind (`"password"`, `"user_name"`, `"your
password is too short"`), a sentence (a capital, three words, a stop). A key is no label, and more than two
words or letters with digits or signs; a token has letters and digits as no name has. It must not know where
a value stands.
"""

import re

from sleeplsp.prompts.redacted import MARK
from sleeplsp.redact.entropy import TURNS_MIN, turns

LENGTH_MIN = 4
"""Characters of the shortest password that is taken out."""

_TEMPLATE = re.compile(
    r"""\$\{ | \A\$\w+\Z | \A<.*>\Z | <[\w -]+> | \{[\w.:!]*\} | \{\{ | %(?:\(\w+\))?[srd](?![A-Za-z0-9])
    | \A(?:x+|X+|\.+|-+|_+|\#+|\*+|\?+)\Z | \*{3} | \.{3}\Z
    | \A(?:\\x[0-9A-Fa-f]{2}|\\.|\s)+\Z
    | \A(?:https?|file|s3|ftp)://
    | \A[\w./\\-]+\.(?:py|txt|json|ya?ml|toml|pem|key|crt|html?|md|cfg|ini)\Z""",
    re.VERBOSE,
)
_WORDS = re.compile(r"[A-Za-z][A-Za-z']*(?:[ _.:/,-]+[A-Za-z][A-Za-z']*)*[.!?:]?")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_SENTENCE = re.compile(r"[A-Z][\w']*(?:[ ,;:]+\S+){2,}[.!?:]")
_TELLING = re.compile(
    r"(?<![A-Za-z])(?:(?:old|new|my|user|api)?"
    r"(?:pass(?:word|wd|phrase|code)?|pwd|pw|secret|token|key|auth|authori[sz]ation|authentication|credential"
    r"|cred|user|name|field|login|cookie|header|bearer|salt|id|username)s?)(?:\d?)(?![A-Za-z])"
    r"|(?<=[a-z])(?-i:Pass(?:word|phrase)?|Secret|Token|Key|Auth|User|Name|Field)s?(?-i:(?![a-z]))",
    re.IGNORECASE,
)
_NOTHING = frozenset(
    (
        *(
            "none",
            "null",
            "true",
            "false",
            "undefined",
            "optional",
            "required",
            "empty",
            "hidden",
            "redacted",
        ),
        *("string", "bytes", "text", "include", "omit"),
    )
)
_BROKEN = re.compile(rf"{MARK}|[\s\\]")
_NUMBERED = re.compile(
    r"[A-Za-z]+(?:[_./:-][A-Za-z]+)*(?:[_./-]\d{0,3})?"
    r"|[A-Za-z]+(?:[_./:-][A-Za-z]+)+\d{0,3}|[a-z]+[A-Z][A-Za-z]*\d+"
)
_SIGNS = re.compile(r"[A-Za-z0-9+/_.~=!@#$%^&*:-]+")


def is_value(group: str, value: str) -> bool:
    """Tell whether a value that is given to a name of a group is a secret."""
    if MARK in value:
        return False
    if group == "password":
        return is_password(value)
    if group == "key":
        return is_key(value)
    return is_token(value) if group == "token" else is_mixed(value)


def is_password(value: str) -> bool:
    """Tell whether a value may be a password: neither template nor label."""
    return len(value.strip()) >= LENGTH_MIN and not is_template(value) and not is_label(value)


def is_template(value: str) -> bool:
    """Tell whether a value is to be filled in, or stands for one; signs in disorder are none."""
    return _TEMPLATE.search(value) is not None and not _is_disorderly(value)


def is_label(value: str) -> bool:
    """Tell whether a value is read in place of a secret."""
    if value.lower() in _NOTHING or _SENTENCE.fullmatch(value):
        return True
    if not _WORDS.fullmatch(value):
        return " " in value and _TELLING.search(value) is not None
    return _TELLING.search(value) is not None or (value.isalpha() and value.istitle())


def is_key(value: str) -> bool:
    """Tell whether a value may be a key: a password that is no name, no path and no prose."""
    if len(value) < 6 or not is_password(value) or _DOTTED.fullmatch(value):
        return False
    return " " not in value and not (_WORDS.fullmatch(value) and len(re.split(r"[_.:/-]+", value)) < 3)


def is_token(value: str) -> bool:
    """Tell whether a value has letters and digits as no name has, numbered or not."""
    if len(value) < 8 or is_template(value) or not _SIGNS.fullmatch(value):
        return False
    has_both = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return has_both and not _NUMBERED.fullmatch(value) and not _DOTTED.fullmatch(value)


def is_mixed(value: str) -> bool:
    """Tell whether letters and digits take turns as in keys: enough where hardly a name vouches for it."""
    digits = sum(each.isdigit() for each in value)
    letters = sum(each.isalpha() for each in value)
    if len(value) < 12 or not digits or not letters or _BROKEN.search(value) or is_template(value):
        return False
    return any(_is_tangled(part) for part in _PARTS.split(value)) or _is_loose(value)


def _is_disorderly(value: str) -> bool:
    """Tell whether so many signs stand in so long a value that those of a template are there by chance."""
    signs = {each for each in value if not each.isalnum()} - set(" .,/:_-'\"()")
    return (
        len(value) >= 20
        and len(signs) >= 5
        and sum(each.isdigit() for each in value) >= 2
        and " " not in value
    )


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
