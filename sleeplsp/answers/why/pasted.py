"""What was pasted, as values: frames, exceptions, and how they are linked.

It must not know from which kind of text they were read, nor any workspace.
"""

from enum import StrEnum

import msgspec


class Link(StrEnum):
    """How an exception came about from the one before it."""

    NONE = ""
    CAUSE = "direct cause"
    CONTEXT = "during handling"


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One line of a traceback, with the code it quotes."""

    file: str
    line: int
    """From 1; 0 if it is not told."""
    function: str = ""
    """The name of the code that ran, '' if it is not told."""
    code: str = ""
    """The first line quoted, without what surrounds it."""
    marked: tuple[int, int] | None = None
    """Characters of `code` that are underlined, from 0."""
    repeated: int = 0
    """How many more times it stood there."""


class Raised(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One exception, with the frames it went through: the outermost first."""

    frames: tuple[Frame, ...] = ()
    exception: str = ""
    """Its class, as told; '' where the text ends before."""
    message: str = ""
    """The first line of it."""
    link: Link = Link.NONE
    """What it has to do with the exception before it in the chain."""
    members: "tuple[tuple[Raised, ...], ...]" = ()
    """Of a group: the chain of each exception in it."""

    @property
    def name(self) -> str:
        """The class without its module."""
        return self.exception.rpartition(".")[2]


class Pasted(msgspec.Struct, frozen=True, gc=False):
    """The last traceback of a text."""

    chain: tuple[Raised, ...]
    """From the first exception to the one that was told last; never empty."""
    others: int = 0
    """How many tracebacks stand before it in the text."""
    cut: bool = False
    """The text begins or ends in its midst."""
