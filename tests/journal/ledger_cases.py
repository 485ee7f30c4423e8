"""What the fixtures of the ledger say: calls at times of a hand-moved clock, and the books as text."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from sleeplsp.engine.ledger import Books, Caps, Ledger, Reservation, Settlement
from sleeplsp.engine.model import CapError, Phase, Usage
from sleeplsp.journal.ledger import DiskLedger

DAY_S = 86400.0
ROOT = "r"
NOON = 1_790_000_000.0


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: float = 0.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@contextmanager
def ledger_in(
    state_dir: Path, clock: Callable[[], float] = lambda: NOON, lock_s_max: float = 10
) -> Iterator[DiskLedger]:
    opened = DiskLedger(state_dir, clock=clock, lock_s_max=lock_s_max)
    try:
        yield opened
    finally:
        opened.close()


def caps(text: str) -> Caps:
    """Return limits written as `tokens_day=1000 cost_day=0.5`."""
    said = dict(each.split("=") for each in text.split())
    return msgspec.convert(said, Caps, strict=False)


def reservation(tokens: int, **said: str) -> Reservation:
    """Return a reservation, with what is not said as the fixtures have it."""
    return Reservation(
        root=said.get("root", ROOT),
        run=said.get("run", "run"),
        phase=Phase(said.get("phase", "sleep")),
        path=said.get("path", "a.py").encode().decode("unicode_escape"),
        key=said.get("key", "key"),
        model=said.get("model", "m"),
        tokens=tokens,
        cost=float(said.get("cost", 0)),
        seconds=float(said.get("seconds", 0)),
    )


def settlement(outcome: str, tokens: str, **said: str) -> Settlement:
    """Return a settlement; tokens are `prompt+completion`."""
    prompt, completion = map(int, tokens.split("+"))
    cached, reasoning = int(said.get("cached", 0)), int(said.get("reasoning", 0))
    return Settlement(
        outcome=outcome,
        usage=Usage(prompt, cached, completion, reasoning, "estimated" in said),
        cost=float(said.get("cost", 0)),
        seconds=float(said.get("seconds", 0)),
        retries=int(said.get("retries", 0)),
    )


def play(
    calls: str, limits: Caps, ledger: Ledger, clock: Clock, compact: Callable[[float], None]
) -> tuple[list[str], dict[int, str]]:
    """Make the calls; return what was refused, and the names of the others by their numbers."""
    refused, numbers = [], {}
    for line in calls.splitlines():
        day, time, word, *rest = line.split()
        hour, minute = map(int, time.split(":"))
        clock.at = int(day) * DAY_S + hour * 3600 + minute * 60
        plain = [each for each in rest if "=" not in each]
        said = dict(each.split("=") for each in rest if "=" in each)
        match word:
            case "reserve":
                try:
                    numbers[plain[0]] = ledger.reserve(reservation(int(plain[1]), **said), limits)
                except CapError as error:
                    refused.append(f"{plain[0]}: {error}")
            case "settle":
                ledger.settle(numbers[plain[0]], settlement(*plain[1:], **said))
            case "compact":
                compact(clock.at)
            case _:
                assert word == "look"
    return refused, {number: name for name, number in numbers.items()}


def told(books: Books) -> list[str]:
    """Return the books as the fixtures write them."""
    lines = []
    for when, phases in (("today", books.today), ("ever", books.ever)):
        for each in phases:
            figures = msgspec.structs.asdict(each)
            head = f"{when} {figures.pop('phase')} {figures.pop('model')}"
            said = [
                f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
                for name, value in figures.items()
                if value
            ]
            lines.append(f"{head}: {', '.join(said)}")
    money = f" and {books.cost_today:g}" if books.cost_today else ""
    calls = f"{books.under_way} call{'s' if books.under_way > 1 else ''}"
    held = f", of it reserved {books.reserved} in {calls}" if books.under_way else ""
    return [*lines, f"spent {books.tokens_today}{money}{held}"]
