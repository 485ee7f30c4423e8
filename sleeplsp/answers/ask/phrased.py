"""Phrasings: other ways to ask what a template answers, written by hand for each kind of question.

Whole sentences alone, so that whoever asks for more asks something else. It must not know any claim, nor any
symbol.
"""

import re
from collections.abc import Collection

CHARACTERS_MAX = 200

_I = "(?:i|we|you|one)"
_CALLERS = "(?:(?:a |the )?callers?(?: of it)?)"
_WHO = f"(?:{_I}|{_CALLERS})"
_RESULT = "(?:the|its) (?:result|return value)(?: of it)?"
_INPUT = "(?:its|the) (?:inputs?|arguments?|parameters?)(?: of it)?"
_ERRORS = "(?:which|what) (?:exceptions?|errors?)"
_MUST = f"(?:do|does|must|should) {_WHO}(?: (?:have|need) to)?"
_MAY = "(?:can|could|may|might)"
_CHANGED = "(?:modified|mutated|changed|altered)"
_EFFECTS = "side[- ]effects?"

_PHRASINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Can it return None?",
        (
            f"{_MUST} (?:check|test|guard) (?:{_RESULT}|it) (?:for|against) none",
            f"{_MUST} (?:expect|handle) none(?: from it)?",
            "is none a possible (?:result|return value)(?: of it)?",
            f"{_MAY} {_I} get none(?: back)?(?: from it)?",
            f"{_MAY} {_RESULT} be none",
            f"is {_RESULT} (?:optional|nullable)",
        ),
    ),
    (
        "When does it return None?",
        (
            f"(?:when|in (?:which|what) cases?) (?:is|are) {_RESULT} none",
            f"(?:when|in (?:which|what) cases?) (?:do|will|would) {_I} get none(?: back)?(?: from it)?",
        ),
    ),
    (
        "What does it raise?",
        (
            f"{_ERRORS} {_MUST} (?:catch|handle|expect)(?: from it)?",
            f"{_ERRORS} {_MAY} {_WHO} (?:get|see|expect)(?: from it)?",
            f"{_ERRORS} (?:are|is) possible(?: here| in it)?",
            f"what {_MAY} go wrong(?: here| in it| with it)?",
            "(?:how|in which ways?) (?:can|could|may|might) it fail",
        ),
    ),
    (
        "What does it change?",
        (
            f"(?:is|are) {_INPUT} (?:ever )?{_CHANGED}(?: by it)?",
            f"(?:is|are) {_INPUT} (?:left (?:alone|as they are)|untouched|unchanged)(?: by it)?",
            f"does it (?:modify|mutate|change|alter) {_INPUT}",
            "does it (?:work|operate) in[- ]place",
        ),
    ),
    (
        "Does it have side effects?",
        (
            f"(?:which|what) {_EFFECTS} does it have",
            f"are there (?:any )?{_EFFECTS}(?: here| in it| of it)?",
            f"is it (?:free of|without) {_EFFECTS}",
        ),
    ),
    (
        "What does it require?",
        (
            "what are (?:its|the) preconditions(?: of it)?",
            f"what (?:must|has to) (?:hold|be true) before (?:{_I} calls? it|it is called|calling it)",
            "what (?:must|has to) (?:hold|be true) of (?:its|the) arguments",
            f"what does it (?:expect|demand|require) of (?:its arguments|{_CALLERS})",
        ),
    ),
    (
        "Who calls it?",
        ("(?:who|what|which (?:functions?|modules?|code)) (?:depends?|rel(?:y|ies)) (?:up)?on it",),
    ),
    ("What does it call?", ("(?:what|which (?:functions?|modules?)) does it (?:depend|rely) (?:up)?on",)),
)
_COMPILED = tuple((asked, re.compile("|".join(ways))) for asked, ways in _PHRASINGS)


def phrased(question: str, own: Collection[str]) -> str:
    """Return a question as a template knows it, with `it` for what it is about; another as it is.

    `own` are the words by which that is called, in lower case.
    """
    if len(question) > CHARACTERS_MAX:
        return question
    told = _about_it(question, own)
    return next((asked for asked, ways in _COMPILED if ways.fullmatch(told)), question)


def _about_it(question: str, own: Collection[str]) -> str:
    """Return a question in lower case, with `it` in the place of a name of what it is about."""
    plain = " ".join(question.replace("`", "").lower().split()).strip(" ?!.")
    names = "|".join(map(re.escape, own))
    name = rf"(?<![\w.])(?:(?:{names})\.)*(?:{names})(?:\(\))?(?![\w.(])" if names else r"(?!)"
    return re.sub(rf"{name}|\bthis (?:function|method)\b|\bthis\b", "it", plain)
