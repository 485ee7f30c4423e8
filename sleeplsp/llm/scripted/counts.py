"""What the scripted endpoint has counted, to be compared with what a client has booked."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Seen:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    query: str = ""
    """What stands behind the path."""
    is_trial: bool = False
    """It belongs to the probe of what the endpoint can do."""

    @property
    def user(self) -> str:
        """Its user message, or its plain prompt."""
        return self._said_by("user") or str(self.body.get("prompt", ""))

    @property
    def system(self) -> str:
        """Its system message."""
        return self._said_by("system")

    def _said_by(self, role: str) -> str:
        messages = self.body.get("messages", ())
        return "\n".join(str(each.get("content", "")) for each in messages if each.get("role") == role)


@dataclass
class Tokens:
    """Tokens that were reported to clients, added up."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0
    reasoning: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.prompt + self.completion


@dataclass
class Counts:
    """All that was counted so far."""

    connections: int = 0
    requests: list[Seen] = field(default_factory=list)
    answered: int = 0
    """Requests whose response was sent to its end."""
    aborted: int = 0
    """Requests whose client went away before the end."""
    held: int = 0
    """Requests that wait to be released."""
    begun: int = 0
    """Requests of whose reply a part was sent."""
    under_way: int = 0
    under_way_max: int = 0
    reported: Tokens = field(default_factory=Tokens)
    """Of responses that were sent up to their usage."""

    @property
    def calls(self) -> list[Seen]:
        """The requests that ask for a reply and are no part of a probe."""
        return [each for each in self.requests if each.method == "POST" and not each.is_trial]


class Watched:
    """Counts that can be waited for. Lives on one event loop."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._changed = asyncio.Event()

    def change(self) -> None:
        """Tell that something was counted."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, holds: Callable[[Counts], bool]) -> None:
        """Wait until something holds."""
        while not holds(self.counts):
            await self._changed.wait()
