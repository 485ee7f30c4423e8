"""Explaining a pasted traceback where the workspace is known: in the deducer process.

It must not know who asks.
"""

from collections.abc import Callable, Iterator

from sleeplsp.answers.why.cause import Found, explain
from sleeplsp.answers.why.known import Known
from sleeplsp.answers.why.telling import markdown
from sleeplsp.answers.why.tracebacks import read
from sleeplsp.core.located import spot
from sleeplsp.core.text import Text
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.explaining import ExplainedStep, Explanation
from sleeplsp.engine.work import always
from sleeplsp.workers.messages import Explained, WhyRequest

FAILURE_MAX = 200
"""Characters of why something failed."""


class UnwantedError(Exception):
    """Nobody waits for it any more."""


def explained(
    deduction: Deduction, request: WhyRequest, is_wanted: Callable[[], bool] = always
) -> Explained | None:
    """Return what explains a text, or why nothing does; None soon after it is not wanted any more."""
    early = deduction.outcome is None
    try:
        return Explained(
            request.number, explanation(deduction, request.text, early=early, is_wanted=is_wanted)
        )
    except UnwantedError:
        return None
    except Exception as error:  # noqa: BLE001  a text must not end the thinking
        return Explained(request.number, None, f"{type(error).__name__}: {error}"[:FAILURE_MAX])


def explanation(
    deduction: Deduction, text: str, *, early: bool, is_wanted: Callable[[], bool] = always
) -> Explanation | None:
    """Return what explains the last traceback of a text; None if there is none.

    `early`: not all of the workspace is known yet. Raises UnwantedError soon after it is not wanted.
    """

    def text_of(path: str) -> Text | None:
        if not is_wanted():  # what takes time is to read modules
            raise UnwantedError
        return deduction.text_of(path)

    if not is_wanted():
        raise UnwantedError
    pasted = read(text)
    if pasted is None:
        return None
    knowledge = deduction.knowledge
    known = Known(knowledge.facts, knowledge.rows, knowledge.contexts, text_of)
    found = explain(pasted, known)
    return Explanation(
        certainty=found.certainty.value,
        markdown=markdown(found),
        steps=tuple(_steps(deduction, found)),
        early=early,
    )


def _steps(deduction: Deduction, found: Found) -> Iterator[ExplainedStep]:
    for each in found.steps:
        text = deduction.text_of(each.path)
        if text is not None:
            yield ExplainedStep(spot(each.path, text, each.start, each.end), each.sentence)
    crash = found.crash
    text = deduction.text_of(crash.path) if crash is not None else None
    if crash is not None and text is not None and 0 < crash.line <= len(text.line_starts):
        line = text.line(crash.line - 1)
        start = text.line_starts[crash.line - 1] + len(line) - len(line.lstrip())
        end = text.line_starts[crash.line - 1] + len(line)
        yield ExplainedStep(spot(crash.path, text, start, end), "the crash")
