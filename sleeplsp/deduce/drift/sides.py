"""Sides: one function as it was and as it is, as far as its callers can tell, and what changed between."""

import msgspec

from sleeplsp.core.contract import Contract
from sleeplsp.core.facts import FunctionFacts
from sleeplsp.core.insight import Evidence, Place


class Side(msgspec.Struct, frozen=True, gc=False):
    """One function at one time."""

    code: str
    """Code digest."""
    contract: Contract
    facts: FunctionFacts


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something that callers could rely on and cannot any more."""

    kind: str
    """none, types, coroutine, raises, mutates, pure, parameters."""
    sentence: str
    """What the function does now, to stand after its name."""
    evidence: tuple[Evidence, ...] = ()
    """Of the new side: from cause to effect."""
    mark: Place | None = None
    """Where the new code stands that does it; None: the function's name says enough."""
    check: str = ""
    """The check that suspects a caller which needs what was lost; '': no caller is seen to need it."""
    one: str = ""
    """What is said of one caller that needs it: `relies on a value`."""
    several: str = ""
    """The same of several: `rely on a value`."""
