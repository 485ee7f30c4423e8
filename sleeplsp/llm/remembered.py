"""What was found out of endpoints, remembered in the Store: one row for each endpoint and model.

It must not know how it is found out.
"""

import contextlib
import hashlib

import msgspec

from sleeplsp.engine.errors import StoreError
from sleeplsp.engine.model import Abilities
from sleeplsp.engine.ports import Store
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.probe import VERSION

_decode = msgspec.json.Decoder(Abilities).decode


def recalled(store: Store, endpoint: Endpoint) -> Abilities | None:
    """Return what was found out; None if nothing was, or by another version."""
    name = _row(endpoint)
    found = store.get_many([name]).get(name)
    try:
        return _decode(found) if found is not None else None
    except msgspec.DecodeError:
        return None


def remember(store: Store, endpoint: Endpoint, abilities: Abilities) -> None:
    """Keep what was found out; a store that fails costs another probe."""
    with contextlib.suppress(StoreError):
        store.put_many({_row(endpoint): msgspec.json.encode(abilities)})


def _row(endpoint: Endpoint) -> str:
    named = msgspec.json.encode((VERSION, endpoint.known_as or endpoint.shown, endpoint.model))
    return f"abilities/{hashlib.blake2b(named, digest_size=12).hexdigest()}"
