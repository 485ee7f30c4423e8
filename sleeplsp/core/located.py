"""Located claims: places turned into lines and columns of one text, for showing.

Never stored. Columns are given in every unit an editor may ask for. It must not know who shows them.
"""

import msgspec

from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Invariant, Question, Suspicion
from sleeplsp.core.text import Text, decode_slice


class Position(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A point in a text: 0-based line, and 0-based column in characters, UTF-8 and UTF-16 units."""

    line: int
    character: int
    utf8: int
    utf16: int


class Spot(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A span of one file."""

    path: str
    start: Position
    end: Position


class LocatedSuspicion(msgspec.Struct, frozen=True, gc=False):
    """A suspicion and where it stands; `evidence` has one spot per step, None where it is gone."""

    suspicion: Suspicion
    spot: Spot
    evidence: tuple[Spot | None, ...]


class SymbolClaims(msgspec.Struct, frozen=True, gc=False):
    """What is claimed of one symbol whose code has this digest; what a model claims stands last."""

    digest: str
    invariants: tuple[Invariant, ...]
    suspicions: tuple[LocatedSuspicion, ...]
    questions: tuple[Question, ...] = ()


class Link(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A call: the bytes of the name of what is called, and the reference of what that leads to."""

    start: int
    end: int
    ref: str
    """A function, or a class of which an object is made."""
    call_end: int = -1
    """Where the call ends; -1 if that is not known."""
    caller: str = MODULE
    """Id of the symbol it stands in."""
    sure: bool = True
    """The function `ref` runs and no other."""
    others: tuple[str, ...] = ()
    """Besides `ref`, what may run: methods of subclasses, the `__init__` of a class."""

    @property
    def reached(self) -> tuple[str, ...]:
        """All that the call may lead to, first what its name does."""
        return (self.ref, *self.others)


class ModuleClaims(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """All that an editor needs to show of one module, for the text with this digest."""

    path: str
    text_digest: str
    symbols: dict[str, SymbolClaims]
    """By symbol id; symbols of which nothing is claimed are left out."""
    links: tuple[Link, ...] = ()
    linked: dict[str, SymbolClaims] = {}
    """Claims of the symbols that links lead to, by reference."""
    summary: str = ""
    """What a model says of the module as a whole: plain text of two sentences."""
    older: bool = False
    """What a model was told beside the code has changed since."""
    failure: str = ""
    provisional: bool = False
    """What the module calls elsewhere was not known yet, or may have changed: for hovers alone."""
    digest: str = ""
    """Digest of all the above, if it was sent from another process: what is held need not be sent."""


class ModuleSuspicions(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is suspected of a module that is not open and shown; for the text with this digest."""

    path: str
    text_digest: str
    suspicions: tuple[LocatedSuspicion, ...]


class Suspected(msgspec.Struct, frozen=True, array_like=True):
    """What is new of modules that are not open, each in place of what was told of it before."""

    modules: tuple[ModuleSuspicions, ...]
    anew: bool = False
    """All that was told before is out of date."""


def position(text: Text, offset: int) -> Position:
    """Return the position of an offset."""
    line = text.line_of(offset)
    return position_on(line, text.source[text.line_starts[line] : offset])


def position_on(line: int, before: bytes) -> Position:
    """Return the position on a line behind what stands before it there."""
    if before.isascii():
        return Position(line, len(before), len(before), len(before))
    characters = decode_slice(before)
    utf16 = len(characters) + sum(each > "\uffff" for each in characters)
    return Position(line, len(characters), len(before), utf16)


def spot(path: str, text: Text, start: int, end: int) -> Spot:
    """Return the span between two offsets of a file's text."""
    return Spot(path, position(text, start), position(text, end))
