"""Fixes of a reply, tried on the text: what replaces the quoted code, and changes nothing else.

It must not know what is wrong with the code.
"""

import ast
import builtins
import re
import textwrap
from collections.abc import Iterator

from sleeplsp.core.insight import Edit, Fix, Place
from sleeplsp.core.languages import CLASS_KINDS
from sleeplsp.core.symbols import Outline, outline
from sleeplsp.core.syntax import broken_nodes, parse
from sleeplsp.core.text import Text
from sleeplsp.prompts.redacted import MARK
from sleeplsp.prompts.reply.ground import Ground
from sleeplsp.prompts.reply.held import DropReason
from sleeplsp.prompts.reply.quotes import Quotes
from sleeplsp.prompts.sameness import python_tree

_WITH_MEMBERS = CLASS_KINDS | {"module"}

TITLE = "Change it as the model suggests"

_HARMLESS = frozenset(each for each in dir(builtins) if not each.startswith("_")) - frozenset(
    ("eval", "exec", "compile", "breakpoint", "input", "globals", "locals", "vars", "setattr", "delattr")
)
"""Builtins that a fix may bring in; the others only if the module has them already."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s\"']*", re.IGNORECASE)
_SILENCING = re.compile(r"(sleeplsp|type|pyright|mypy|pylint)\s*:\s*(ignore|disable)|\bnoqa\b", re.IGNORECASE)
_WRAPPED = re.compile(r"\A\s*```\w*\n(.*?)\n?```\s*\Z", re.DOTALL)


def fixed(ground: Ground, symbol: str, place: Place, said: str) -> Fix | DropReason:
    """Return the fix that puts what a reply says in a place of a symbol, or why it is not offered."""
    wrapped = _WRAPPED.match(said)
    text = (wrapped[1] if wrapped else said).replace("\r\n", "\n").strip("\n").rstrip()
    if MARK in text:
        return DropReason.REDACTED
    addresses = (each[0].encode() for each in _ADDRESS.finditer(text))
    if _SILENCING.search(text) or any(each not in ground.context.text.source for each in addresses):
        return DropReason.INSTRUCTION
    reason = DropReason.FIX_BROKEN
    for each in _spellings(ground, symbol, place, text):
        failed = _trial(ground, symbol, place, each)
        if failed is None:
            return Fix(TITLE, (Edit(place, each),))
        reason = failed if failed is not DropReason.FIX_BROKEN else reason
    return reason


def _spellings(ground: Ground, symbol: str, place: Place, text: str) -> Iterator[str]:
    """Yield the text with its lines where they may be meant: as they are, or below the code they replace."""
    first, *rest = text.lstrip().split("\n")
    yield "\n".join((first, *rest))
    if rest:
        start, _ = ground.quotes.extent(symbol, place)
        source = ground.context.text
        line = source.line(source.line_of(start))
        indent = line[: len(line) - len(line.lstrip())].decode("ascii", "ignore")
        shifted = textwrap.dedent(text).lstrip().split("\n")[1:]
        yield "\n".join((first, *(f"{indent}{each}" if each.strip() else "" for each in shifted)))


def _trial(ground: Ground, symbol: str, place: Place, text: str) -> DropReason | None:
    """Return what is wrong with a text in a place; None if nothing is."""
    context = ground.context
    start, end = ground.quotes.extent(symbol, place)
    changed = context.text.replaced(start, end, text.encode("utf-8", "surrogatepass"))
    tree = parse(ground.language, changed)
    # The grammar forgives more than Python does: a block without statements, for instance.
    python = python_tree(changed.slice(0, len(changed.source))) if ground.is_valid_python else None
    is_worse = ground.is_valid_python and python is None
    if is_worse or broken_nodes(tree) > context.facts.errors:
        return DropReason.FIX_BROKEN
    if python is not None and not _are_known(ground, python):
        return DropReason.FIX_NAMES
    found = outline(ground.language, changed, tree)
    if [each.id for each in found.symbols] != [each.id for each in context.outline.symbols]:
        return DropReason.FIX_ELSEWHERE
    before, after = _digests(context.outline), _digests(found)
    others = {each for each in before if before[each] != after[each]} - _around(ground, symbol, start, end)
    if others or not _keeps_rest(ground, symbol, place, changed, found):
        return DropReason.FIX_ELSEWHERE
    return DropReason.FIX_IDLE if before[symbol] == after[symbol] else None


def _digests(found: Outline) -> dict[str, str]:
    return {each.id: each.digest for each in (found.module, *found.symbols)}


def _around(ground: Ground, symbol: str, start: int, end: int) -> set[str]:
    """Return the symbols whose code is another if the code between two offsets is."""
    around = {
        each.id
        for each in ground.context.outline.symbols
        if each.start < end and start < each.end and (each.kind not in _WITH_MEMBERS or each.start >= start)
    }
    return around | {symbol} | {each for each in ground.symbols if symbol.startswith(f"{each}.")}


def _keeps_rest(ground: Ground, symbol: str, place: Place, changed: Text, found: Outline) -> bool:
    """Tell whether a symbol's tokens before and behind a place are those that they were."""
    before = ground.quotes.tokens(symbol)
    after = Quotes(ground.context.path, ground.language, changed, found).tokens(symbol)
    behind = before[place.last + 1 :]
    is_kept = before[: place.first] == after[: place.first]
    return is_kept and len(after) >= place.first + len(behind) and after[len(after) - len(behind) :] == behind


def _are_known(ground: Ground, tree: ast.Module) -> bool:
    """Tell whether all that a changed module reads or imports was in it, is a harmless builtin, or bound."""
    read, bound = set(), set()
    for each in ast.walk(tree):
        match each:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                bound.add(name)
            case ast.Import(names=names):
                read |= {alias.name.partition(".")[0] for alias in names}
            case ast.ImportFrom(module=str(module)):
                read.add(module.partition(".")[0])
    return all(each in bound or each in ground.names or each in _HARMLESS for each in read)
