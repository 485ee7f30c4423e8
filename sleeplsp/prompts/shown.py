"""Showing code: a module's text without its secrets, and without the bodies that a slice leaves out.

It must not know why something is left out.
"""

import re
from collections.abc import Container, Iterator
from enum import Enum

from sleeplsp.core.languages import CALLABLE_KINDS
from sleeplsp.core.layout import CODE, OPAQUE, Layout
from sleeplsp.core.symbols import Symbol
from sleeplsp.core.text import Text, decode_slice
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.fence import clean
from sleeplsp.prompts.hiding import Cut, cuts_of, spliced

LEFT_OUT = "..."
"""What stands in the place of code that is left out."""

_NEEDLESS = re.compile(r"(?<=[(\[{]) |,? (?=[)\]}])|,(?=[)\]}])")
"""What stands in brackets that are broken over lines, and in others not."""

_OPENING, _CLOSING = b"([{", b")]}"


class Detail(Enum):
    """What is shown beside the functions that are shown whole."""

    HEADERS = "the module's own code, and the first lines of all other functions"
    OWN = "the module's own code"
    NOTHING = "nothing"


def code(context: ModuleContext, whole: Container[str] | None = None, detail: Detail = Detail.HEADERS) -> str:
    """Return a module's code; of functions not in `whole`, by id, what `detail` says. None: all is whole."""
    cuts = cuts_of(context.hidden)
    if whole is not None:
        cuts += _rest(context, whole) if detail is Detail.NOTHING else _bodies(context, whole, detail)
    return clean(spliced(context.text, cuts))


def outer_functions(context: ModuleContext) -> dict[str, tuple[str, ...]]:
    """Return the functions that stand in no other, each with those inside of it, by id in text order."""
    found: dict[str, list[str]] = {}
    end, outer = 0, ""
    for each in context.outline.symbols:
        if each.kind not in CALLABLE_KINDS:
            continue
        if each.start >= end:
            end, outer = each.end, each.id
            found[outer] = []
        else:
            found[outer].append(each.id)
    return {outer: tuple(inner) for outer, inner in found.items()}


def header(language: str, text: Text, layout: Layout, symbol: Symbol) -> str:
    """Return the first line of a definition, up to its body, without comments and layout."""
    end = header_end(language, text, layout, symbol)
    pieces = layout.pieces_between(symbol.start, end)
    parts = (text.parsed[start:stop] for code, start, stop in pieces if code in (CODE, OPAQUE))
    return _NEEDLESS.sub("", " ".join(decode_slice(b"".join(parts)).split()))


def header_end(language: str, text: Text, layout: Layout, symbol: Symbol) -> int:
    """Return the offset behind what comes before the body of a definition; its end if it has none."""
    begins = ord(":" if language == "python" else "{")
    source, depth = text.parsed, 0
    for code, start, end in layout.pieces_between(symbol.name_end, symbol.end):
        for offset in range(start, end) if code == CODE else ():
            byte = source[offset]
            if byte == begins and depth == 0:
                return offset + (byte == ord(":"))
            depth += (byte in _OPENING) - (byte in _CLOSING)
    return symbol.end


def _bodies(context: ModuleContext, whole: Container[str], detail: Detail) -> Iterator[Cut]:
    symbols = {each.id: each for each in context.outline.symbols}
    for each in outer_functions(context):
        symbol = symbols[each]
        if each in whole:
            continue
        if detail is Detail.OWN:
            yield symbol.start, symbol.end, LEFT_OUT
            continue
        end = header_end(context.language, context.text, context.outline.layout, symbol)
        if end < symbol.end:
            yield end, symbol.end, f" {LEFT_OUT}"


def _rest(context: ModuleContext, whole: Container[str]) -> Iterator[Cut]:
    symbols = {each.id: each for each in context.outline.symbols}
    position = 0
    for each in outer_functions(context):
        if each in whole:
            yield position, symbols[each].start, f"{LEFT_OUT}\n\n"
            position = symbols[each].end
    yield position, len(context.text.source), f"\n\n{LEFT_OUT}"
