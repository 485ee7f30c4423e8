"""`sleeplsp why`: paste a traceback, get the cause, from what is known beforehand.

The workspace is brought up to date first. It must not know how a cause is found.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sleeplsp.answers.why.cause import Certainty, Found, explain
from sleeplsp.answers.why.known import Known
from sleeplsp.answers.why.telling import lines
from sleeplsp.answers.why.tracebacks import read
from sleeplsp.cli import options, output, tell, thinking
from sleeplsp.cli.exits import ExitCode
from sleeplsp.cli.scope import scope_of
from sleeplsp.cli.session import Session
from sleeplsp.cli.spent import spent_line, spent_of
from sleeplsp.cli.unlinked import unlinked
from sleeplsp.cli.why_report import why_report
from sleeplsp.engine.errors import SleepError, UsageError

if TYPE_CHECKING:
    from sleeplsp.engine.enquiry import Enquired

TEXT_BYTES_MAX = 16 * 1024 * 1024
"""Of a longer text the end is read."""

STANDARD_INPUT = "-"


@click.command()
@click.argument("file", metavar="[FILE|-]", default=STANDARD_INPUT)
@click.option("--model", is_flag=True, help="Then ask the model too, in one short call: it costs tokens.")
@options.replay
@options.json
@options.cache_dir
@options.state_dir
@options.root
def why(file: str, *, model: bool, json: bool, root: str | None, **places: str | None) -> int:
    """Name the likeliest cause of a Python traceback, pytest failure or log with one in it.

    The text is read from FILE, or from standard input; the last traceback counts. What is told follows from
    the code and from what was deduced of it; no model is asked without --model. Exit codes: 0 a cause is
    named, 3 nothing known explains it, 2 there is no traceback in the text.
    """
    pasted = read(_text(file))
    if pasted is None:
        raise UsageError("there is no Python traceback in the text")
    with thinking.thought(scope_of(root=root), places) as (session, _):
        knowledge, text_of = session.deduction.knowledge, session.deduction.text_of
        known = Known(knowledge.facts, knowledge.rows, knowledge.contexts, text_of)
        found = explain(pasted, known)
        if not json:
            output.deliver(output.lines(lines(found)))  # whatever becomes of the call
        try:
            told = _asked(found, known, session) if model else None
        except SleepError:
            if json:
                output.deliver(output.json(why_report(found)))
            raise
    if json:
        output.deliver(output.json(why_report(found, told)))
    elif told is not None:
        output.deliver(output.lines(("", *unlinked(told.text).splitlines())))
        tell.note(f"{spent_line(spent_of(told))}; a model may be wrong")
    is_named = found.certainty not in (Certainty.UNKNOWN, Certainty.ELSEWHERE)
    return ExitCode.CLEAN if is_named else ExitCode.INCOMPLETE


def _asked(found: Found, known: Known, session: Session) -> "Enquired":
    from sleeplsp.cli.why_model import enquired  # noqa: PLC0415 - only where a model is asked

    return enquired(found, known, session)


def _text(file: str) -> str:
    """Return the end of a file or of standard input. Raises UsageError."""
    try:
        if file == STANDARD_INPUT:
            if sys.stdin is not None and sys.stdin.isatty():
                tell.note("paste a traceback, and end it with Ctrl-D")
            raw = sys.stdin.buffer.read() if sys.stdin is not None else b""
        else:
            with Path(file).open("rb") as opened:
                opened.seek(max(0, os.fstat(opened.fileno()).st_size - TEXT_BYTES_MAX))
                raw = opened.read(TEXT_BYTES_MAX)
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return raw[-TEXT_BYTES_MAX:].decode("utf-8", "replace")
