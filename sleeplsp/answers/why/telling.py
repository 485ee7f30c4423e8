"""An explanation told: as lines for a terminal, the cause first, and as Markdown for an editor.

What a text or a repository holds is escaped: it becomes neither a link nor a command. It must not know
how a cause is found.
"""

from collections.abc import Iterator

from sleeplsp.answers.why.cause import Certainty, Crash, Found
from sleeplsp.answers.why.pasted import Frame
from sleeplsp.core.markdown import code, one_line, plain, sentence

MESSAGE_MAX = 200
"""Characters of an exception's message that are told."""
CODE_MAX = 90
STEPS_MAX = 12

_LABELS = {
    Certainty.CERTAIN: "cause",
    Certainty.LIKELY: "likely cause",
    Certainty.PARTLY: "comes from here",
}
NOTHING_KNOWN = "nothing known explains it"


def lines(found: Found) -> Iterator[str]:
    """Yield the explanation: the cause in the first line, then the steps up to the crash."""
    error = _error(found)
    if found.crash is None:
        yield f"no code of this workspace is in the traceback: {error}"
    else:
        for number, (where, said) in enumerate(_steps(found)):
            label = f"{_LABELS.get(found.certainty, '')}: " if number == 0 else ""
            yield f"{where}: {label}{said}"
        yield f"{_place(found.crash.path, found.crash.line)}: {_crashed(found, found.crash)}: {error}"
        if found.certainty is Certainty.UNKNOWN:
            yield NOTHING_KNOWN
    yield from _notes(found)


def markdown(found: Found) -> str:
    """Return the explanation as Markdown, the cause first."""
    error = _error(found)
    if found.crash is None:
        parts = [f"**No code of this workspace is in the traceback.** {code(error)}"]
    else:
        steps = [(where, sentence(said)) for where, said in _steps(found)]
        crashed = sentence(_crashed(found, found.crash))
        steps.append((_place(found.crash.path, found.crash.line), f"{crashed}: {code(error)}"))
        label = _LABELS.get(found.certainty)
        head = f"**{label.capitalize()}**" if label else f"**The crash is here; {NOTHING_KNOWN}**"
        first = f"{head}: {code(steps[0][0])}: {steps[0][1]}"
        rest = [f"{number}. {code(where)}: {said}" for number, (where, said) in enumerate(steps[1:], 2)]
        parts = [first, "\n".join(rest)] if rest else [first]
    parts += [plain(each) for each in _notes(found)]
    return "\n\n".join(parts)


def _steps(found: Found) -> Iterator[tuple[str, str]]:
    if found.outside is not None:
        yield _frame(found.outside), _passed(found.outside)
    left_out = len(found.steps) - STEPS_MAX
    for number, each in enumerate(found.steps):
        if left_out > 0 and STEPS_MAX // 2 <= number < STEPS_MAX // 2 + left_out:
            continue
        yield _place(each.path, each.line), one_line(each.sentence)


def _passed(outside: Frame) -> str:
    said = "it is passed in from here, outside of the workspace"
    return f"{said}: `{_code(outside.code)}`" if outside.code else said


def _crashed(found: Found, crash: Crash) -> str:
    what = "this came first" if found.later else "crash"
    symbol = "" if crash.symbol == "<module>" else f" in `{_code(crash.symbol)}`"
    below = crash.below
    inside = f", in what it calls (`{_code(_frame(below))}`)" if below is not None else ""
    if crash.line == 0 and not crash.moved:
        return f"{what}{symbol}, or in what it calls"
    if crash.line == 0:
        gone = f"`{_code(crash.code)}`" if crash.code else "the line"
        return f"{what}{symbol}, where {gone} is not there any more{inside}"
    return f"{what}{symbol}{inside}"


def _notes(found: Found) -> Iterator[str]:
    name, message, place = found.handled
    if place:
        yield f"while this was handled, from {place}: {_cut(f'{name}: {message}' if message else name)}"
    for name, message in found.later:
        yield f"then: {_cut(f'{name}: {message}' if message else name)}"
    if found.crash is not None and found.crash.moved:
        yield "the code has moved or changed since this was written"
    if found.of_group > 1:
        yield f"this is one of {found.of_group:,} exceptions of a group"
    if found.cut:
        yield "the traceback is not whole"
    if found.others:
        yield f"earlier tracebacks in the text, of which nothing is told: {found.others:,}"


def _error(found: Found) -> str:
    return _cut(f"{found.exception}: {found.message}" if found.message else found.exception or "no exception")


def _place(path: str, line: int) -> str:
    return f"{path}:{line}" if line else path


def _frame(frame: Frame) -> str:
    return _place(one_line(frame.file), frame.line)


def _code(text: str) -> str:
    """Return code for a sentence: backquotes would end it."""
    return _cut(text.replace("`", "'"), CODE_MAX)


def _cut(text: str, most: int = MESSAGE_MAX) -> str:
    flat = one_line(text)
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
