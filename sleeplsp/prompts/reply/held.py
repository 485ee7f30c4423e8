"""What is left of a reply: claims that were held against the text, and what was dropped, and why.

It must not know how anything is checked.
"""

from enum import StrEnum

import msgspec

from sleeplsp.core.insight import Invariant, Question, Suspicion


class DropReason(StrEnum):
    """Why a claim, or a part of one, was not believed. The value is what the user is shown."""

    NO_JSON = "no JSON"
    NO_REPLY = "no reply of the form asked for"
    WRONG_SCHEMA = "not of the schema's form"
    TOO_LONG = "too long"
    UNKNOWN_SYMBOL = "no such symbol"
    NOT_ASKED = "about another part of the module"
    REDACTED = "quotes what was not sent"
    QUOTE_ABSENT = "the quote is not there"
    QUOTE_AMBIGUOUS = "the quote is there twice"
    NO_EVIDENCE = "no evidence"
    EVIDENCE_ABSENT = "the quote of the evidence is not there"
    FIX_BROKEN = "the fix does not parse"
    FIX_ELSEWHERE = "the fix touches something else"
    FIX_IDLE = "the fix changes nothing"
    FIX_NAMES = "the fix names what does not exist"
    CHECK_BROKEN = "the check does not compile"
    CHECK_NAMES = "the check names what does not exist"
    CHECK_IDLE = "the check asks nothing"
    CONTRADICTION = "contradicts what was deduced"
    KNOWN = "was deduced already"
    EMPTY = "says nothing"
    OTHER_SYMBOL = "another wording names another symbol"
    CONTRARY = "another wording asks for the contrary"
    RESTATED = "repeats what is written there"
    DUPLICATE = "said twice"
    MARKUP = "links, markup or hidden characters"
    INSTRUCTION = "gives orders"


class Drop(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One thing that was dropped."""

    reason: DropReason
    detail: str
    """What it was, cut short: for logs and the user's own eyes, never for a prompt."""


class Held(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What one reply claims, as far as it can be held against the text."""

    subjects: tuple[str, ...] = ()
    """Ids of the symbols that were asked about."""
    summary: str = ""
    invariants: tuple[Invariant, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    questions: tuple[Question, ...] = ()
    retracted: tuple[str, ...] = ()
    """Ids of known claims (`merge.claim_id`) that a later pass takes back."""
    later: bool = False
    """It was told what is known: that it does not repeat a claim says nothing against it."""
    drops: tuple[Drop, ...] = ()
    """All that was dropped; parts of claims (a fix, a check) among them."""
