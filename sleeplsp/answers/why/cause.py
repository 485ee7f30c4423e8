"""The cause of a crash: what is known of the code along the frames, lined up from cause to crash.

Where nothing known explains it, that is said, and nothing is made up. It must not know in which form
an explanation is told, nor any model.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from sleeplsp.answers.why.arguments import Stack, here_of
from sleeplsp.answers.why.beforehand import suspected
from sleeplsp.answers.why.complaint import NONE, Complaint, Kind, complaint
from sleeplsp.answers.why.conditions import raised_when
from sleeplsp.answers.why.culprit import culprits, on_line
from sleeplsp.answers.why.focus import focused, innermost, opened
from sleeplsp.answers.why.known import Known
from sleeplsp.answers.why.mapping import Mapper, Placed, line_of, marked
from sleeplsp.answers.why.misfits import circular, misfit
from sleeplsp.answers.why.origins import Tracer
from sleeplsp.answers.why.pasted import Frame, Link, Pasted, Raised
from sleeplsp.answers.why.trail import Here, Step, Trail, either
from sleeplsp.core import flow


class Certainty(StrEnum):
    """How far the cause is known."""

    CERTAIN = "certain"
    """The code says that it came about in this way."""
    LIKELY = "likely"
    """It can have come about in this way, and in others."""
    PARTLY = "partly"
    """It came this way; what lies behind is not known."""
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    """No code of the workspace is in the traceback."""


class Told(msgspec.Struct, frozen=True, gc=False):
    """One step, where it stands now."""

    path: str
    line: int
    """From 1."""
    symbol: str
    sentence: str
    """Markdown: code in backquotes."""
    code: str
    """The line of code."""
    start: int
    end: int


class Crash(msgspec.Struct, frozen=True, gc=False):
    """Where the exception left the workspace's code, or began."""

    path: str
    line: int
    """From 1, as it is now; 0 if the line is not there any more."""
    symbol: str
    code: str
    moved: bool
    """It stood elsewhere when it ran."""
    below: Frame | None
    """The innermost frame of other code that it called."""


