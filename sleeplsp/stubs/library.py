"""The library the reasoner asks: it remembers the answers of `lookups` and knows none itself."""

from collections.abc import Callable
from typing import TypeVar

from sleeplsp.deduce.library import LibraryClass, LibraryFunction, LibraryValue
from sleeplsp.engine.ports import Store
from sleeplsp.stubs.known import Known, read_table
from sleeplsp.stubs.lookups import Lookups, only_type
from sleeplsp.stubs.modules import StubModules
from sleeplsp.stubs.names import Names
from sleeplsp.stubs.version import version

_Key = TypeVar("_Key")
_Answer = TypeVar("_Answer")


class TypeshedLibrary:
    """Fulfils `deduce.library.Library` for the standard library; it knows no other package.

    With a `cache`, the stubs that a process needs are read from there, many times faster than they
    are parsed; call `save` now and then, at least when done. No lookup raises, whatever the
    reference. For one thread.
    """

    def __init__(self, cache: Store | None = None) -> None:
        modules = StubModules(version(), cache)
        self._modules = modules
        lookups = Lookups(Names(modules), Known(read_table()))
        self._functions = _Remembered(lookups.function)
        self._methods = _Remembered[tuple[str, str], LibraryFunction | None](lambda key: lookups.method(*key))
        self._classes = _Remembered(lookups.klass)
        self._kinds = _Remembered(lookups.kind)
        self._canonicals = _Remembered(lookups.canonical)
        self._values = _Remembered(lookups.value_type)
        self._attributes = _Remembered[tuple[str, str], LibraryValue | None](
            lambda key: lookups.attribute(*key)
        )

    def function(self, ref: str) -> LibraryFunction | None:
        """Return a function, or the constructor of a class."""
        return self._functions[ref] if self._knows(ref) else None

    def method(self, type_ref: str, name: str) -> LibraryFunction | None:
        """Return a method or property of a class or of its bases."""
        return self._methods[type_ref, name] if self._knows(type_ref) else None

    def klass(self, ref: str) -> LibraryClass | None:
        """Return a class."""
        return self._classes[ref] if self._knows(ref) else None

    def kind(self, ref: str) -> str:
        """Return 'function', 'class', 'module', 'value' or ''."""
        return self._kinds[ref] if self._knows(ref) else ""

    def canonical(self, ref: str) -> str:
        """Return where a reference is really defined, or itself."""
        return self._canonicals[ref] if self._knows(ref) else ref

    def value_type(self, ref: str) -> str:
        """Return the class of a module-level variable, '' when not known or when it may be None."""
        return self._values[ref] if self._knows(ref) else ""

    def attribute(self, type_ref: str, name: str) -> LibraryValue | None:
        """Return what a plain attribute of an instance may be, None where nothing is known."""
        return self._attributes[type_ref, name] if self._knows(type_ref) else None

    def attribute_type(self, type_ref: str, name: str) -> str:
        """Return the class a plain attribute has, '' when not known or when it may be None."""
        return only_type(self.attribute(type_ref, name))

    def save(self) -> None:
        """Store the stubs that had to be parsed, for the next process. It never raises."""
        self._modules.save()

    @property
    def version(self) -> str:
        """Digest of everything the answers depend on."""
        return version()

    def _knows(self, ref: str) -> bool:
        # Nothing is remembered of other packages, whose names have no end.
        return self._modules.has(ref.partition(".")[0])


class _Remembered(dict[_Key, _Answer]):
    """Answers by question; one that is missing is worked out."""

    def __init__(self, answer: Callable[[_Key], _Answer]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, key: _Key) -> _Answer:
        answer = self[key] = self._answer(key)
        return answer
