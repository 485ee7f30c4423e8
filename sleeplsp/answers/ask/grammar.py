"""The small words of English questions: which of them build one, and how those of a kind may open.

General English of programmers. Nothing here may be about one program, nor about one set of questions.
"""

from sleeplsp.answers.ask.wants import Wants

BE = frozenset(("is", "are", "was", "were", "be"))

MODALS = frozenset(("can", "could", "may", "might", "must", "need", "should", "will", "would", "shall"))

AUXILIARIES = BE | MODALS | {"do", "does", "did", "has", "have", "had"}

TENSES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("can", "could", "may", "might"), ("can",)),
    **dict.fromkeys(("will", "would", "shall"), ("will",)),
    **dict.fromkeys(("was", "were"), ("was",)),
    **dict.fromkeys(("has", "have"), ("have",)),
    **dict.fromkeys(("must", "need"), ("must",)),
    "should": ("should",),
    "did": ("did",),
    "had": ("had",),
}
"""What of an auxiliary is more than grammar. Where something is negated, each stands for itself."""

POSSIBLE = frozenset((Wants.RETURNS, Wants.RAISES, Wants.SPAN))
"""What can be returned is what is returned."""

QUESTIONED = frozenset(
    ("what", "which", "who", "whom", "how", "why", "when", "where", "in", "on", "up", "to")
)
"""How a question begins that is not answered with yes or no."""

EMPTY = frozenset(
    (
        *("a", "an", "the", "its", "their", "his", "such", "these", "those", "too", "ever", "do", "does"),
        *("please", "currently", "simply", "really", "actually", "basically", "anyway", "s", "own"),
    )
)
"""Words that change nothing."""

JOINTS = {
    **dict.fromkeys(("if", "when", "whenever", "once"), "when"),
    **{each: each for each in ("while", "unless", "until", "before", "after", "because", "since")},
}
"""What begins another clause, or stands before when something happens."""

PREPOSITIONS = frozenset(
    (
        *("of", "for", "with", "on", "in", "to", "by", "from", "at", "as", "into", "onto", "over", "about"),
        *("through", "behind", "per", "out", "off", "under", "above", "below", "within", "without", "and"),
        *("against", "via", "during", "than", "across", "along", "inside", "outside", "or", "but", "then"),
    )
)

ADVERBS = frozenset(
    (
        *("again", "twice", "once", "immediately", "lazily", "eagerly", "concurrently", "automatically"),
        *("first", "last", "anywhere", "somewhere", "forever", "anew", "atmost", "atleast"),
    )
)
"""What may stand behind a verb and is told of it."""

_PARTICIPLES = (
    "sent thrown written taken kept lost held given made done found known chosen built met drawn shown left "
    "hidden woken begun brought caught told bound"
)
PARTICIPLES = frozenset(_PARTICIPLES.split())
"""What is done, as far as it does not end like other words of the kind."""

UNBENT = frozenset(("run", "read", "set", "put", "cut", "split", "shut", "reset", "let", "hit"))
"""What is done, or does something: only the place of such a word tells."""

_PROPERTIES = (
    "empty full missing unknown invalid valid old new first last negative positive long short large small "
    "few many wrong right zero none_value open threadsafe lazy random same slow fast high low "
    "unset touch expire expired maximum minimum dead alive busy idle past future"
)
PROPERTIES = frozenset(_PROPERTIES.split())
"""What a thing can be in a clause of its own, or in a word before it."""

SETTINGS = frozenset(("argument", "parameter", "flag", "option", "setting", "keyword", "switch"))

SPEAKERS = frozenset(("i", "you", "we", "one", "they"))

_S = f"(?:(?:the |an? )?(?:{'|'.join(SETTINGS)}) )?"
_E = f"(?: (?:{'|'.join(SETTINGS)}))?"
_X = "(?:the )?(.+?)"
_IT = "<subject>"
_NEXT = "((?: (?:if|when|once|for|on|after|with) .*)?)$"
_SAFE = f"is {_IT} threadsafe"

