"""The stub modules of this process: each read at most once, from the Store or else from typeshed.

State over time, for definitions are decoded when first asked for. What a name means beyond its own
module is the business of `names` and must not be known here.
"""

from collections.abc import Mapping
from contextlib import suppress

import msgspec

from sleeplsp.engine.errors import StoreError
from sleeplsp.engine.ports import Store
from sleeplsp.stubs.rows import (
    Definition,
    StubClass,
    StubModule,
    decode_definition,
    decode_module,
    encode,
)

PENDING_MAX = 64
"""Rows made but not yet stored; a transaction for each would take longer than making them."""

_INDEX = ""
"""The module name under which the list of all modules is stored."""

_decode_index = msgspec.msgpack.Decoder(tuple[str, ...]).decode


class StubModules:
    """Stub modules by dotted name. `version` names the rows in `store`, which is optional."""

    def __init__(self, version: str, store: Store | None) -> None:
        self._version = version
        self._store = store
        self._modules: dict[str, StubModule | None] = {}
        self._definitions: dict[tuple[str, str], Definition | None] = {}
        self._index: frozenset[str] | None = None
        self._pending: dict[str, bytes] = {}

    def has(self, module: str) -> bool:
        """Return whether there is a stub for a module."""
        if self._index is None:
            self._index = frozenset(self._load_index())
        return module in self._index

    def module(self, name: str) -> StubModule | None:
        """Return a module's row; None if there is no such module."""
        if name not in self._modules:
            self._modules[name] = self._load(name) if self.has(name) else None
        return self._modules[name]

    def definition(self, module: str, path: str) -> Definition | None:
        """Return what stands at a dotted path of a module, as it is written there."""
        key = (module, path)
        if key not in self._definitions:
            self._definitions[key] = self._decode(module, path)
        return self._definitions[key]

    def save(self) -> None:
        """Store the rows made so far. It may fail: they only save the next process some time."""
        if self._store and self._pending:
            with suppress(StoreError):
                self._store.put_many(self._pending)
        self._pending = {}

    def _decode(self, module: str, path: str) -> Definition | None:
        outer, _, name = path.rpartition(".")
        packed = self._members(module, outer).get(name)
        if packed is None:
            return None
        try:
            return decode_definition(packed)
        except msgspec.DecodeError:  # damaged within: make the row anew
            self._modules[module] = self._made(module)
            self._definitions = {}
            return self._decode(module, path)

    def _members(self, module: str, path: str) -> Mapping[str, msgspec.Raw]:
        if not path:
            row = self.module(module)
            return row.names if row else {}
        owner = self.definition(module, path)
        return owner.members if isinstance(owner, StubClass) else {}

    def _load(self, name: str) -> StubModule | None:
        stored = self._stored(name)
        if stored is not None:
            with suppress(msgspec.DecodeError):
                return decode_module(stored)
        return self._made(name)

    def _made(self, name: str) -> StubModule:
        from sleeplsp.stubs import compile, typeshed  # noqa: A004, PLC0415  costs more than a warm start

        names = typeshed.parse(name)
        row = encode(StubModule({}) if names is None else compile.compile_module(names))
        self._keep(name, row)
        # Read back even when just made: one form, and no syntax tree stays alive.
        return decode_module(row)

    def _load_index(self) -> tuple[str, ...]:
        stored = self._stored(_INDEX)
        if stored is not None:
            with suppress(msgspec.DecodeError):
                return _decode_index(stored)
        from sleeplsp.stubs import typeshed  # noqa: PLC0415  as above

        index = tuple(typeshed.module_names())
        self._keep(_INDEX, encode(index))
        return index

    def _stored(self, name: str) -> bytes | None:
        key = self._key(name)
        if self._store:
            with suppress(StoreError):
                return self._store.get_many((key,)).get(key)
        return None

    def _keep(self, name: str, row: bytes) -> None:
        if self._store:
            self._pending[self._key(name)] = row
        if len(self._pending) >= PENDING_MAX:
            self.save()

    def _key(self, name: str) -> str:
        return f"stub:{self._version}:{name}"
