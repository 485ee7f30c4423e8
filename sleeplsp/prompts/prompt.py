"""A prompt: what is sent to a model, as a value.

It must not know where a prompt's text comes from.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

ESTIMATE_BYTES_PER_TOKEN = 3
"""Bytes of code per token, on the safe side: for budgets, before an endpoint has counted."""


class Schema(msgspec.Struct, frozen=True):
    """The form a reply must have."""

    name: str
    body: Mapping[str, Any]
    """A JSON schema that strict endpoints accept: every property required, nothing else allowed, all
    strings, lists and numbers bounded."""

    @property
    def unbounded(self) -> Mapping[str, Any]:
        """The same without bounds, which some endpoints do not accept."""
        found = _without_bounds(self.body)
        return found if isinstance(found, dict) else {}

    @property
    def nameless(self) -> Mapping[str, Any]:
        """The same with any text where the name of a symbol is wanted.

        For endpoints that do not hold a reply to a schema while it is written, or take no such names.
        """
        found = _without_names(self.body)
        return found if isinstance(found, dict) else {}


SYMBOL_MAX = 200
"""Characters of a symbol's name."""

_DEFINED = "symbol"
ANY_SYMBOL = {"type": "string", "maxLength": SYMBOL_MAX}
A_SYMBOL = {"$ref": f"#/$defs/{_DEFINED}"}
"""The name of a symbol, in a schema that says which there are (`symbols_named`)."""


def symbols_named(names: Sequence[str]) -> Mapping[str, Any]:
    """Return what a schema says in one place of the names that stand where it has `A_SYMBOL`."""
    return {"$defs": {_DEFINED: {"type": "string", "enum": list(names)}}}


def _without_names(part: object) -> object:
    if part == A_SYMBOL:
        return ANY_SYMBOL
    if isinstance(part, Mapping):
        return {name: _without_names(each) for name, each in part.items() if name != "$defs"}
    return [_without_names(each) for each in part] if isinstance(part, list) else part


_BOUNDS = frozenset(("minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"))


def _without_bounds(part: object) -> object:
    if isinstance(part, Mapping):
        return {name: _without_bounds(each) for name, each in part.items() if name not in _BOUNDS}
    return [_without_bounds(each) for each in part] if isinstance(part, list) else part


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt. `parts` are joined to one user message, what is the same from call to call first."""

    version: str
    """Name and version of its text, such as `sleep/1`."""
    system: str
    """Ours alone: nothing of the repository stands here."""
    parts: tuple[str, ...]
    schema: Schema | None = None
    """None: the reply is free text."""

    @property
    def user(self) -> str:
        """The user message."""
        return "".join(self.parts)

    @property
    def tokens(self) -> int:
        """How many tokens it has, estimated on the safe side."""
        size = len(self.system.encode()) + sum(len(each.encode("utf-8", "replace")) for each in self.parts)
        schema = len(msgspec.json.encode(self.schema.body)) if self.schema is not None else 0
        return (size + schema) // ESTIMATE_BYTES_PER_TOKEN + 16

    @property
    def digest(self) -> str:
        """Digest of all that is sent: 24 hex characters."""
        return hashlib.blake2b(msgspec.msgpack.encode(self), digest_size=12).hexdigest()
