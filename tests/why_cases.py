"""Cases of fixtures/why/*.md: a workspace in memory, thought about, and a text that was pasted."""

from collections.abc import Mapping

from sleeplsp.answers.why.cause import Found, explain
from sleeplsp.answers.why.known import Known
from sleeplsp.answers.why.tracebacks import read
from tests.thinking import EditedFiles, Thinker


def known_of(files: Mapping[str, str]) -> Known:
    """Return what is known of files once they were thought about."""
    thinker = Thinker(EditedFiles(files))
    thinker.think()
    knowledge = thinker.deduction.knowledge
    return Known(knowledge.facts, knowledge.rows, knowledge.contexts, thinker.deduction.text_of)


def found_in(files: Mapping[str, str], text: str) -> Found | None:
    """Return what explains the traceback in a text; None if there is none."""
    pasted = read(text)
    return explain(pasted, known_of(files)) if pasted is not None else None
