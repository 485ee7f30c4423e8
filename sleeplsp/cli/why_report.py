"""The JSON of `sleeplsp why`. It must not know how a cause is found."""

from typing import TYPE_CHECKING, Annotated

import msgspec

from sleeplsp.answers.why.cause import Crash, Found, Told
from sleeplsp.answers.why.telling import lines, markdown
from sleeplsp.cli.described import says
from sleeplsp.cli.report import SCHEMA_VERSION, Version
from sleeplsp.cli.spent import REPLAYED

if TYPE_CHECKING:
    from sleeplsp.engine.enquiry import Enquired


class WhyStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step from the cause to the crash."""

    path: str
    line: int
    symbol: Annotated[str, says("Id of the symbol in its module.")]
    sentence: Annotated[str, says("Code in backquotes.")]
    code: Annotated[str, says("The line of code.")]


class WhyCrash(msgspec.Struct, frozen=True, kw_only=True):
    """The innermost line of the workspace's code."""

    path: str
    line: Annotated[int, says("As the code is now; 0 if the line is not there any more.")]
    symbol: str
    code: str
    moved: Annotated[bool, says("It stood elsewhere when it ran.")]


class WhyOutside(msgspec.Struct, frozen=True, kw_only=True):
    """A line of other code, as the text tells it."""

    file: str
    line: int
    code: str


class Follower(msgspec.Struct, frozen=True, kw_only=True):
    """An exception that followed."""

    exception: str
    message: str


class WhyModel(msgspec.Struct, frozen=True, kw_only=True):
    """What a model said, and what that cost."""

    text: str
    model: str
    tokens: int
    cost: Annotated[float, says("In the units of the setting `prices`.")]
    seconds: float
    replayed: Annotated[bool, says(REPLAYED)]
    stood_on: Annotated[tuple[str, ...], says("What it was told of.")]


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp why --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    exception: str
    message: str
    certainty: Annotated[
        str,
        says(
            "certain; likely: it can have come about otherwise; partly: what lies behind is not known; "
            "unknown; elsewhere: no code of the workspace is in the traceback."
        ),
    ]
    steps: Annotated[tuple[WhyStep, ...], says("From the cause to the crash, which is not among them.")]
    crash: WhyCrash | None
    outside: Annotated[WhyOutside | None, says("Other code that passed in what was wrong.")]
    later: Annotated[tuple[Follower, ...], says("Exceptions that followed from it, the last told last.")]
    others: Annotated[int, says("Tracebacks that stand before it in the text.")]
    model: Annotated[WhyModel | None, says("With --model, if the call came to anything.")]
    text: Annotated[tuple[str, ...], says("The explanation as lines, the cause first.")]
    markdown: str


def why_report(found: Found, told: "Enquired | None" = None) -> Why:
    """Return an explanation for machines."""
    crash, outside = found.crash, found.outside
    return Why(
        exception=found.exception,
        message=found.message,
        certainty=found.certainty.value,
        steps=tuple(map(_step, found.steps)),
        crash=_crash(crash) if crash is not None else None,
        outside=WhyOutside(file=outside.file, line=outside.line, code=outside.code) if outside else None,
        later=tuple(Follower(exception=name, message=message) for name, message in found.later),
        others=found.others,
        model=_model(told) if told is not None else None,
        text=tuple(lines(found)),
        markdown=markdown(found),
    )


def _model(told: "Enquired") -> WhyModel:
    return WhyModel(
        text=told.text,
        model=told.model,
        tokens=told.usage.total,
        cost=told.cost,
        seconds=round(told.seconds, 3),
        replayed=told.replayed,
        stood_on=told.stood_on,
    )


def _step(told: Told) -> WhyStep:
    return WhyStep(path=told.path, line=told.line, symbol=told.symbol, sentence=told.sentence, code=told.code)


def _crash(crash: Crash) -> WhyCrash:
    return WhyCrash(path=crash.path, line=crash.line, symbol=crash.symbol, code=crash.code, moved=crash.moved)
