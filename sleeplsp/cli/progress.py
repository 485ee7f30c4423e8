"""How far a run is, told on standard error: a bar on a terminal that can draw one, else lines at every tenth.

It must not know what a run does.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from sleeplsp.cli import tell
from sleeplsp.engine.outcome import Progress

Listener = Callable[[Progress], None]
Show = Callable[[Progress], None]

TENTHS = 10


@contextmanager
def shown(modules_min: int = 1) -> Iterator[Listener]:
    """Give a listener for one run; it keeps silent if fewer modules than that are to be read."""
    if _can_draw():
        with _bar() as show:
            yield _listener(show, modules_min)
    else:
        yield _listener(_lines(), modules_min)


def _can_draw() -> bool:
    if os.name != "nt" and os.environ.get("TERM", "").lower() in {"", "dumb", "unknown"}:
        return False
    return sys.stderr.isatty()


def _listener(show: Show, modules_min: int) -> Listener:
    is_worth_it = modules_min <= 1

    def listen(event: Progress) -> None:
        nonlocal is_worth_it
        if event.stage == "reading" and event.done == 0:
            is_worth_it = event.total >= modules_min
            if is_worth_it and modules_min > 1:
                tell.note(f"thinking about {tell.plural(event.total, 'new or changed module')} first")
        if is_worth_it:
            show(event)

    return listen


def _lines() -> Show:
    told: dict[str, int] = {}

    def show(event: Progress) -> None:
        tenth = TENTHS * event.done // max(event.total, 1)
        if told.get(event.stage) != tenth:
            told[event.stage] = tenth
            what = "functions" if event.stage == "deducing" else "modules"
            tell.note(f"{event.stage}: {event.done:,} of {event.total:,} {what}")

    return show


@contextmanager
def _bar() -> Iterator[Show]:
    with ExitStack() as stack:
        update: Callable[..., None] | None = None

        def show(event: Progress) -> None:
            nonlocal update
            if update is None:  # a run with nothing to do needs no bar, which takes time to import
                update = stack.enter_context(_bars())
            update(event.stage, completed=event.done, total=event.total)

        yield show


@contextmanager
def _bars() -> Iterator[Callable[..., None]]:
    from rich.console import Console  # noqa: PLC0415 - imported when there is a step to show
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn  # noqa: PLC0415 - as above
    from rich.progress import Progress as Bars  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        stages = {stage: bars.add_task(stage, total=None) for stage in ("reading", "deducing")}

        def update(stage: str, *, completed: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=None)
            bars.update(stages[stage], completed=completed, total=total)

        yield update