OPENINGS: tuple[tuple[Wants, str, str], ...] = (
    (Wants.PURPOSE, rf"what (?:is|are) {_S}{_X}{_E} for$", r"\1"),
    (Wants.PURPOSE, rf"what (?:does|do) {_S}{_X}{_E} (?:mean|do|stand for)$", r"\1"),
    (Wants.PURPOSE, rf"what is the (?:purpose|meaning|point) of {_S}{_X}{_E}$", r"\1"),
    (Wants.PURPOSE, rf"what (?:effect does|is the effect of) (?:setting )?{_S}{_X}{_E}(?: have)?$", r"\1"),
    (Wants.WHY, r"what is the (?:reason|cause|rationale|motivation) (?:for|that) (.*)$", r"why \1"),
    (Wants.DIFFERENCE, r"what (?:is|are) the differ\w* between (.+) and (.+)$", r"\1 & \2"),
    (Wants.DIFFERENCE, r"how (?:do|does|is|are) (.+) differ(?:ent)? from (.+)$", r"\1 & \2"),
    (Wants.DIFFERENCE, r"how (?:do|does|is|are) (.+) and (.+) differ(?:ent)?$", r"\1 & \2"),
    (Wants.DIFFERENCE, rf"what does {_IT} do differently (?:than|from) (.+)$", rf"{_IT} & \1"),
    (Wants.DIFFERENCE, r"(.+) (?:vs|versus) (.+)$", r"\1 & \2"),
    (
        Wants.HAPPENS,
        rf"(?:and )?what (?:happens|occurs|about)(?: in {_IT})?(?: to| with| for| on)? (.*)$",
        r"\1",
    ),
    (Wants.HAPPENS, r"(?:and )?what (if|when|once) (.*)$", r"\1 \2"),
    (Wants.HAPPENS, rf"what (?:does|do|will|would) {_IT} do (?:with|for|on)? ?(.*)$", r"\1"),
    (Wants.HAPPENS, r"how (?:is|are) (.*) (?:handled|treated)$", r"\1"),
    (Wants.HAPPENS, rf"how (?:does|do) {_IT} (?:handle|treat|deal with) (.*)$", r"\1"),
    (Wants.WAY, r"how (?:do|can|could|should|would) (?:i|you|we|one) (.*)$", r"\1"),
    (Wants.WAY, r"how to (.*)$", r"\1"),
    (Wants.WAY, r"is there (?:a|any) way (?:to|that i can) (.*)$", r"\1"),
    (Wants.COUNT, r"(?:what|which) is the (?:number|count) of (.*)$", r"how many \1 is there"),
    (Wants.HOW, r"how (?:can|could) (.+) be (\w+ed)$", r"how to \2 \1"),
    (Wants.WHAT, rf"(?:what|which) (\w+) (?:is|are) used(?: by {_IT})?\b(.*)$", r"what is \1\2"),
    (Wants.WHAT, rf"(?:what|which) (\w+) does {_IT} use\b(.*)$", r"what is \1\2"),
    (Wants.SPAN, r"(.*) (?:atmost|maximum)$", r"\1"),
    (Wants.COUNT, r"how often (.*)$", r"how many times \1"),
    (
        Wants.COUNT,
        rf"how many (?:attempts|tries) (?:are (?:made|there)|is there|does {_IT} make)$",
        f"how many times does {_IT} try",
    ),
    (
        Wants.SPAN,
        rf"what is the (?:longest|maximum) (?:time|duration) (?:that )?{_IT} (can|may|could|might) (.*)$",
        rf"how long \1 {_IT} \2",
    ),
    (Wants.HOW, r"in (?:what|which) (?:form|way|manner|format) (.*)$", r"how \1"),
    (Wants.WHEN, r"(?:in|under) (?:what|which) (?:cases?|conditions?|circumstances?) (.*)$", r"when \1"),
    (Wants.RETURNS, rf"what is the (?:return|result|output){_NEXT}", r"what is returned\1"),
    (Wants.RETURNS, rf"what(?: from {_IT})?{_NEXT}", r"what is returned\1"),
    (
        Wants.RAISES,
        r"(?:what|which) (?:error|exception) (?:does|do|will) (.+) cause$",
        r"what is raised for \1",
    ),
    (Wants.RAISES, rf"(?:what|which) (?:errors?|exceptions?)(?: from {_IT})?{_NEXT}", r"what is raised\1"),
    (Wants.CAN, rf"(?:can|could|may|might) {_IT} be (?:called|used) (?:from|by|in) threadsafe$", _SAFE),
    (Wants.CAN, rf"(?:can|could|may|might) threadsafe (?:call|use) {_IT}(?: concurrently)?$", _SAFE),
    (Wants.WHETHER, rf"is {_IT} safe to (?:call|use) {_IT} (?:from|in|with|by) threadsafe$", _SAFE),
)
"""A kind of question, how it may be put, and what is left of it without what only tells its kind."""

COUNTS = frozenset(("all", "every", "each", "some", "any", "two", "many", "few", "several", "other", "both"))
"""What counts things, so that no name of what all is about stands behind it."""
