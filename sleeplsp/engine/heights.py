"""Heights: in which order functions of a changing call graph are decided, callees before callers.

A function stands higher than all it calls; those that call each other in a circle form one unit and stand
side by side. A change that keeps every call going down is taken in where it is; any other measures the
whole graph again. It must not know what a function is.
"""

from collections.abc import Iterable, Mapping, Sequence

from sleeplsp.core.graph import units

Calls = Mapping[str, Sequence[str]]


class Heights:
    """Heights and circles of one call graph."""

    def __init__(self) -> None:
        self.circles: dict[str, tuple[str, ...]] = {}
        """Units of more than one function, by each of their members."""
        self._height: dict[str, int] = {}

    def of(self, ref: str) -> int:
        """Return how high a function stands: 0 if it calls none that is known."""
        return self._height[ref]

    def measure(self, calls: Calls) -> None:
        """Measure a whole graph."""
        height: dict[str, int] = {}
        self.circles = {}
        for unit in units(calls):
            members = set(unit)
            above = (
                height[each] for ref in unit for each in calls[ref] if each in height and each not in members
            )
            height.update(dict.fromkeys(unit, max(above, default=-1) + 1))
            if len(unit) > 1:
                self.circles.update(dict.fromkeys(unit, unit))
        self._height = height

    def change(self, calls: Calls, changed: Iterable[str]) -> None:
        """Take note of functions that call others than before, are new, or are gone."""
        for ref in (
            [each for each in self._height if each not in calls] if len(calls) < len(self._height) else ()
        ):
            del self._height[ref]
        # The new ones first; each finds its height, whether or not another does not fit.
        fits = [self._fits(calls, ref) for ref in sorted(changed, key=self._height.__contains__)]
        if not all(fits) or any(ref not in calls for ref in self.circles):
            self.measure(calls)

    def _fits(self, calls: Calls, ref: str) -> bool:
        if ref in self.circles:
            return False
        below = [each for each in calls[ref] if each in calls and each != ref]
        if any(each not in self._height for each in below):
            return False
        needed = max((self._height[each] + 1 for each in below), default=0)
        return self._height.setdefault(ref, needed) >= needed
