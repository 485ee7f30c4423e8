"""Which argument of a call reaches which parameter, and what does not fit.

Arguments given with `*` or `**` may fill anything, so nothing is said about what they could fill.
"""

from collections.abc import Sequence

import msgspec

from sleeplsp.core.facts import ParameterFacts
from sleeplsp.core.flow import Argument, ParameterKind

_BY_POSITION = (ParameterKind.POSITIONAL, ParameterKind.EITHER)
_BY_KEYWORD = (ParameterKind.EITHER, ParameterKind.KEYWORD)


class Bound(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How the arguments of one call meet the parameters. Indices count the call's arguments from 0."""

    by_name: dict[str, int]
    """Parameter -> the one argument that fills it."""
    omitted: tuple[str, ...]
    """Optional parameters that surely get their default."""
    missing: tuple[str, ...]
    """Parameters without a default that surely get nothing."""
    extra: tuple[int, ...]
    """Positional arguments no parameter takes."""
    unknown: tuple[int, ...]
    """Keyword arguments no parameter takes."""
    repeated: tuple[str, ...]
    """Parameters that get two arguments."""


def bind(parameters: Sequence[ParameterFacts], arguments: Sequence[Argument], *, given: bool) -> Bound:
    """Match arguments to parameters; `given`: the first parameter is filled by the call itself."""
    open_ = list(parameters)
    if given and open_ and open_[0].kind in _BY_POSITION:
        del open_[0]
    by_name: dict[str, int] = {}
    repeated: list[str] = []
    extra, unpacks = _positions(open_, arguments, by_name)
    unknown, spreads = _keywords(open_, arguments, by_name, repeated)
    left = [each for each in open_ if each.name not in by_name and each.kind not in _COLLECTORS]
    # After `*args` any parameter that can be filled by position may be; after `**kwargs`, by keyword.
    sure = [
        each
        for each in left
        if not (unpacks and each.kind in _BY_POSITION) and not (spreads and each.kind in _BY_KEYWORD)
    ]
    return Bound(
        by_name=by_name,
        omitted=tuple(each.name for each in sure if each.optional),
        missing=tuple(each.name for each in sure if not each.optional),
        extra=tuple(extra),
        unknown=tuple(unknown),
        repeated=tuple(repeated),
    )


_COLLECTORS = (ParameterKind.REST, ParameterKind.KEYWORDS)


def _positions(
    parameters: Sequence[ParameterFacts], arguments: Sequence[Argument], by_name: dict[str, int]
) -> tuple[list[int], bool]:
    places = [each for each in parameters if each.kind in _BY_POSITION]
    takes_rest = any(each.kind is ParameterKind.REST for each in parameters)
    extra: list[int] = []
    position, unpacks = 0, False
    for index, argument in enumerate(arguments):
        if argument.stars == 1:
            unpacks = True
        elif argument.stars == 0 and argument.keyword is None and not unpacks:
            if position < len(places):
                by_name[places[position].name] = index
            elif not takes_rest:
                extra.append(index)
            position += 1
    return extra, unpacks


def _keywords(
    parameters: Sequence[ParameterFacts],
    arguments: Sequence[Argument],
    by_name: dict[str, int],
    repeated: list[str],
) -> tuple[list[int], bool]:
    names = {each.name for each in parameters if each.kind in _BY_KEYWORD}
    takes_any = any(each.kind is ParameterKind.KEYWORDS for each in parameters)
    unknown: list[int] = []
    spreads = False
    for index, argument in enumerate(arguments):
        if argument.stars == 2:
            spreads = True
        elif argument.keyword is not None:
            if argument.keyword not in names:
                if not takes_any:
                    unknown.append(index)
            elif argument.keyword in by_name:
                repeated.append(argument.keyword)
            else:
                by_name[argument.keyword] = index
    return unknown, spreads
