"""Markdown that says what it is given and nothing else: code spans and text, escaped.

Claims are sentences with code in backquotes, and the code may hold anything that a repository holds.
It must not know what is said.
"""

import re

# What begins a block does so only where a line begins. What looks like an address becomes a link in many
# editors, without any mark around it.
_SPECIAL = re.compile(
    r"(?P<number>^\d+)(?=[.)])|[\\`*_\[\]<>&|~]|^[#+=-]|:(?=//)|(?<=[wW]{3})\.|(?<=\w)@(?=\w)"
)
# Controls, and marks that turn the order in which text is read.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SPAN = re.compile(r"`([^`]*)`")


def code(text: str) -> str:
    """Return a code span of any text: the fence is longer than every run of backquotes inside."""
    flat = one_line(text) or " "
    longest = max((len(run) for run in re.findall("`+", flat)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{padding}{flat}{padding}{fence}"


def plain(text: str) -> str:
    """Return text of which every character stands for itself, on one line."""
    return _escaped(one_line(text))


def sentence(text: str) -> str:
    """Return a claim's sentence: what is between two backquotes is code, all else stands for itself."""
    parts = enumerate(_SPAN.split(one_line(text)))
    return "".join(code(part) if number % 2 else _escaped(part) for number, part in parts)


def unmarked(text: str) -> str:
    """Return a claim's sentence for where Markdown is not read: without its backquotes."""
    return _SPAN.sub(r"\1", one_line(text))


def one_line(text: str) -> str:
    """Return text on one line, of characters that are seen."""
    return " ".join(unseen(" ".join(text.split())).split())


def unseen(text: str) -> str:
    """Return text with a sign in place of each character that is not seen, or turns the order of reading."""
    return _UNSEEN.sub("\ufffd", text)


def shortened(text: str, characters_max: int) -> str:
    """Return text on one line of at most so many characters, cut at a word; code that is cut stays code."""
    flat = one_line(text)
    if len(flat) <= characters_max:
        return flat
    cut = flat[: characters_max - 1].rpartition(" ")[0] or flat[: characters_max - 1]
    return f"{cut}{'`' if cut.count('`') % 2 else ''}…"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"{found[0]}\\" if found["number"] else f"\\{found[0]}", text)
