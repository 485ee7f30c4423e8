"""Contracts: what is known of one function, as its callers may use it.

Every field is yes, no or unknown. Only a yes feeds a suspicion; a no is said only after a complete
analysis. Evidence is carried for display and is not part of the digest: a caller is deduced again only
when what it may rely on changes.
"""

import hashlib
from enum import StrEnum

import msgspec

from sleeplsp.core.insight import Evidence


class Verdict(StrEnum):
    """Whether something is so."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Returns(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What a call gives."""

    none: Verdict = Verdict.UNKNOWN
    """It may be None, on a path that is feasible."""
    none_path: tuple[Evidence, ...] = ()
    """One such path, from the cause to the return."""
    none_partly: bool = False
    """The path does not say all that it takes."""
    none_when: tuple[tuple[str, str], ...] = ()
    """What must hold on that path of parameters and of attributes of the object (`self.name`), as (name,
    condition): 'none', 'given', 'false', 'true', 'default', 'other'. Empty: callers cannot rule it out
    by what they pass."""
    none_asks: tuple[str, ...] = ()
    """What the decisions on any way to None are about: a parameter's name, or `name.attribute`; of what lies
    outside of the function `.name` and `.name()`."""
    none_seldom: bool = False
    """None comes only at an end of the body that, by how it is written, may never be reached."""
    procedure: bool = False
    """It never returns a value: None means nothing."""
    types: tuple[str, ...] = ()
    """Classes of the values it returns, None left out."""
    complete: bool = False
    """`types` are all there are."""
    arguments: tuple[tuple[str, bool], ...] = ()
    """Parameters it may give back; true: only when they are not None."""
    leaves: Verdict = Verdict.YES
    """It may return at all; no: it always raises or never ends; unknown: it promises not to."""


class Raised(msgspec.Struct, frozen=True, gc=False):
    """An exception the function raises itself, or lets through from a callee that does."""

    exception: str
    """Reference of the class, or its name as written."""
    path: tuple[Evidence, ...]
    through: str = ""
    """The callee it comes from."""
    partly: bool = False
    """The path does not say all that it takes."""


class Requirement(msgspec.Struct, frozen=True, gc=False):
    """What a caller must see to: 'not none', 'not empty', 'not zero'. On every path to a return."""

    parameter: str
    kind: str
    path: tuple[Evidence, ...]


class Contract(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """All that is known of one function."""

    returns: Returns = Returns()
    raises: Verdict = Verdict.UNKNOWN
    raised: tuple[Raised, ...] = ()
    mutates: tuple[tuple[str, Verdict], ...] = ()
    """Per parameter."""
    mutates_path: tuple[Evidence, ...] = ()
    pure: Verdict = Verdict.UNKNOWN
    pure_path: tuple[Evidence, ...] = ()
    """Why it is not pure."""
    requires: tuple[Requirement, ...] = ()


UNKNOWN_CONTRACT = Contract()


def digest(contract: Contract) -> str:
    """Return the digest of what callers may rely on: 16 hex characters."""
    relied = (
        msgspec.structs.replace(contract.returns, none_path=(), none_partly=False),
        contract.raises,
        tuple((each.exception, each.through) for each in contract.raised),
        contract.mutates,
        contract.pure,
        tuple((each.parameter, each.kind) for each in contract.requires),
    )
    return hashlib.blake2b(msgspec.msgpack.encode(relied), digest_size=8).hexdigest()
