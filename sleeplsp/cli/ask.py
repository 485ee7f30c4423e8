"""`sleeplsp ask`: a question in words, answered from what was known beforehand if that surely answers it."""

import sys
from collections.abc import Iterator

import click

from sleeplsp.cli import asking, modelled, options, output, tell, thinking
from sleeplsp.cli.ask_report import Asked
from sleeplsp.cli.exits import ExitCode
from sleeplsp.cli.position import position_of
from sleeplsp.cli.scope import scope_of
from sleeplsp.cli.spent import spent_line
from sleeplsp.cli.tell import printable
from sleeplsp.cli.unlinked import Unlinking, unlinked
from sleeplsp.core.spelling import native
from sleeplsp.engine.errors import UsageError


@click.command()
@click.argument("question", metavar="QUESTION")
@click.option("--at", metavar="FILE:LINE[:COLUMN]", help="Where it is asked: what it, this and that are.")
@click.option(
    "--verbosity",
    type=click.IntRange(0, 4),
    metavar="N",
    help="How long a model's answer is: 0, a sentence, to 4, a page; by default the setting verbosity.",
)
@options.replay
@options.json
@options.cache_dir
@options.state_dir
@options.root
def ask(
    question: str,
    *,
    at: str | None,
    verbosity: int | None,
    json: bool,
    root: str | None,
    **places: str | None,
) -> int:
    """Answer a question about a symbol that it names, or that stands at --at.

    First comes what surely answers it and was known beforehand, which costs nothing: what was deduced, and
    the questions that a model anticipated; the one that is answered stands above the answer. Else a model
    is asked, if there is one, with what is known; the answer comes as it is made. Without one, what comes
    near is shown. No answer is no error: the exit code is 0, and in JSON the answer is null.
    """
    question = " ".join(question.split())
    if not question:
        raise UsageError("there is no question")
    position = position_of(at) if at is not None else None
    scope = scope_of([position.file] if position is not None else [], root)
    where = None
    if position is not None:
        if not scope.paths or (scope.root / native(scope.paths[0])).is_dir():
            raise UsageError(f"{position.file} is a folder; a position is FILE:LINE or FILE:LINE:COLUMN")
        where = asking.Where(scope.paths[0], position)
    flags = {**places, "verbosity": verbosity}
    with thinking.thought(scope, flags) as (session, _):
        insight_of = modelled.insights(session).get
        found = asking.known(session.deduction, insight_of, question, where)
        known = asking.answered(found)
        open_model, enquired = modelled.model_of(session), None
        if known is None and open_model is not None:
            told = Unlinking()
            hear = None if json else lambda piece: _stream(told.hear(piece))
            enquired = asking.enquired(
                found, session.deduction, insight_of, open_model, session.settings, hear
            )
            if enquired is not None and not json:
                _stream(f"{told.end()}\n")
        report = asking.report(found, known or enquired)
    is_streamed = enquired is not None and not json
    _deliver(report, json=json, is_streamed=is_streamed, is_model=open_model is not None)
    return ExitCode.CLEAN


def _stream(piece: str) -> None:
    """Write a piece of an answer as it comes."""
    sys.stdout.write("\n".join(map(printable, piece.split("\n"))))
    sys.stdout.flush()


def _deliver(report: Asked, *, json: bool, is_streamed: bool, is_model: bool) -> None:
    if json:
        output.deliver(output.json(report))
        return
    if not is_streamed:
        output.deliver(output.lines(_lines(report)))
    _explain(report, is_model=is_model)


def _lines(report: Asked) -> Iterator[str]:
    if report.answer is not None:
        yield unlinked(report.answer.question)
        yield ""
        yield from unlinked(report.answer.answer).splitlines()


def _explain(report: Asked, *, is_model: bool) -> None:
    """Tell on what an answer stands and what it cost, or what comes near."""
    answer, spent = report.answer, report.spent
    if answer is not None and answer.source == "model":
        tell.note(spent_line(spent))
        tell.note(f"it was told of {', '.join(answer.stood_on)}")
    elif answer is not None:
        tell.note(f"{answer.grade}, of {answer.symbol}; no tokens")
    else:
        why = "nothing known surely answers it" if report.symbols else "no symbol is named that is known"
        tell.note(f"{why}, and there is {'nothing to tell a model' if is_model else 'no model to ask'}")
        for each in report.nearest:
            tell.note(f"near: {each.symbol}: {unlinked(each.text)} ({each.grade})")
