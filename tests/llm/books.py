"""Books in memory, and an endpoint with a client at it, for tests of models."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
import anyio.lowlevel

from sleeplsp.engine.clock import Clock
from sleeplsp.engine.ledger import Books, Caps, Reservation, Settlement
from sleeplsp.engine.model import Call, CapError, Phase, Usage
from sleeplsp.engine.ports import Store
from sleeplsp.engine.settings.model import Price
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.keys import Key
from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint
from sleeplsp.llm.scripted.script import Script, read_script
from sleeplsp.prompts.prompt import Prompt, Schema


@dataclass
class MemoryLedger:
    """A Ledger that knows the limit of tokens a day alone."""

    reserved: dict[int, Reservation] = field(default_factory=dict)
    """What is reserved and not settled."""
    settled: list[tuple[Reservation, Settlement]] = field(default_factory=list)
    most: int = 0
    """The most tokens that were ever reserved at a time."""
    _numbers: int = 0

    def reserve(self, reservation: Reservation, caps: Caps) -> int:
        pending = sum(each.tokens for each in self.reserved.values()) + reservation.tokens
        spent = sum(settlement.usage.total for _, settlement in self.settled)
        if caps.tokens_day is not None and spent + pending > caps.tokens_day:
            raise CapError(f"tokens_day_max: {caps.tokens_day - spent} left")
        self.most = max(self.most, pending)
        self._numbers += 1
        self.reserved[self._numbers] = reservation
        return self._numbers

    def settle(self, number: int, settlement: Settlement) -> None:
        self.settled.append((self.reserved.pop(number), settlement))

    def books(self, root: str | None = None) -> Books:
        raise NotImplementedError(root)

    def close(self) -> None:
        """Do nothing: the books go with the object."""

    @property
    def outcomes(self) -> list[str]:
        return [settlement.outcome for _, settlement in self.settled]

    def sums(self, *, estimated: bool) -> Usage:
        """Add up what was reported, or what was estimated."""
        found = [each.usage for _, each in self.settled if each.usage.estimated is estimated]
        return Usage(
            prompt=sum(each.prompt for each in found),
            cached=sum(each.cached for each in found),
            completion=sum(each.completion for each in found),
            reasoning=sum(each.reasoning for each in found),
            estimated=estimated,
        )


class HurriedClock(Clock):
    """Time passes as fast as anybody waits for it."""

    def __init__(self) -> None:
        self._now = 1_000.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self._now += seconds
        await anyio.lowlevel.checkpoint()

    async def refuse(self, seconds: float) -> None:
        raise AssertionError(f"somebody waits for {seconds} s")


@dataclass
class Desk:
    """A scripted endpoint, a model at it, and the books."""

    endpoint: ScriptedEndpoint
    model: EndpointModel
    ledger: MemoryLedger
    clock: HurriedClock


PLANTED = "sk-planted-0123456789abcdef"
SCHEMA = Schema(
    "word",
    {
        "type": "object",
        "properties": {"word": {"type": "string", "minLength": 1, "maxLength": 20}},
        "required": ["word"],
        "additionalProperties": False,
    },
)


@asynccontextmanager
async def desk(
    script: str | Script = "",
    *,
    caps: Caps | None = None,
    calls_max: int = 4,
    key: str = PLANTED,
    store: Store | None = None,
    ledger: MemoryLedger | None = None,
    price: Price | None = None,
) -> AsyncIterator[Desk]:
    """Give a model at an endpoint that does as a script says; at the end nothing may be left reserved."""
    read = read_script(script) if isinstance(script, str) else script
    ledger, clock = ledger or MemoryLedger(), HurriedClock()
    async with ScriptedEndpoint(read).listening() as listening:
        at = Endpoint(
            base_url=listening.url,
            model="scripted",
            key=Key(key),
            calls_max=calls_max,
            price=price or Price(),
        )
        model = EndpointModel(at, ledger, caps or Caps(), root="r", run="1", store=store, clock=clock)
        try:
            yield Desk(listening, model, ledger, clock)
        finally:
            with anyio.CancelScope(shield=True):
                await model.close()
    assert not ledger.reserved


def call_of(
    user: str = "a question",
    schema: Schema | None = None,
    phase: Phase = Phase.SLEEP,
    deadline_s: float = 20.0,
) -> Call:
    """Return a call."""
    prompt = Prompt(version="test/1", system="You answer.", parts=(user,), schema=schema)
    return Call(phase=phase, path="m.py", key="k", prompt=prompt, reply_tokens_max=400, deadline_s=deadline_s)