class Found(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An explanation of a traceback."""

    exception: str
    message: str
    certainty: Certainty
    steps: tuple[Told, ...] = ()
    """From cause to crash, without the crash."""
    crash: Crash | None = None
    outside: Frame | None = None
    """Code outside of the workspace that passed in what was wrong."""
    later: tuple[tuple[str, str], ...] = ()
    """Exceptions that followed from it, as class and message, the last told last."""
    handled: tuple[str, str, str] = ("", "", "")
    """Class, message and place of the exception that was being handled, if it did not lead to this one."""
    others: int = 0
    """Tracebacks before it in the text."""
    of_group: int = 0
    """How many exceptions the group has that it is one of."""
    cut: bool = False


def explain(pasted: Pasted, known: Known) -> Found:
    """Return what explains a traceback."""
    mapper = Mapper(known)
    chain, members = opened(pasted.chain, mapper)
    stacks = [Stack(tuple(mapper.place(each) or each for each in raised.frames)) for raised in chain]
    at = focused(chain, stacks, known)
    raised, stack = chain[at], stacks[at]
    later = tuple((each.exception, each.message) for each in chain[at + 1 :])
    handled = _handled(chain, stacks, at)
    found = _explained(known, raised, stack)
    if later and found.certainty is Certainty.UNKNOWN:  # what came first is a cause in itself
        found = msgspec.structs.replace(found, certainty=Certainty.PARTLY)
    return msgspec.structs.replace(
        found, later=later, handled=handled, others=pasted.others, of_group=members, cut=pasted.cut
    )


def _handled(chain: Sequence[Raised], stacks: Sequence[Stack], at: int) -> tuple[str, str, str]:
    """Return the exception that was being handled when another came up, and where it was raised."""
    index = innermost(stacks[at - 1]) if at > 0 and chain[at].link is not Link.NONE else None
    placed = stacks[at - 1].frames[index] if index is not None else None
    if not isinstance(placed, Placed):
        return "", "", ""
    return chain[at - 1].exception, chain[at - 1].message, f"{placed.path}:{placed.line}"


def _explained(known: Known, raised: Raised, stack: Stack) -> Found:
    index = innermost(stack)
    placed = stack.frames[index] if index is not None else None
    if index is None or not isinstance(placed, Placed):
        return Found(exception=raised.exception, message=raised.message, certainty=Certainty.ELSEWHERE)
    here = here_of(known, stack, index)
    trail = _trail(known, raised, stack, here) if here is not None else Trail()
    return Found(
        exception=raised.exception,
        message=raised.message,
        certainty=_certainty(trail),
        steps=tuple(_merged([_told(known, each) for each in trail.steps])),
        crash=_crash(known, placed, stack, index),
        outside=trail.outside,
    )


def _certainty(trail: Trail) -> Certainty:
    if not trail.steps and trail.outside is None:
        return Certainty.UNKNOWN
    if trail.settled:
        return Certainty.CERTAIN if trail.sure else Certainty.LIKELY
    return Certainty.LIKELY if trail.outside is not None and trail.sure else Certainty.PARTLY


def _crash(known: Known, placed: Placed, stack: Stack, index: int) -> Crash:
    below = stack.frames[-1] if index < len(stack.frames) - 1 else None
    return Crash(
        path=placed.path,
        line=placed.line,
        symbol=placed.ref.partition("::")[2],
        code=_code(known, placed.path, placed.line) or placed.frame.code,
        moved=placed.moved,
        below=below if isinstance(below, Frame) else None,
    )


def _trail(known: Known, raised: Raised, stack: Stack, here: Here) -> Trail:
    """Return what explains an exception in a frame: what was suspected comes first."""
    index = here.index if here.index is not None else 0
    told = complaint(raised.name, raised.message)
    beforehand = suspected(known, raised, told, here)
    if beforehand is not None:
        return beforehand
    tracer = Tracer(known, stack)
    if raised.name in _UNPARSED and here.placed is not None:
        step = tracer.step(here, here.placed.start, here.placed.start, "the code does not parse here")
        return Trail((step,), settled=True)
    if (imports := circular(stack, raised.message)) != Trail():
        return imports
    if raised.name == "RecursionError":
        return _recursion(stack)
    is_last = index == len(stack.frames) - 1
    statement = here.statement
    if is_last and isinstance(statement, (flow.Raise, flow.Assert)):
        before = _complained(tracer, told, here) if told and _fails_before(known, told, here) else Trail()
        return before if before != Trail() else raised_when(tracer, here, statement)
    is_asked = told is not None and told.kind is Kind.KEY and _asks(stack, index)
    if (is_last or is_asked) and told is not None:
        found = _complained(tracer, told, here)
        if found != Trail():
            return found
    return _called(tracer, here, told, is_last=is_last)


def _fails_before(known: Known, told: Complaint, here: Here) -> bool:
    """Tell whether what a `raise` or `assert` says could not be worked out: nothing was raised by it."""
    reading, statement = known.reading(here.path), here.statement
    if reading is None or statement is None or here.placed is None:
        return False
    inside = on_line(here.program, (statement.start, statement.end))
    if told.kind is Kind.UNBOUND:
        names = (each for _, nodes in inside for each in nodes if isinstance(each, flow.Name))
        return any(each.id == told.name for each in names)
    mark = marked(here.placed, reading.text)
    return isinstance(statement, flow.Raise) and mark is not None and mark[0] > statement.start


def _asks(stack: Stack, index: int) -> bool:
    """Tell whether a frame asks an object for an item, by code of the object's class."""
    below = stack.frames[index + 1] if index + 1 < len(stack.frames) else None
    return isinstance(below, Frame) and below.function in ("__getitem__", "__missing__")


def _complained(tracer: Tracer, told: Complaint, here: Here) -> Trail:
    if (found := misfit(tracer, told, here)) is not None:
        return found
    reading = tracer.known.reading(here.path)
    if reading is None or here.placed is None:
        return Trail()
    text, program = reading.text, here.program
    wrong = culprits(program, told, line_of(here.placed, text), marked(here.placed, text))
    trails = [tracer.trail(each.value, each.was, tracer.at_node(here, each.value)) for each in wrong]
    if told.kind in (Kind.KEY, Kind.POSITION):
        # What is held is to blame if it is known to be empty; else what was looked for.
        empty = [each for each in trails if each.settled]
        told_of = [each for each in reversed(trails) if each.steps or each.outside is not None]
        return (empty or told_of or [Trail()])[0]
    if told.other and NONE not in (told.was, told.other):
        # Either of two may be the wrong one; what is written out is likelier as it was meant.
        made = [each for each in trails if each != Trail() and not each.settled]
        if len(made) > 1 and all(each.steps for each in made):
            return either((each.steps[-1] for each in made), len(made))
        best = max(made, key=lambda each: each.worth, default=Trail())
        return Trail(best.steps, outside=best.outside, sure=False)
    best = max(trails, key=lambda each: each.worth, default=Trail())
    told_of = [each for each in trails if each.steps]
    return best if len(told_of) < 2 else Trail(best.steps, best.settled, best.outside, sure=False)


def _called(tracer: Tracer, here: Here, told: Complaint | None, *, is_last: bool) -> Trail:
    """Follow what was passed to a call of other code that raised."""
    reading = tracer.known.reading(here.path)
    if reading is None or here.placed is None:
        return Trail()
    line, mark = line_of(here.placed, reading.text), marked(here.placed, reading.text)
    asked = Complaint(kind=Kind.ARGUMENT, was=told.was if told is not None else "")
    found = [each for each in culprits(here.program, asked, line, mark) if isinstance(each.node, flow.Call)]
    asks = [each for each in found if not isinstance(each.value, flow.Constant)]
    if len({each.node for each in found}) > 1 or (not asked.was and len(asks) != 1):
        return Trail()  # which of them it is about is not known
    trails = [tracer.trail(each.value, each.was, tracer.at_node(here, each.value)) for each in found]
    if not is_last and asked.was:  # deep within that code it may be about anything
        trails = [each for each in trails if each.settled]
    elif not is_last and not all(_is_library(tracer.known, here, each.node) for each in found):
        return Trail()
    best = max(trails, key=lambda each: each.worth, default=Trail())
    return Trail(best.steps, best.settled and bool(asked.was), best.outside, sure=False)


def _is_library(known: Known, here: Here, node: flow.Expression | flow.Statement) -> bool:
    """Tell whether what is called is imported, or a builtin: it knows nothing but what it is given."""
    callee = node.callee if isinstance(node, flow.Call) else None
    while isinstance(callee, flow.Attribute):
        callee = callee.base
    facts = known.facts.get(here.path)
    if not isinstance(callee, flow.Name) or callee.id in here.program.locals or facts is None:
        return False
    return all(each.kind == "import" for each in facts.bindings.get(callee.id, ()))


def _recursion(stack: Stack) -> Trail:
    """Return the frames that come again and again, one step for each."""
    ours = [each for each in stack.frames if isinstance(each, Placed) and each.is_known]
    counts: dict[tuple[str, int], list[Placed]] = {}
    for each in ours:
        counts.setdefault((each.path, each.line), []).append(each)
    again = [each for each in counts.values() if len(each) > 1 or each[0].frame.repeated]
    steps = []
    for frames in again:
        placed = frames[0]
        name = placed.frame.function or placed.ref.partition("::")[2]
        times = len(frames) + sum(each.frame.repeated for each in frames)
        sentence = f"`{name.replace('`', '')}` calls on from here, {times:,} times in what is told"
        steps.append(Step(placed.path, placed.start, placed.start, sentence, placed.ref.partition("::")[2]))
    return Trail(tuple(steps), settled=bool(steps), sure=False)


_UNPARSED = frozenset(("SyntaxError", "IndentationError", "TabError"))


def _told(known: Known, step: Step) -> Told:
    line = known.line(step.path, step.start)
    code = _code(known, step.path, line)
    return Told(step.path, line, step.symbol, step.sentence, code, step.start, step.end)


def _merged(steps: list[Told]) -> Iterable[Told]:
    """Yield steps of which several on one line are one: what was found last comes nearest to the crash.

    A condition says nothing without what it is a condition of.
    """
    kept: list[Told] = []
    for each in steps:
        last = kept[-1] if kept else None
        if last is None or (last.path, last.line) != (each.path, each.line):
            kept.append(each)
        elif each.sentence.startswith("when ") and not last.sentence.startswith("when "):
            sentence = f"{last.sentence}, {each.sentence}"
            kept[-1] = msgspec.structs.replace(last, sentence=sentence)
        else:
            kept[-1] = each
    return kept


def _code(known: Known, path: str, line: int) -> str:
    reading = known.reading(path)
    if reading is None or line < 1:
        return ""
    starts = reading.text.line_starts
    end = starts[line] if line < len(starts) else len(reading.text.source)
    return reading.text.slice(starts[line - 1], end).strip() if line <= len(starts) else ""
