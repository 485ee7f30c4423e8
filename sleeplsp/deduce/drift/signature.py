"""Signatures: in which ways a function does not take what it took before.

Said is what is certain whatever the callers pass: a parameter that is gone, has another name, must be given
now, or is taken otherwise. Where `*` or `**` may take it up, nothing is said.
"""

from collections.abc import Iterator, Sequence

from sleeplsp.core.facts import FunctionFacts, ParameterFacts
from sleeplsp.core.flow import ParameterKind

TOLD_MAX = 3
"""Losses told of one signature."""

_BY_POSITION = (ParameterKind.POSITIONAL, ParameterKind.EITHER)
_BY_KEYWORD = (ParameterKind.EITHER, ParameterKind.KEYWORD)


def signature_losses(then: FunctionFacts, now: FunctionFacts) -> list[str]:
    """Return sentences to stand after the function's name."""
    if then.parameters == now.parameters or _is_bound(then) is not _is_bound(now):
        return []
    return list(dict.fromkeys(_Compared(_own(then), _own(now)).losses()))[:TOLD_MAX]


def _is_bound(function: FunctionFacts) -> bool:
    return bool(function.owner) and "staticmethod" not in function.decorators


def _own(function: FunctionFacts) -> tuple[ParameterFacts, ...]:
    """Return the parameters that callers fill."""
    return function.parameters[1:] if _is_bound(function) else function.parameters


class _Compared:
    """Two signatures side by side."""

    def __init__(self, then: Sequence[ParameterFacts], now: Sequence[ParameterFacts]) -> None:
        self._then = {each.name: each for each in then if _is_named(each)}
        self._now = {each.name: each for each in now if _is_named(each)}
        self._places = [each.name for each in then if each.kind in _BY_POSITION]
        self._places_now = [each.name for each in now if each.kind in _BY_POSITION]
        self._stars = {each.kind: each.name for each in then if not _is_named(each)}
        self._stars_now = {each.kind: each.name for each in now if not _is_named(each)}
        self._renamed = dict(self._renames())

    def losses(self) -> Iterator[str]:
        """Yield what was lost."""
        told = [*self._named(), *self._collected()]
        # With another loss it goes without saying that places have changed.
        yield from told or self._order()

    def _named(self) -> Iterator[str]:
        for name, parameter in self._then.items():
            if name not in self._now:
                yield from self._gone(parameter)
        for name, parameter in self._now.items():
            if name not in self._then and not parameter.optional and name not in self._renamed.values():
                yield f"needs `{name}` now"
        for name, before in self._then.items():
            if name in self._now:
                yield from self._kept(before, self._now[name])

    def _renames(self) -> Iterator[tuple[str, str]]:
        if len(self._places) > len(self._places_now):
            return
        for old, new in zip(self._places, self._places_now, strict=False):
            if old not in self._now and new not in self._then:
                yield old, new

    def _gone(self, parameter: ParameterFacts) -> Iterator[str]:
        name = parameter.name
        if name.startswith("_"):
            return
        by_keyword = parameter.kind in _BY_KEYWORD and ParameterKind.KEYWORDS not in self._stars_now
        if name in self._renamed:
            if by_keyword:
                yield f"takes `{self._renamed[name]}` in the place of `{name}` now"
            return
        by_position = parameter.kind in _BY_POSITION and ParameterKind.REST not in self._stars_now
        if by_keyword and parameter.kind is ParameterKind.EITHER and not by_position:
            yield f"takes `{name}` by position only now"
        elif by_keyword or (by_position and parameter.kind is ParameterKind.POSITIONAL):
            yield f"takes no `{name}` any more"

    def _kept(self, before: ParameterFacts, after: ParameterFacts) -> Iterator[str]:
        if before.optional and not after.optional:
            yield f"needs `{after.name}` now"
        elif before.kind is ParameterKind.EITHER and after.kind is not before.kind:
            how = "keyword" if after.kind is ParameterKind.KEYWORD else "position"
            yield f"takes `{after.name}` by {how} only now"

    def _order(self) -> Iterator[str]:
        """Tell where an argument by position reaches another parameter than before."""
        for place, name in enumerate(self._places):
            after = self._places_now[place : place + 1]
            if after and after != [name] and name in self._places_now:
                yield f"takes `{after[0]}` before `{name}` now"
                return

    def _collected(self) -> Iterator[str]:
        """Tell of `*` and `**` that are gone, unless named parameters may stand in their place."""
        grown = len(self._now) > len(self._then)
        for kind, stars in ((ParameterKind.REST, "*"), (ParameterKind.KEYWORDS, "**")):
            if kind in self._stars and kind not in self._stars_now and not grown:
                yield f"takes no `{stars}{self._stars[kind]}` any more"


def _is_named(parameter: ParameterFacts) -> bool:
    return parameter.kind not in (ParameterKind.REST, ParameterKind.KEYWORDS)
