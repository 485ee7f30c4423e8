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
_ITEM = re.compile(r"\s*[-*+\u2022] +")
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


def paragraphs(text: str, lines_max: int = 40) -> str:
    """Return text of several lines, each a sentence as above; empty lines part paragraphs.

    What looks like a list stays one, with a mark of ours; all other Markup stands for itself.
    """
    told = []
    for line in text.strip().splitlines()[:lines_max]:
        item = _ITEM.match(line)
        told.append(f"- {sentence(line[item.end() :])}" if item is not None else sentence(line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(told))


def unmarked(text: str) -> str:
    """Return a claim's sentence for where Markdown is not read: without its backquotes."""
    return _SPAN.sub(r"\1", one_line(text))


def one_line(text: str) -> str:
    """Return text on one line, of characters that are seen."""
    return " ".join(_UNSEEN.sub("\ufffd", " ".join(text.split())).split())


def shortened(text: str, characters_max: int) -> str:
    """Return text on one line of at most so many characters, cut at a word; code that is cut stays code."""
    flat = one_line(text)
    if len(flat) <= characters_max:
        return flat
    cut = flat[: characters_max - 1].rpartition(" ")[0] or flat[: characters_max - 1]
    return f"{cut}{'`' if cut.count('`') % 2 else ''}…"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"{found[0]}\\" if found["number"] else f"\\{found[0]}", text)
