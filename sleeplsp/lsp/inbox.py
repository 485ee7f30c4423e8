"""The inbox: messages that were read and not handled yet, in their order.

What is cancelled while it waits is never begun. It must not know what the messages ask for.
"""

from collections import deque

from sleeplsp.lsp.messages import Message, Number, Request


class Inbox:
    """Messages that wait."""

    def __init__(self) -> None:
        self._waiting: deque[Message] = deque()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def add(self, message: Message) -> None:
        """Put a message behind all others."""
        self._waiting.append(message)

    def take(self) -> Message:
        """Take the first message out."""
        return self._waiting.popleft()

    def withdraw(self, number: Number) -> Request | None:
        """Take a request out, if it still waits."""
        for message in self._waiting:
            if isinstance(message, Request) and message.number == number:
                self._waiting.remove(message)
                return message
        return None
