"""Regular expressions that match every text: what `re.match` gives for them is never None.

A pattern that can match the empty text, and asks nothing of the place where it does, matches anywhere.
It must not know calls or values: it reads a pattern and its flags.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]  # the stubs know it as sre_parse only

# A way of a pattern, part by part: what it does and with what.
_Part = tuple[object, object]

_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_STARTS = (_constants.AT_BEGINNING, _constants.AT_BEGINNING_STRING)
_ENDS = (_constants.AT_END, _constants.AT_END_STRING)


@lru_cache(maxsize=1000)
def always_matches(pattern: str | bytes, flags: int) -> bool:
    """Tell whether a pattern matches at the start of every text."""
    try:
        parts = _parser.parse(pattern, flags)
    except (re.error, ValueError, TypeError, OverflowError, RecursionError):
        return False
    ways = list(parts)
    if ways and ways[0][0] is _constants.AT and ways[0][1] in _STARTS:
        del ways[0]
    return _is_free(ways, dotall=bool(parts.state.flags & re.DOTALL))


def _is_free(parts: list[_Part], *, dotall: bool) -> bool:
    """Tell whether parts in a row match the empty text anywhere, or all the text that is left."""
    if dotall and len(parts) > 1 and parts[-1][0] is _constants.AT and parts[-1][1] in _ENDS:
        return _takes_the_rest(parts[-2]) and _are_free(parts[:-2], dotall=dotall)
    return _are_free(parts, dotall=dotall)


def _are_free(parts: Iterable[_Part], *, dotall: bool) -> bool:
    return all(_part_is_free(each, dotall=dotall) for each in parts)


def _part_is_free(part: _Part, *, dotall: bool) -> bool:
    kind, detail = part
    if kind in _REPEATS and isinstance(detail, tuple):
        least, _, inner = detail
        return least == 0 or _is_free(list(inner), dotall=dotall)
    if kind is _constants.SUBPATTERN and isinstance(detail, tuple):
        return _is_free(list(detail[-1]), dotall=dotall)
    if kind is _constants.BRANCH and isinstance(detail, tuple):
        return any(_is_free(list(each), dotall=dotall) for each in detail[1])
    return False


def _takes_the_rest(part: _Part) -> bool:
    """Tell whether a part is `.*`, where the dot stands for line ends too."""
    kind, detail = part
    while kind is _constants.SUBPATTERN and isinstance(detail, tuple) and len(detail[-1]) == 1:
        kind, detail = detail[-1][0]
    if kind is not _constants.MAX_REPEAT or not isinstance(detail, tuple):
        return False
    least, most, inner = detail
    return least == 0 and most is _constants.MAXREPEAT and [each[0] for each in inner] == [_constants.ANY]
