"""The line to an endpoint: a request is tried until it has come to something, in its place, time and budget.

It must not know what is asked: a request is a body. Lives on one event loop.
"""

import math
import random
import time
from collections.abc import Callable

import anyio
import msgspec
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from sleeplsp.engine.clock import Clock
from sleeplsp.engine.ledger import UNABLE, Caps, Ledger, Reservation, Settlement
from sleeplsp.engine.model import (
    CapError,
    DeadlineError,
    ModelError,
    OverloadedError,
    Phase,
    UnreachableError,
    Usage,
)
from sleeplsp.llm.booking import Booking, Pending
from sleeplsp.llm.breaker import Breaker
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.faults import Fault
from sleeplsp.llm.places import Place, Places
from sleeplsp.llm.protocol import ModelList
from sleeplsp.llm.reply import Gathering, Reply
from sleeplsp.llm.request import Body, Dialect
from sleeplsp.llm.usage import sent
from sleeplsp.llm.wire import CHAT, Wire

TRIES_MAX = 4
WAIT_S_MAX = 120.0
"""An endpoint that asks to be left alone for longer is not waited for."""

_REMEDIES = {Phase.SLEEP: ": raise reply_tokens_max"}
"""What helps where a reply was cut off; replies of other phases have bounds of their own."""

_SCALE_MAX = 4.0

_waits = wait_random_exponential(multiplier=0.5, max=20.0)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request, to be tried as often as needed."""

    phase: Phase
    path: str
    key: str
    body: Callable[[Dialect], Body]
    prompt_tokens: int
    """Estimated."""
    reply_tokens_max: int
    """Of all its replies."""
    deadline_s: float
    limit_s: float
    """What is told where it takes too long: some of it may be over by now."""
    to: str = CHAT
    replies: int = 1
    """How many are asked for; of them those count that are whole."""
    structured: bool = False
    """A reply without a JSON object in it is none."""
    may_be_cut: bool = False
    """Its reply is wanted even if it was cut off."""
    found_out: tuple[type[ModelError], ...] = ()
    """Errors that are what was to be found out, and no failure."""

    def outcome(self, error: ModelError) -> str:
        """Return what the Ledger calls it that an error came of it."""
        return UNABLE if isinstance(error, self.found_out) else type(error).__name__


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a request came to."""

    reply: Reply
    usage: Usage
    cost: float
    seconds: float
    retries: int


class _Work:
    """One request on its way: what is shared by its tries."""

    def __init__(
        self,
        request: Request,
        hear: Callable[[str], None] | None,
        scope: anyio.CancelScope,
        booking: Booking,
    ) -> None:
        self.request = request
        self.hear = hear
        self.scope = scope
        self.booking = booking
        self.began = time.monotonic()
        self.sent = 0
        self.was_silent = False
        """Its time ran out while the endpoint had not said a word."""

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.began

    @property
    def retries(self) -> int:
        """How often it was sent again."""
        return max(self.sent - 1, 0)

    @property
    def left_s(self) -> float:
        """How much of its time is left."""
        return self.scope.deadline - anyio.current_time()

    @property
    def interruption(self) -> str:
        """What the Ledger calls it that the work is being cancelled."""
        return DeadlineError.__name__ if self.left_s <= 0 else "cancelled"


