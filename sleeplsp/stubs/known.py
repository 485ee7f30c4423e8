"""What stubs cannot say: the facts of `known.toml`, looked up by name.

The table spells a name the way code does (`os.path.exists`), not by the module it happens to be
defined in (`genericpath.exists`); its section `spelled` says how the two relate. Stubs must not be
known here.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from sleeplsp.deduce.library import Argument

TABLE = Path(__file__).with_name("known.toml")

Listed = dict[str, tuple[str, ...]]
"""Names by the module or class they belong to."""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written; `known.toml` says what each section means."""

    spelled: dict[str, str]
    pure: Listed
    total: Listed
    raises: dict[str, Listed]
    raises_unless: dict[str, tuple[Argument, ...]]
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
    raises_unless: tuple[Argument, ...] = ()
    changes_receiver: bool = False
    changes_size: bool = False
    resource: bool = False
    keeps_arguments: bool = True
    coroutine: bool = False


class Known:
    """The table, indexed by reference."""

    def __init__(self, table: Table) -> None:
        self._modules = table.spelled
        self._pure = self._listed(table.pure)
        self._total = self._listed(table.total)
        self._raises = self._raised(table.raises)
        self._raises_unless = table.raises_unless
        self._changes_size = self._listed(table.changes_size)
        self._changes = self._changes_size | self._listed(table.changes_receiver)
        self._resource = self._listed(table.resource)
        self._keeps_nothing = self._listed(table.keeps_nothing)
        self._immutable = self._listed(table.immutable)
        self._coroutine = self._listed(table.coroutine)
        self._swallows_nothing = self._listed(table.swallows_nothing)

    def spelled(self, module: str, path: str) -> str:
        """Return how the table spells what is defined at a path in a module."""
        return f"{self._modules.get(module, module)}.{path}"

    def normal(self, ref: str) -> str:
        """Return how `spelled` spells what the table names by the module that defines it."""
        module = ref
        while module and module not in self._modules:
            module = module.rpartition(".")[0]
        return self.spelled(module, ref[len(module) + 1 :]) if module else ref

    def facts(self, refs: tuple[str, ...], overridden: tuple[str, ...] = ()) -> Facts:
        """Return the facts of a function listed under any of `refs`.

        `overridden` are methods of bases that it stands in for, nearest first: what they change and
        raise it does too, but it may well be less pure. Of raises, the nearest is heard.
        """
        every = (*refs, *overridden)
        return Facts(
            pure=not self._pure.isdisjoint(refs),
            total=not self._total.isdisjoint(refs),
            raises=_nearest(self._raises, every),
            raises_unless=_nearest(self._raises_unless, every),
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

    def _listed(self, section: Listed) -> frozenset[str]:
        return frozenset(self.normal(f"{owner}.{name}") for owner, names in section.items() for name in names)

    def _raised(self, sections: dict[str, Listed]) -> dict[str, tuple[str, ...]]:
        """Return the exceptions of each function; none at all for the section `nothing`."""
        raised: dict[str, tuple[str, ...]] = {}
        for exception, section in sections.items():
            ref = exception if "." in exception else f"builtins.{exception}"
            added = () if exception == "nothing" else (ref,)
            for each in self._listed(section):
                raised[each] = (*raised.get(each, ()), *added)
        return raised


_Said = TypeVar("_Said")


def _nearest(said: Mapping[str, tuple[_Said, ...]], refs: Iterable[str]) -> tuple[_Said, ...]:
    return next((said[ref] for ref in refs if ref in said), ())


def read_table() -> Table:
    """Return the table of this package."""
    return msgspec.toml.decode(TABLE.read_bytes(), type=Table)
