"""Mail: what other threads have to say to the one that thinks, opened when that has time.

It must not know what letters are about.
"""

import queue
from collections.abc import Callable

Letter = Callable[[], None]
"""What is done when it is opened, by the thread that thinks."""


class Mail:
    """Letters of any thread, for one."""

    def __init__(self) -> None:
        self._letters: queue.SimpleQueue[Letter | None] = queue.SimpleQueue()

    def put(self, letter: Letter | None = None) -> None:
        """Send a letter; without one, whoever waits only looks up."""
        self._letters.put(letter)

    def open(self, seconds: float | None = None) -> bool:
        """Wait for letters, at most some seconds, and open all there are; tell whether any came."""
        try:
            letters = [self._letters.get(timeout=seconds)]
        except queue.Empty:
            return False
        while not self._letters.empty():
            letters.append(self._letters.get())
        for each in letters:
            if each is not None:
                each()
        return True
