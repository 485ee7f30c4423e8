"""What a sentence is worth before it is held against anything: links, orders, and words that say nothing.

It must not know which claim a sentence belongs to.
"""

import re
import unicodedata

from sleeplsp.prompts.reply.ground import Ground
from sleeplsp.prompts.reply.held import DropReason
from sleeplsp.prompts.sameness import NEGATIONS, words

_SPAN = re.compile(r"`[^`\n]*`")
_MARKUP = re.compile(
    r"""\]\s*[(\[]            # a link
    | !\[                     # an image
    | <[A-Za-z/!?]            # HTML
    | &\#?\w+;                # an entity
    | ^\s{0,3}\#{1,6}\s       # a heading
    | \n\s*\n                 # a second paragraph
    """,
    re.VERBOSE | re.MULTILINE,
)
_BLOCK = re.compile(r"```|~~~")
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]+://\S|\bwww\.\w|\b(?:javascript|command|vscode|data|mailto):\S", re.IGNORECASE
)
_ORDERS = re.compile(
    r"""\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instructions?|prompts?|rules?|above|previous|prior)\b
    | \b(?:system|developer)\s+(?:prompt|message)\b
    | \bas\s+an?\s+(?:ai|language\s+model|assistant)\b
    | \b(?:pip3?|npm|brew|apt(?:-get)?|cargo|go)\s+(?:install|add)\b
    | \b(?:curl|wget|sudo|chmod|rm)\s+(?:-\w|\S*[/:])
    | \b(?:sleeplsp|type|pyright|mypy|pylint):\s*(?:ignore|disable)\b
    | \#\s*noqa\b
    | \b(?:run|execute|paste|open|visit|click)\b.{0,20}\b(?:command|terminal|shell|link|browser)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GRADED = re.compile(
    r"\A\W*(?:proved|proven|verified|tested|deduced|agreed|certified|confirmed|guaranteed)\s*[:\u2014(\[-]"
    r"|\b(?:grade|confidence|certainty)\s*[:=]|\bformally\s+(?:proved|proven|verified)\b"
    r"|\b\d+\s*(?:of|/)\s*\d+\s+(?:agreed|votes|generations)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"""\b(?:may|might|could|can|would|possibly|potentially)\b(?:\s+\w+){0,3}?\s+
    (?:fail|crash|break|misbehave|error|problem(?:s|atic)?|issues?|unexpected(?:ly)?|undefined|incorrect(?:ly)?
    |raise\s+(?:an?\s+)?(?:error|exception)s?|cause|lead|result)\b
    | \bpotential\s+(?:bug|issue|problem|error|risk)s?\b
    | \b(?:should|could)\s+be\s+(?:improved|handled|refactored|checked|validated|documented)\b
    | \b(?:not|never)\s+(?:properly|correctly|well)\s+\w+\b""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_ANSWER = re.compile(
    r"\b(?:not\s+(?:shown|clear|known|specified|provided|given|stated)|unclear|unknown|it\s+depends|see\s+the\s+(?:code"
    r"|documentation|docs?)|cannot\s+be\s+(?:determined|told|said))\b",
    re.IGNORECASE,
)
_PRECISE = re.compile(
    r"\b[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt|Iteration)\b|\b(?:None|True|False|\d+)\b|['\"]"
)
_ASKS = re.compile(
    r"\W*(?:what|which|who|whose|when|where|why|how|is|are|does|do|did|can|could|may|must|should|will|has|have)\b",
    re.IGNORECASE,
)
ANSWER_WORDS_MIN = 2
"""Words that carry meaning; fewer are enough where one is code."""


def unfit(ground: Ground, text: str) -> DropReason | None:
    """Return why a text must not be shown at all; None if it may."""
    if any(unicodedata.category(each) in _UNSEEN and each not in "\n\t" for each in text):
        return DropReason.MARKUP
    outside = _SPAN.sub(" ", text)
    if _BLOCK.search(text) or _MARKUP.search(outside) or _ADDRESS.search(outside) or text.count("`") % 2:
        return DropReason.MARKUP
    inside = " ".join(spans(text))
    addresses = (each[0] for each in re.finditer(r"\b[a-z][a-z0-9+.-]+://[^\s`'\"]*", inside, re.IGNORECASE))
    if any(each.encode() not in ground.context.text.source for each in addresses):
        return DropReason.MARKUP
    return DropReason.INSTRUCTION if _ORDERS.search(text) or _GRADED.search(text) else None


_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))
"""Categories of characters that nobody sees, or that order others about."""


def spans(text: str) -> list[str]:
    """Return the code that stands in backquotes."""
    return [each.strip("` ") for each in _SPAN.findall(text)]


def is_vague(ground: Ground, text: str) -> bool:
    """Tell whether a text says that something may go wrong, and not with what."""
    if not _VAGUE.search(text):
        return False
    if _PRECISE.search(text) or _SPAN.search(text):
        return False
    named = {each for each in re.findall(r"[^\W\d]\w*", text) if "_" in each or each in _called(text)}
    return not named & ground.names


def _called(text: str) -> set[str]:
    return set(re.findall(r"([^\W\d]\w*)\(", text))


def is_restated(ground: Ground, symbol: str, text: str) -> bool:
    """Tell whether a text says no more than the first line and the documentation of a symbol."""
    written, header = ground.written(symbol), ground.header(symbol)
    if any(not each.isidentifier() and each not in header for each in spans(text)):
        return False  # it relates what is only listed there
    if written & NEGATIONS:
        written |= NEGATIONS
    typed = header.rpartition("->")[2] if "->" in header else ""
    if typed and not re.search(r"\bNone\b|\bOptional\b|\bAny\b|\bobject\b", typed):
        written |= words("never not none")
    return words(text) <= written


def says_nothing(text: str) -> bool:
    """Tell whether a text has no word that carries meaning."""
    return not words(text) - NEGATIONS


def is_question(text: str) -> bool:
    """Tell whether a text asks something."""
    return "?" in text or bool(_ASKS.match(text))


def is_no_answer(question: str, answer: str) -> bool:
    """Tell whether an answer is none, or the question again."""
    told, asked = words(answer), words(question)
    is_short = len(told) < ANSWER_WORDS_MIN and not any(words(each) - asked for each in spans(answer))
    return is_short or told <= asked or bool(_NO_ANSWER.search(answer))
