"""The context `c` of a module: what a model is told of it, as values.

Texts of other places are redacted before they come here; the module's own text is kept as it is, with the
places of its secrets, so that what a reply quotes can be found in it. It must not know where anything
comes from.
"""

from collections.abc import Mapping

import msgspec

from sleeplsp.core.contract import Contract
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.insight import Suspicion
from sleeplsp.core.symbols import Outline, Symbol
from sleeplsp.core.text import Text


class Hidden(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A secret in the module's text: the bytes that are not sent, and what stands in their place."""

    start: int
    end: int
    kind: str


class Imported(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A function, class or constant of another module that this one uses. Only `signature` enters the key."""

    ref: str
    signature: str
    """One line; of a constant the whole assignment."""
    doc: str = ""
    """First paragraph of its documentation."""
    sentences: tuple[str, ...] = ()
    """What was deduced of it."""
    used_by: tuple[str, ...] = ()
    """Ids of this module's symbols that use it."""


class Use(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A call of one of the module's functions from another module, or a test that calls it."""

    symbol: str
    """Id of what is called."""
    ref: str
    """Where the call stands."""
    code: str
    """The lines around it, which show what becomes of the result."""


class ModuleContext(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A module with what it depends on and what depends on it."""

    path: str
    language: str
    """Its name in `core.languages`."""
    text: Text
    """As it is; never sent without taking out `hidden`."""
    facts: ModuleFacts
    outline: Outline
    """Of this very text."""
    hidden: tuple[Hidden, ...] = ()
    """Sorted, not overlapping."""
    contracts: Mapping[str, Contract] = {}
    """By reference: of its own functions and of what they call elsewhere."""
    suspected: tuple[Suspicion, ...] = ()
    """What was deduced of it."""
    sentences: Mapping[str, tuple[str, ...]] = {}
    """By symbol id: what was deduced, one sentence each. Soft."""
    imported: tuple[Imported, ...] = ()
    calls: Mapping[str, tuple[str, ...]] = {}
    """By symbol id: the module's own symbols that it calls or makes objects of."""
    uses: tuple[Use, ...] = ()
    """Soft."""
    tests: tuple[Use, ...] = ()
    """Soft."""
    subjects: tuple[str, ...] = ()
    """Subject lines of the last commits that touched it, newest first. Soft."""

    def symbol(self, symbol_id: str) -> Symbol | None:
        """Return a symbol by its id; `<module>` is the module's own code."""
        if symbol_id == MODULE:
            return self.outline.module
        return next((each for each in self.outline.symbols if each.id == symbol_id), None)
