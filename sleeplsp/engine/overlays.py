"""Overlays: which text of each open module is thought about.

It is what the editor holds, unless that parses worse than what was thought about last: somebody is in the
midst of a line, and what is known of the rest must not come and go with it. What was saved is meant as it
is. It must not know who thinks.
"""

from collections.abc import Collection, Mapping

from sleeplsp.core.snapshot import OpenModule
from sleeplsp.core.syntax import broken_nodes


class Overlays:
    """The texts of open modules, as they were thought about last."""

    def __init__(self) -> None:
        self._taken: dict[str, tuple[bytes, int]] = {}
        """By path: the text, and its ERROR and MISSING nodes."""

    def take(self, modules: Mapping[str, OpenModule], meant: Collection[str]) -> dict[str, bytes]:
        """Return the texts to think about now; those of `meant` are taken as they are."""
        self._taken = {path: self._text(module, is_meant=path in meant) for path, module in modules.items()}
        return {path: text for path, (text, _) in self._taken.items()}

    def _text(self, module: OpenModule, *, is_meant: bool) -> tuple[bytes, int]:
        source, last = module.text.source, self._taken.get(module.path)
        if last is not None and last[0] == source:
            return last
        errors = broken_nodes(module.tree) if module.is_read else 0
        return last if last is not None and errors > last[1] and not is_meant else (source, errors)
