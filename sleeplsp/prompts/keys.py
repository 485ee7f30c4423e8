"""Keys: under which digest a module's model results are stored, and of what else they were made.

Comments and layout do not enter a key, nor does the order of symbols, nor do soft inputs (contracts, callers,
tests, history); when these change, what is known is only older. It must not know where anything is stored.
"""

from collections.abc import Mapping
from hashlib import blake2b

import msgspec

from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.sleep import VERSION, named_reply
from sleeplsp.prompts.texts import sections

_KEY_BYTES = 12
_SOFT_BYTES = 8


def module_key(context: ModuleContext, model: str, parameters: Mapping[str, object]) -> str:
    """Return the key of a module's sleep: 24 hex characters. `parameters` are plain values."""
    return _digest(
        _KEY_BYTES,
        context.path,
        context.language,
        context.facts.digest,
        sorted((each.id, each.kind, each.digest) for each in context.outline.symbols),
        sorted({(each.ref, each.signature) for each in context.imported}),
        VERSION,
        sections(VERSION),
        named_reply(context),
        model,
        sorted(parameters.items()),
    )


def provenance(context: ModuleContext) -> dict[str, str]:
    """Return the digests of the soft inputs, by what they are."""
    imported = sorted((each.ref, each.doc, each.sentences) for each in context.imported)
    soft = {
        "contracts": sorted(context.sentences.items()),
        "imported": imported,
        "uses": sorted((each.symbol, each.ref, each.code) for each in context.uses),
        "tests": sorted((each.symbol, each.ref, each.code) for each in context.tests),
        "subjects": context.subjects,
    }
    return {name: _digest(_SOFT_BYTES, told) for name, told in soft.items()}


def _digest(size: int, *told: object) -> str:
    # What is no UTF-8 stands as an escape: the digest only has to be another for another text.
    encoded = msgspec.json.encode(told, enc_hook=str, order="sorted")
    return blake2b(encoded, digest_size=size).hexdigest()
