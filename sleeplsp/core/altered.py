"""What is altered where modules take the place of others; None stands for no module."""

from collections.abc import Mapping

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.resolved import ref_of

Modules = Mapping[str, ModuleFacts | None]


def altered_interfaces(before: Modules, after: Modules) -> set[str]:
    """Return the modules of which others can see something else than before."""
    return {path for path in after if _interface(before[path]) != _interface(after[path])}


def altered_classes(before: Modules, after: Modules) -> set[str]:
    """Return the classes that are there no more, new, or others than before."""
    found: set[str] = set()
    for path in after:
        was, now = (
            {ref_of(path, each.symbol): each for each in facts.classes} if facts is not None else {}
            for facts in (before[path], after[path])
        )
        found.update(ref for ref in was.keys() | now.keys() if was.get(ref) != now.get(ref))
    return found


def _interface(facts: ModuleFacts | None) -> str | None:
    return facts.interface if facts is not None else None
