"""A model behind an OpenAI-compatible endpoint: calls become requests, replies become answers.

Joins what the other modules of this package know each by itself. It must not know what is asked.
"""

from collections.abc import Callable

import anyio
import anyio.to_thread
import msgspec

from sleeplsp.engine.clock import Clock
from sleeplsp.engine.ledger import Caps, Ledger
from sleeplsp.engine.model import (
    Abilities,
    Answer,
    Call,
    CapError,
    DeadlineError,
    MalformedError,
    ModelError,
    OverloadedError,
    UnreachableError,
    Weight,
)
from sleeplsp.engine.ports import Store
from sleeplsp.llm import weighing
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.faults import RejectedError
from sleeplsp.llm.line import Line, Request
from sleeplsp.llm.probe import READY, Trials, probe, trial_call
from sleeplsp.llm.protocol import ModelList
from sleeplsp.llm.remembered import recalled, remember
from sleeplsp.llm.request import PLAIN, Body, Dialect, body_of, worse_of
from sleeplsp.llm.wire import COMPLETIONS
from sleeplsp.prompts.prompt import ESTIMATE_BYTES_PER_TOKEN

MODELS_S_MAX = 20.0


class EndpointModel:
    """Fulfils the port `Model`. Lives on one event loop; nothing is sent before the first call.

    `root` and `run` are what the Ledger calls the workspace and this run. Without a store, what the endpoint
    can do is found out by each process anew.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        ledger: Ledger,
        caps: Caps,
        *,
        root: str = "",
        run: str = "",
        store: Store | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.line = Line(endpoint, ledger, caps, root=root, run=run, clock=clock or Clock())
        self._store = store
        self._abilities: Abilities | None = None
        self._probing = anyio.Lock()
        self._trials = Trials(self.line)
        self._takes_several = True
        """It has not refused to give several replies at once."""

    async def answer(self, call: Call, hear: Callable[[str], None] | None = None) -> Answer:
        """Have a call answered; raises ModelError and, where nothing can be booked, JournalError.

        Of a structured call the text is one JSON object, whatever the model has put around it; `hear` is
        told pieces as they come. A reply that somebody has heard a part of is not asked for again. Where
        several replies are wanted, and the endpoint or a limit does not allow them at once, one comes.
        """
        limit_s = call.deadline_s
        if call.prompt.schema is None:
            return await self._answered(msgspec.structs.replace(call, replies=1), PLAIN, limit_s, hear)
        known, call = await self._known_for(call)
        began = anyio.current_time()
        if call.replies > 1 and known.several and self._takes_several:
            try:
                return await self._answered(call, known.structure, limit_s, hear)
            except RejectedError:  # so many are too many
                self._takes_several = False
            except CapError:  # what one takes may be left
                pass
        left_s = max(call.deadline_s - (anyio.current_time() - began), 0.0)
        one = msgspec.structs.replace(call, replies=1, deadline_s=left_s)
        return await self._answered(one, known.structure, limit_s, hear)

    async def _answered(
        self, call: Call, structure: str, limit_s: float, hear: Callable[[str], None] | None
    ) -> Answer:
        def body(dialect: Dialect) -> Body:
            return body_of(self.endpoint, call, worse_of(structure, dialect.structure))

        is_structured = call.prompt.schema is not None
        told = await self.line.ask(_request(call, body, limit_s, structured=is_structured), hear)
        return Answer(
            text=told.reply.text,
            others=told.reply.texts[1:],
            model=told.reply.model,
            usage=told.usage,
            seconds=told.seconds,
            ttft_s=told.reply.ttft_s,
            retries=told.retries,
            cost=told.cost,
        )

    async def weigh(self, call: Call, text: str) -> Weight:
        """Return how likely a text is as the reply to a call; raises ModelError."""
        limit_s = call.deadline_s
        known, call = await self._known_for(call)
        if not known.can_weigh:
            raise ModelError(f"{self.endpoint.model} at {self.endpoint.shown} tells no log-probabilities")
        told = await self.line.ask(self._weighing(call, text, limit_s, echoed=known.prompt_logprobs))
        read = weighing.echoed_weight if known.prompt_logprobs else weighing.forced_weight
        weight = read(text, told.reply)
        if weight is None:
            raise MalformedError(f"{self.endpoint.model} at {self.endpoint.shown} has not weighed the text")
        return weight

    async def abilities(self, *, again: bool = False) -> Abilities:
        """Return what the endpoint can do: remembered, else found out now; raises ModelError."""
        async with self._probing:
            if self._abilities is None and not again and self._store is not None:
                self._abilities = await anyio.to_thread.run_sync(recalled, self._store, self.endpoint)
            if self._abilities is None or again:
                self._trials = Trials(self.line) if again else self._trials
                self._abilities = await probe(self._trials)
                if self._store is not None:
                    await anyio.to_thread.run_sync(remember, self._store, self.endpoint, self._abilities)
            return self._abilities

    async def remembered(self) -> bool:
        """Tell whether it is known what the endpoint can do, without finding it out."""
        if self._abilities is None and self._store is not None:
            self._abilities = await anyio.to_thread.run_sync(recalled, self._store, self.endpoint)
        return self._abilities is not None

    async def greet(self) -> Answer:
        """Have the shortest of prompts answered, to see whether the model is there; raises ModelError."""
        return await self.answer(trial_call("greet", READY))

    async def models(self) -> ModelList:
        """Return what the endpoint offers, which costs nothing; raises ModelError."""
        return await self.line.models(MODELS_S_MAX)

    async def is_there(self) -> bool:
        """Tell whether anybody answers there, which costs nothing; who does is tried at the next call."""
        try:
            await self.models()
        except (DeadlineError, OverloadedError, UnreachableError):
            return False
        except ModelError:
            pass  # it may have no such list
        self.line.relieve()
        return True

    async def _known_for(self, call: Call) -> tuple[Abilities, Call]:
        """Return what the endpoint can do, and the call with the time that is left of its own."""
        began = anyio.current_time()
        try:
            with anyio.fail_after(call.deadline_s):
                known = await self.abilities()
        except TimeoutError:
            what = f"what {self.endpoint.shown} can do was not found out within {call.deadline_s:,g} s"
            raise DeadlineError(what) from None
        left_s = max(call.deadline_s - (anyio.current_time() - began), 0.0)
        return known, msgspec.structs.replace(call, deadline_s=left_s)

    def _weighing(self, call: Call, text: str, limit_s: float, *, echoed: bool) -> Request:
        forced = msgspec.structs.replace(call, reply_tokens_max=weighing.forced_tokens_max(text))
        body = weighing.echoed_body(call, text) if echoed else weighing.forced_body(self.endpoint, call, text)
        request = _request(forced, lambda _: body, limit_s)
        tokens = request.prompt_tokens + len(text.encode("utf-8", "replace")) // ESTIMATE_BYTES_PER_TOKEN + 1
        request = msgspec.structs.replace(request, prompt_tokens=tokens)
        if echoed:
            return msgspec.structs.replace(request, to=COMPLETIONS, may_be_cut=True, reply_tokens_max=1)
        return request

    async def close(self) -> None:
        """End what is under way."""
        await self.line.close()


def _request(
    call: Call, body: Callable[[Dialect], Body], limit_s: float, *, structured: bool = False
) -> Request:
    return Request(
        phase=call.phase,
        path=call.path,
        key=call.key,
        body=body,
        prompt_tokens=call.prompt.tokens,
        reply_tokens_max=call.replies * call.reply_tokens_max,
        deadline_s=call.deadline_s,
        limit_s=limit_s,
        replies=call.replies,
        structured=structured,
    )
