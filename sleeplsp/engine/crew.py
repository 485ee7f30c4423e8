"""The crew: workers side by side, each with a thread that waits for it.

What a worker is handed comes back through the mailbox, with everything else its owner waits for, so that
one thread alone decides. It must not know what the work is.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from sleeplsp.engine.work import Worker

AHEAD_MAX = 2
"""Orders a worker holds: the one it works on, and the next, so that it need not wait for us."""

T = TypeVar("T")


class Answer(NamedTuple):
    """An order is done."""

    worker: int
    take: Callable[[], None]
    """Takes the result; raises what the work raised."""


class Crew:
    """Any number of workers; for one thread."""

    def __init__(self, workers: Sequence[Worker], deliver: Callable[[Answer], None]) -> None:
        self.workers = workers
        self._deliver = deliver
        self._desks: list[queue.SimpleQueue[Callable[[], None] | None]] = []
        self._ahead = [0] * len(workers)
        self.recalls = 0
        """Counts how often workers were called back."""
        self.is_urgent = False
        """Somebody waits for little: it is not put off until the machine has a place for a worker."""
        for number in range(len(workers)):
            desk: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
            self._desks.append(desk)
            threading.Thread(
                target=_attend, args=(desk,), name=f"sleeplsp-worker-{number}", daemon=True
            ).start()

    def recall(self) -> None:
        """Have workers come back with what they have deduced so far: what they were handed is outdated."""
        self.recalls += 1
        for worker in self.workers:
            worker.recall()

    @property
    def is_busy(self) -> bool:
        """Whether any order has not come back yet."""
        return any(self._ahead)

    @property
    def room(self) -> int:
        """How many orders all workers hold at most; one alone may as well be handed all at once."""
        return AHEAD_MAX * len(self.workers) if len(self.workers) > 1 else 1

    def is_idle(self, number: int) -> bool:
        """Tell whether a worker does nothing."""
        return not self._ahead[number]

    def free(self) -> list[int]:
        """Return the workers that can be handed another order, the idlest first."""
        numbers = [
            each
            for each, ahead in enumerate(self._ahead)
            if ahead < AHEAD_MAX and (ahead or self.workers[each].is_ready())
        ]
        if not numbers and self.is_urgent and not self.is_busy:
            return [0]
        return sorted(numbers, key=self._ahead.__getitem__)

    def hand(self, number: int, work: Callable[[Worker], T], take: Callable[[T], None]) -> None:
        """Have a worker do something; `take` is called with the result by whoever opens the mail."""
        worker = self.workers[number]
        self._ahead[number] += 1

        def do() -> None:
            try:
                result = work(worker)
            except BaseException as error:  # noqa: BLE001  told to whoever waits
                self._deliver(Answer(number, _raising(error)))
            else:
                self._deliver(Answer(number, lambda: take(result)))

        self._desks[number].put(do)

    def opened(self, answer: Answer) -> None:
        """Take note that an answer's mail was opened, and take its result."""
        self._ahead[answer.worker] -= 1
        answer.take()

    @property
    def is_wanted(self) -> bool:
        """Whether another process waits for what the workers hold."""
        return any(worker.is_wanted() for worker in self.workers)

    def rest(self) -> None:
        """Let workers give back what they hold, while nothing is to be done."""
        for worker in self.workers:
            worker.rest()

    def close(self) -> None:
        """End all workers, and what they are at."""
        for desk in self._desks:
            desk.put(None)
        closing = [threading.Thread(target=worker.close) for worker in self.workers]
        for each in closing:  # side by side: each process saves what it has learned of the library
            each.start()
        for each in closing:
            each.join()


def _attend(desk: "queue.SimpleQueue[Callable[[], None] | None]") -> None:
    while (work := desk.get()) is not None:
        work()


def _raising(error: BaseException) -> Callable[[], None]:
    def take() -> None:
        raise error

    return take
