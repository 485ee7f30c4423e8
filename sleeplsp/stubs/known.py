"""What stubs cannot say: the facts of `known.toml`, looked up by name.

The table spells a name the way code does (`os.path.exists`), not by the module it happens to be
defined in (`genericpath.exists`); its section `spelled` says how the two relate. Stubs must not be
known here.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

TABLE = Path(__file__).with_name("known.toml")

Listed = dict[str, tuple[str, ...]]
"""Names by the module or class they belong to."""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written; `known.toml` says what each section means."""

    spelled: dict[str, str]
    pure: Listed
    total: Listed
    raises: dict[str, Listed]
    changes_receiver: Listed
    changes_size: Listed
    resource: Listed
    keeps_nothing: Listed
    immutable: Listed
    coroutine: Listed
    swallows_nothing: Listed


class Facts(msgspec.Struct, frozen=True, gc=False):
    """What the table says of one function; the fields are those of `LibraryFunction`."""

    pure: bool = False
    total: bool = False
    raises: tuple[str, ...] = ()
    changes_receiver: bool = False
    changes_size: bool = False
    resource: bool = False
    keeps_arguments: bool = True
    coroutine: bool = False


class Known:
    """The table, indexed by reference."""

    def __init__(self, table: Table) -> None:
        self._spelled = table.spelled
        self._pure = frozenset(_references(table.pure))
        self._total = frozenset(_references(table.total))
        self._raises = _raises(table.raises)
        self._changes_size = frozenset(_references(table.changes_size))
        self._changes = self._changes_size | frozenset(_references(table.changes_receiver))
        self._resource = frozenset(_references(table.resource))
        self._keeps_nothing = frozenset(_references(table.keeps_nothing))
        self._immutable = frozenset(_references(table.immutable))
        self._coroutine = frozenset(_references(table.coroutine))
        self._swallows_nothing = frozenset(_references(table.swallows_nothing))

    def spelled(self, module: str, path: str) -> str:
        """Return how the table spells what is defined at a path in a module."""
        return f"{self._spelled.get(module, module)}.{path}"

    def facts(self, refs: tuple[str, ...], overridden: tuple[str, ...] = ()) -> Facts:
        """Return the facts of a function listed under any of `refs`.

        `overridden` are methods of bases that it stands in for, nearest first: what they change and
        raise it does too, but it may well be less pure. Of raises, the nearest is heard.
        """
        every = (*refs, *overridden)
        return Facts(
            pure=not self._pure.isdisjoint(refs),
            total=not self._total.isdisjoint(refs),
            raises=next((self._raises[ref] for ref in every if ref in self._raises), ()),
            changes_receiver=not self._changes.isdisjoint(every),
            changes_size=not self._changes_size.isdisjoint(every),
            resource=not self._resource.isdisjoint(refs),
            keeps_arguments=self._keeps_nothing.isdisjoint(refs),
            coroutine=not self._coroutine.isdisjoint(refs),
        )

    def is_immutable(self, ref: str) -> bool:
        """Return whether objects of a class never change."""
        return ref in self._immutable

    def swallows_nothing(self, ref: str) -> bool:
        """Return whether a class never stops an exception, whatever its stub declares."""
        return ref in self._swallows_nothing


def read_table() -> Table:
    """Return the table of this package."""
    return msgspec.toml.decode(TABLE.read_bytes(), type=Table)


def _references(listed: Mapping[str, Iterable[str]]) -> Iterable[str]:
    return (f"{owner}.{name}" for owner, names in listed.items() for name in names)


def _raises(sections: Mapping[str, Listed]) -> dict[str, tuple[str, ...]]:
    """Return the exceptions of each function; none at all for the section `nothing`."""
    raises: dict[str, tuple[str, ...]] = {}
    for exception, listed in sections.items():
        added = () if exception == "nothing" else (_exception(exception),)
        for ref in _references(listed):
            raises[ref] = (*raises.get(ref, ()), *added)
    return raises


def _exception(name: str) -> str:
    return name if "." in name else f"builtins.{name}"