class Line:
    """Sends requests to one endpoint. `run` and `root` are what the Ledger calls this run and workspace."""

    def __init__(
        self, endpoint: Endpoint, ledger: Ledger, caps: Caps, *, root: str, run: str, clock: Clock
    ) -> None:
        self.endpoint = endpoint
        self.wire = Wire(endpoint)
        self.places = Places(endpoint.calls_max)
        self._dialect = Dialect()
        self._ledger = ledger
        self.caps = caps
        self._root = root
        self._run = run
        self._clock = clock
        self._breaker = Breaker(clock)
        self._pending = Pending()
        self._scopes: set[anyio.CancelScope] = set()
        self._is_closed = False
        self._not_before = 0.0
        self._scale = 1.0
        """How many tokens the endpoint counts for one that is estimated, at the most so far."""

    async def ask(self, request: Request, hear: Callable[[str], None] | None = None) -> Told:
        """Have a request answered. Raises ModelError and JournalError."""
        if self._is_closed:
            raise ModelError(f"the line to {self.endpoint.shown} is closed")
        with anyio.move_on_after(request.deadline_s) as scope:
            self._scopes.add(scope)
            try:
                return await self._answered(_Work(request, hear, scope, self._booking(request)))
            finally:
                self._scopes.discard(scope)
        if self._is_closed:
            raise ModelError(f"the line to {self.endpoint.shown} was closed")
        raise DeadlineError(f"{self.endpoint.shown} was not done within {request.limit_s:,g} s")

    async def models(self, deadline_s: float) -> ModelList:
        """Return what the endpoint offers; tried once. Raises ModelError."""
        try:
            with anyio.fail_after(deadline_s):
                return await self.wire.models()
        except Fault as fault:
            raise fault.error from None
        except TimeoutError:
            raise DeadlineError(f"{self.endpoint.shown} said nothing within {deadline_s:g} s") from None

    def relieve(self) -> None:
        """Take note that somebody answers there, though calls have failed."""
        self._breaker.relieve()

    async def close(self) -> None:
        """End what is under way, and close all connections."""
        self._is_closed = True
        for scope in tuple(self._scopes):
            scope.cancel()
        await self.wire.close()

    async def _answered(self, work: _Work) -> Told:
        """Try until it is answered, and tell the breaker how it went."""
        outcome = "cancelled"
        try:
            told = await self._tried(work)
        except Fault as fault:
            outcome = work.request.outcome(fault.error)
            self._breaker.over(work, fault.error)
            raise fault.error from None
        except ModelError as error:  # it was not admitted, or nothing could be reserved
            outcome = type(error).__name__
            raise
        except anyio.get_cancelled_exc_class():
            outcome = work.interruption
            if work.was_silent:
                self._breaker.over(work, UnreachableError(f"{self.endpoint.shown} says nothing"))
            raise
        else:
            self._breaker.over(work, None)
            return told
        finally:
            self._breaker.gone(work)
            await work.booking.close(outcome, work.seconds, work.retries)

    async def _tried(self, work: _Work) -> Told:
        tries = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, Fault) and error.again),
            wait=_wait,
            stop=lambda state: state.attempt_number >= TRIES_MAX or not _is_in_time(state, work.left_s),
            sleep=self._clock.sleep,
            reraise=True,
        )
        return await tries(self._try, work)

    async def _try(self, work: _Work) -> Told:
        """Send a request, unless the endpoint asks to be left alone, as soon as it can be booked."""
        rest_s = self._not_before - self._clock.now()
        if rest_s > 0:
            error = OverloadedError(f"{self.endpoint.shown} asks to be left alone for {rest_s:.0f} s")
            raise Fault(error, again=True, free=True, wait_s=rest_s)
        while True:
            try:
                return await self._placed(work)
            except CapError:
                # What calls that are under way have reserved is more than they will take.
                if not await self._pending.room():
                    raise

    async def _placed(self, work: _Work) -> Told:
        """Send a request, in its place; and at once again without what the endpoint does not take."""
        while True:
            await self._breaker.shown(work)  # not in a place: what is tried may need it
            async with self.places.place(urgent=work.request.phase is Phase.TEST) as place:
                while not self._breaker.is_tried_for(work):
                    self._breaker.admit(work)
                    await work.booking.begin()
                    body = self._dialect.spoken(work.request.body(self._dialect))
                    try:
                        return await self._send(work, body, place)
                    except Fault as fault:
                        if not self._learn(work.request, body, fault):
                            raise

    async def _send(self, work: _Work, body: Body, place: Place) -> Told:
        """Send a request once, and book what comes of it unless it is free."""
        request = work.request
        work.sent += 1
        gathering = Gathering(
            self.endpoint,
            work.hear,
            remedy=_REMEDIES.get(request.phase, ""),
            sent=sent(body, request.prompt_tokens, request.reply_tokens_max),
            may_be_cut=request.may_be_cut,
            structured=request.structured,
            replies=request.replies,
        )
        try:
            async with self.wire.post(request.to, body) as incoming:
                gathering.is_stream = incoming.is_stream
                async for chunk in incoming.chunks():
                    gathering.take(chunk)
            reply = gathering.finished()
        except Fault as fault:
            self._note(fault, place)
            fault.again = fault.again and not gathering.has_told
            if not fault.free:
                await self._settle(work, gathering, request.outcome(fault.error))
            raise
        except BaseException:
            work.was_silent = work.left_s <= 0 and not gathering.has_begun
            await self._settle(work, gathering, work.interruption)
            raise
        place.went_well()
        usage = await self._settle(work, gathering, reply.finish)
        return Told(
            reply=reply,
            usage=usage,
            cost=self.endpoint.cost(usage),
            seconds=work.seconds,
            retries=work.retries,
        )

    async def _settle(self, work: _Work, gathering: Gathering, outcome: str) -> Usage:
        usage = gathering.usage
        if not usage.estimated and work.request.prompt_tokens:
            self._scale = min(max(self._scale, usage.prompt / work.request.prompt_tokens), _SCALE_MAX)
        await work.booking.settle(
            Settlement(
                outcome=outcome,
                usage=usage,
                cost=self.endpoint.cost(usage),
                seconds=work.seconds,
                ttft_s=gathering.ttft_s,
                retries=work.retries,
            )
        )
        return usage

    def _learn(self, request: Request, body: Body, fault: Fault) -> bool:
        """Learn of a complaint what to leave out from now on; tell whether there is something."""
        if request.to != CHAT or not fault.parameter.strip():
            return False
        learned = self._dialect.learned(body, fault.parameter)
        self._dialect = learned or self._dialect
        return learned is not None

    def _note(self, fault: Fault, place: Place) -> None:
        """Let a sign of overload, and how long the endpoint wants to be left alone, hold for all calls."""
        if fault.loaded:
            place.was_too_much()
        elif not fault.again:
            place.went_well()
        if fault.loaded and fault.wait_s is not None:
            self._not_before = max(self._not_before, self._clock.now() + fault.wait_s)

    def _booking(self, request: Request) -> Booking:
        prompt = math.ceil(request.prompt_tokens * self._scale)
        reservation = Reservation(
            root=self._root,
            run=self._run,
            phase=request.phase,
            path=request.path,
            key=request.key,
            model=self.endpoint.model,
            tokens=prompt + request.reply_tokens_max,
            cost=self.endpoint.cost_max(prompt, request.reply_tokens_max),
            seconds=request.deadline_s,
        )
        return Booking(self._ledger, self.caps, reservation, self._pending)


def _wait(state: RetryCallState) -> float:
    """Return the seconds to wait for.

    As many as the endpoint asks for, and a bit more, so that not all come back at once; else more each time.
    """
    error = state.outcome.exception() if state.outcome is not None else None
    if isinstance(error, Fault) and error.wait_s is not None:
        return error.wait_s + random.uniform(0.0, min(1.0, error.wait_s / 4))  # noqa: S311 - no secret
    return _waits(state)


def _is_in_time(state: RetryCallState, left_s: float) -> bool:
    return state.upcoming_sleep < min(left_s, WAIT_S_MAX)
