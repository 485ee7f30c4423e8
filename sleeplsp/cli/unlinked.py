"""A model's text for a terminal: links and images of Markdown as plain text, no address to be clicked.

It comes in pieces, which may end in the midst of a link. It must not know who shows it.
"""

import re

# Behind a word it is code: `rows[key](value)`.
_LINK = re.compile(r"(?<![\w\])])!?\[([^\[\]\n]{0,200})\]\(([^()\[\]\n]{0,400})\)")
# What may go on as a link or an address in the next piece: it is kept back until that is known.
_BEGUN = re.compile(
    r"(?:!?\[[^\[\]\n]{0,200}(?:\](?:\([^()\[\]\n]{0,400})?)?|!|:/?|\bm(?:a(?:i(?:l(?:t(?:o(?::/?)?)?)?)?)?)?)\Z"
)
# Many terminals take for an address what follows a scheme, with or without Markdown around it.
_SCHEME = re.compile(r":(?=//)|(?<=\bmailto):")


def unlinked(text: str) -> str:
    """Return text with links as `words (address)`, their schemes parted from the rest."""
    return _SCHEME.sub(": ", _LINK.sub(r"\1 (\2)", text))


class Unlinking:
    """One text of which pieces come one after the other."""

    def __init__(self) -> None:
        self._kept = ""
        self._last = ""
        """What was shown last: one character."""

    def hear(self, piece: str) -> str:
        """Take a piece; return what can be shown by now."""
        told = self._kept + piece
        begun = _BEGUN.search(told)
        end = begun.start() if begun is not None else len(told)
        self._kept = told[end:]
        return self._shown(told[:end])

    def end(self) -> str:
        """Return what was kept back: nothing more comes."""
        told, self._kept = self._kept, ""
        return self._shown(told)

    def _shown(self, told: str) -> str:
        before, self._last = self._last, (self._last + told)[-1:]
        return unlinked(before + told)[len(before) :]
