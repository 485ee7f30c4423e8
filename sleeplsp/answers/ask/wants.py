"""What kind of answer a question wants, by how it opens; and which kinds answer which.

It must not know what a question is about.
"""

import re
from enum import StrEnum


class Wants(StrEnum):
    """What kind of answer a question wants."""

    HAPPENS = "what happens"
    RETURNS = "what is returned"
    RAISES = "what is raised"
    PURPOSE = "what something is for"
    WHY = "why"
    DIFFERENCE = "how two things differ"
    WAY = "how one does something"
    HOW = "how something is done"
    COUNT = "how many"
    SPAN = "how long"
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    WHETHER = "whether"
    CAN = "whether one can"
    FAILS = "whether it fails"
    WHAT = "what or which"
    NONE = "no question"


_ONE = "(i|you|we|one|people)"
_IT = r"(it|this|that|they|[\w.()]+)"
_SETTING = "(argument|parameter|flag|option|setting|keyword|switch)"
_ERROR = "(error|errors|exception|exceptions)"
_FAIL = "(fail|fails|crash|crashes|an error|an exception)"
_FAILS = "(raise|raises|raised|throw|throws|thrown|cause|causes|caused|come|comes)"

_OPENINGS: tuple[tuple[Wants, tuple[str, ...]], ...] = (
    (Wants.WHY, (r"why\b", r"what is the (reason|cause|rationale|motivation)\b", r"(for )?what reason\b")),
    (Wants.DIFFERENCE, (r"(what|how)\b.*\bdiffer(s|ent|ently|ence)?\b", r".*\b(vs|versus)\b")),
    (
        Wants.HAPPENS,
        (
            r"(and )?what (happens|occurs|if|about)\b",
            rf"what (does|do|will|would) {_IT} do (with|if|when|for|on|to|in|once|after)\b",
            r"how (is|are|does|do|will)\b.*\b(handle|handled|treat|treated|deal)\b",
        ),
    ),
    (
        Wants.PURPOSE,
        (
            r"what (is|are)\b.* for$",
            r"what (is|are) .*\b(purpose|meaning|point)\b",
            r"what (does|do) .* (mean|stand for)$",
            r"what effect\b",
            r"what is the (effect|consequence)\b",
            rf"when (should|would|do) {_ONE} (set|pass|use)\b",
            rf"what (does|do) (the )?{_SETTING} [\w.]+ do$",
            rf"what (does|do) (the )?[\w.]+ {_SETTING} do$",
            rf"what (is|are) (the )?[\w.]+( {_SETTING})?$",
        ),
    ),
    (Wants.COUNT, (r"how (many|often)\b", r"(what|which) (is the )?number of\b", r"what is the count\b")),
    (
        Wants.SPAN,
        (
            r"(for )?how (long|much time)\b",
            r"what is the (longest|maximum|shortest|minimum) (time|duration)\b",
        ),
    ),
    (Wants.WAY, (rf"how (do|can|could|should|would) {_ONE}\b", r"how to\b", r"is there (a|any) way\b")),
    (Wants.HOW, (r"(in )?(what|which) (form|way|manner|format)\b", r"how\b")),
    (
        Wants.RAISES,
        (
            rf"(what|which) (errors?|exceptions?)\b.*\b({_FAILS}|{_ONE} get)\b",
            r"what (is|are|gets) (raised|thrown)\b",
            r"what (does|do|can|will) .* (raise|throw)\b",
        ),
    ),
    (
        Wants.RETURNS,
        (
            r"what (is|are|gets) (returned|given back)\b",
            r"what (does|do|can|will) .* (return|give|produce)\b",
            r"what (is|are) the (result|return value|output)\b",
            rf"what (do|does|would) {_ONE} get\b",
        ),
    ),
    (Wants.WHEN, (r"when\b", r"(in|under) (what|which) (case|cases|conditions?|circumstances?)\b")),
    (Wants.WHERE, (r"(from )?where\b",)),
    (Wants.WHO, (r"(by )?who(m|se)?\b",)),
    (
        Wants.FAILS,
        (rf"(is|does|do|will|would|can) .*\b({_FAIL}|(raise|raises|throw|throws)\b.*\b{_ERROR})\b",),
    ),
    (Wants.CAN, (r"(can|could|may|might)\b", r"(is|are) .*\b(possible|allowed|permitted|supported)\b")),
    (
        Wants.WHETHER,
        (
            r"(is|are|was|were|does|do|did|must)\b",
            r"(will|would|shall|should|has|have|need)\b",
        ),
    ),
    (Wants.WHAT, (r"(\w+ ){0,2}(what|which)\b",)),
)
_COMPILED = tuple((wants, re.compile("|".join(patterns))) for wants, patterns in _OPENINGS)

_AS_WELL = frozenset(
    {
        (Wants.RAISES, Wants.HAPPENS),
        (Wants.RETURNS, Wants.HAPPENS),
        (Wants.HAPPENS, Wants.RETURNS),
        (Wants.HAPPENS, Wants.RAISES),
        (Wants.RETURNS, Wants.WHAT),
        (Wants.WHAT, Wants.RETURNS),
        (Wants.RAISES, Wants.WHAT),
        (Wants.WHAT, Wants.RAISES),
        (Wants.SPAN, Wants.WHAT),
        (Wants.WHAT, Wants.COUNT),
        (Wants.COUNT, Wants.WHAT),
        (Wants.CAN, Wants.WAY),
        (Wants.CAN, Wants.WHETHER),
        (Wants.WHETHER, Wants.CAN),
        (Wants.HAPPENS, Wants.CAN),
        (Wants.CAN, Wants.HAPPENS),
        (Wants.FAILS, Wants.HAPPENS),
        (Wants.HAPPENS, Wants.FAILS),
        (Wants.RAISES, Wants.FAILS),
    }
)
"""What is asked, and of which kind an answer may then be as well, if all else is the same."""

SAID = {
    Wants.RETURNS: frozenset({"return"}),
    Wants.RAISES: frozenset({"raise", "error"}),
    Wants.FAILS: frozenset({"fail", "raise", "error"}),
    Wants.COUNT: frozenset({"many", "often", "number", "count"}),
    Wants.SPAN: frozenset({"long", "maximum", "much"}),
    Wants.HOW: frozenset({"form", "format", "manner"}),
    Wants.WHEN: frozenset({"condition", "circumstance"}),
    Wants.WAY: frozenset({"able"}),
    Wants.CAN: frozenset({"accept", "able"}),
    Wants.WHETHER: frozenset({"accept"}),
}
"""Words that go without saying in a question of a kind, the first time they come."""


def wants(question: str) -> Wants:
    """Return what a question wants; it is given in lower case, without what ends it."""
    return next((each for each, pattern in _COMPILED if pattern.match(question)), Wants.NONE)


def answers(known: Wants, asked: Wants) -> bool:
    """Tell whether the answer to a question of one kind answers one of another about the same thing."""
    return known is asked or (asked, known) in _AS_WELL
