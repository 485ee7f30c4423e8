"""What was suspected of a line before it crashed, where it is what the exception complains of.

Of the same line several things may be suspected: what the exception names, or the interpreter underlined,
decides. It must not know how a value is followed back.
"""

import re

from sleeplsp.answers.why.complaint import Complaint, Kind
from sleeplsp.answers.why.given import evidence_steps
from sleeplsp.answers.why.known import Known
from sleeplsp.answers.why.mapping import line_of, marked
from sleeplsp.answers.why.pasted import Raised
from sleeplsp.answers.why.trail import Here, Step, Trail
from sleeplsp.answers.why.unbound import skipped_in
from sleeplsp.core.insight import Suspicion
from sleeplsp.core.text import Text

_CHANGED = "mutated-while-iterated"
_CATEGORIES = {
    "AttributeError": ("none-dereference", "missing-await"),
    "TypeError": ("none-dereference", "wrong-arguments", "missing-await", "format-arguments"),
    "UnboundLocalError": ("possibly-unbound",),
    "NameError": ("possibly-unbound", "late-binding"),
    "RuntimeError": (_CHANGED,),
    "ValueError": ("format-arguments",),
    "KeyError": ("format-arguments",),
    "IndexError": ("format-arguments",),
}

Span = tuple[int, int]


def suspected(known: Known, raised: Raised, told: Complaint | None, here: Here) -> Trail | None:
    """Return the evidence of what was suspected; None if nothing fits."""
    row, reading = known.rows.get(here.ref), known.reading(here.path)
    if row is None or reading is None or here.placed is None or not known.is_current(here.path):
        return None
    name = told.name if told is not None and told.kind is Kind.UNBOUND else ""
    inside = skipped_in(here.program, name) if name else None
    if name and inside is None:
        return None  # the evidence is of one way out of several
    start, end = line_of(here.placed, reading.text)
    mark = marked(here.placed, reading.text)
    for each in row.suspicions:
        if each.category not in _CATEGORIES.get(raised.name, ()):
            continue
        # What changes in its loop fails at the loop, which is a step of the evidence.
        is_change = each.category == _CHANGED
        places = [each.place, *(step.place for step in each.evidence if is_change)]
        extents = [found for place in places if (found := reading.placing.extent(place)) is not None]
        is_here = any(first < end and start < last for first, last in extents)
        if is_here and (is_change or _fits(each, raised, told, reading.text, extents[0], mark)):
            steps = _evidence(known, each)
            if inside is not None:  # what else was decided on that way may have been decided otherwise
                steps = [step for step in steps if inside.start <= step.start < inside.end]
            return Trail(tuple(steps), settled=True, sure=each.shown)
    return None


def _fits(
    each: Suspicion, raised: Raised, told: Complaint | None, text: Text, extent: Span, mark: Span | None
) -> bool:
    """Tell whether a suspicion of a line is what the exception complains of."""
    start, end = extent
    if told is not None and told.kind is Kind.UNBOUND:
        return text.slice(start, end) == told.name
    if each.category == "none-dereference" and "NoneType" not in raised.message:
        return False
    if mark is not None:
        return start < mark[1] and mark[0] < end
    if told is not None and told.kind is Kind.ATTRIBUTE and told.name:
        behind = text.slice(end, min(end + 200, len(text.source)))
        return re.match(rf"[\s)]*\.\s*{re.escape(told.name)}\b", behind) is not None
    return True


def _evidence(known: Known, suspicion: Suspicion) -> list[Step]:
    steps = evidence_steps(known, suspicion.evidence)
    return steps[:-1] if len(steps) > 1 else steps
