"""Signatures: in which ways a function does not take what it took before.

Said is what is certain whatever the callers pass: a parameter that is gone, has another name, must be given
now, or is taken otherwise. Where `*` or `**` may take it up, nothing is said.
"""

from collections.abc import Iterator, Sequence

from sleeplsp.core.facts import FunctionFacts, ParameterFacts
from sleeplsp.core.flow import ParameterKind
from sleeplsp.deduce.invariants import listed

TOLD_MAX = 3
"""Losses told of one signature."""

_KEYWORD = ParameterKind.KEYWORD
_BY_POSITION = (ParameterKind.POSITIONAL, ParameterKind.EITHER)
_BY_KEYWORD = (ParameterKind.EITHER, _KEYWORD)


def signature_losses(then: FunctionFacts, now: FunctionFacts) -> list[str]:
    """Return what is to stand after the function's name."""
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
        gone = [*self._gone(), *self._collected()]
        needed = [*self._added(), *self._required()]
        told = [
            *([f"takes no {listed(gone)} any more"] if gone else []),
            *([f"needs {listed(needed)} now"] if needed else []),
            *self._otherwise(),
        ]
        # With another loss it goes without saying that places have changed.
        yield from told or self._order()

    def _renames(self) -> Iterator[tuple[str, str]]:
        if len(self._places) > len(self._places_now):
            return
        for old, new in zip(self._places, self._places_now, strict=False):
            if old not in self._now and new not in self._then:
                yield old, new

    def _gone(self) -> Iterator[str]:
        """Yield parameters that are gone, but for those that another, or `*` and `**`, takes the place of."""
        for name, parameter in self._then.items():
            if name in self._now or name in self._renamed or name.startswith("_"):
                continue
            by_position = parameter.kind in _BY_POSITION and ParameterKind.REST not in self._stars_now
            by_keyword = self._is_lost_by_keyword(parameter)
            both = by_keyword and (by_position or parameter.kind is _KEYWORD)
            if by_position if parameter.kind is ParameterKind.POSITIONAL else both:
                yield name

    def _added(self) -> Iterator[str]:
        """Return parameters that were not there, or stand for one that could be left out."""
        known = {*self._then, *(new for old, new in self._renamed.items() if not self._then[old].optional)}
        return (name for name, each in self._now.items() if name not in known and not each.optional)

    def _required(self) -> Iterator[str]:
        both = ((name, each) for name, each in self._now.items() if name in self._then)
        return (name for name, each in both if self._then[name].optional and not each.optional)

    def _otherwise(self) -> Iterator[str]:
        """Yield how parameters are taken otherwise than before."""
        for name, before in self._then.items():
            after = self._now.get(name)
            if after is None and name.startswith("_"):
                continue
            if name in self._renamed and self._is_lost_by_keyword(before):
                yield f"takes `{self._renamed[name]}` in the place of `{name}` now"
            elif before.kind is not ParameterKind.EITHER or name in self._renamed:
                continue
            elif after is None and self._is_lost_by_keyword(before) and ParameterKind.REST in self._stars_now:
                yield f"takes `{name}` by position only now"
            elif after is not None and after.kind is not before.kind:
                how = "keyword" if after.kind is ParameterKind.KEYWORD else "position"
                yield f"takes `{name}` by {how} only now"

    def _is_lost_by_keyword(self, parameter: ParameterFacts) -> bool:
        return parameter.kind in _BY_KEYWORD and ParameterKind.KEYWORDS not in self._stars_now

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
                yield f"{stars}{self._stars[kind]}"


def _is_named(parameter: ParameterFacts) -> bool:
    return parameter.kind not in (ParameterKind.REST, ParameterKind.KEYWORDS)
