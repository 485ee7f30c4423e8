"""Keys: under which digest a module's model results are stored, and of what else they were made.

Comments and layout do not enter a key, nor do soft inputs (contracts, callers, tests, history); when these
change, what is known is only older. It must not know where anything is stored.
"""

from collections.abc import Mapping

from sleeplsp.prompts.context import ModuleContext


def module_key(context: ModuleContext, model: str, parameters: Mapping[str, object]) -> str:
    """Return the key of a module's sleep: 24 hex characters."""
    raise NotImplementedError


def provenance(context: ModuleContext) -> dict[str, str]:
    """Return the digests of the soft inputs, by what they are."""
    raise NotImplementedError
