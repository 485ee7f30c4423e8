"""A reply as it comes together from what an endpoint sends.

It must not know how it is sent, nor what it is for.
"""

import time
from collections.abc import Callable

import msgspec

from sleeplsp.engine.model import MalformedError, ModelError, RefusedError, TruncatedError, Usage
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.extract import Hearing, json_in, without_thoughts
from sleeplsp.llm.faults import Fault, fault_of_connection, told_of
from sleeplsp.llm.protocol import Choice, Chunk, TokenLogprob, UsageReport
from sleeplsp.llm.reports import Reports, Told
from sleeplsp.llm.usage import Sent, Written, tokens_min, usage_of
from sleeplsp.prompts.prompt import ESTIMATE_BYTES_PER_TOKEN

_WHOLE = frozenset(("stop", "eos", "end_turn", "stop_sequence"))
_REFUSED = frozenset(("content_filter", "safety", "recitation", "prohibited_content", "blocklist"))
_BROKEN = frozenset(("error", "abort"))
_CUT = frozenset(("length", "max_tokens", "model_length"))


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A whole reply."""

    text: str
    """Without the thoughts before it; of a structured one, the JSON object in it."""
    raw: str
    texts: tuple[str, ...]
    """This one, and others where several were asked for: those that are whole, like it."""
    finish: str
    model: str
    tokens: tuple[TokenLogprob, ...]
    """The tokens of `raw`, where their log-probabilities came."""
    report: UsageReport | None
    ttft_s: float | None
    streamed: bool


class Gathering:
    """Takes what comes, tells who hears it, and says at any time what it has cost so far."""

    def __init__(
        self,
        endpoint: Endpoint,
        hear: Callable[[str], None] | None = None,
        *,
        sent: Sent,
        remedy: str = "",
        may_be_cut: bool = False,
        structured: bool = False,
        replies: int = 1,
    ) -> None:
        """Begin. `replies` are asked for; what else an endpoint sends is counted, and is for nobody."""
        self._endpoint = endpoint
        self._hear = hear
        self._hearing = Hearing()
        self._sent = sent
        self._remedy = remedy
        self._may_be_cut = may_be_cut
        self._structured = structured
        self._replies = replies
        self._began = time.monotonic()
        self._texts: dict[int, list[str]] = {}
        self._tokens: list[TokenLogprob] = []
        self._finishes: dict[int, str] = {}
        self._refusals: dict[int, str] = {}
        self._model = ""
        self._reports = Reports(replies)
        self._hidden_bytes = 0
        self._pieces = 0
        self._ttft_s: float | None = None
        self.is_stream = False
        self.has_told = False
        """Somebody has heard a part of the reply, which cannot be taken back."""

    @property
    def has_begun(self) -> bool:
        """Whether anything has come."""
        return self._pieces > 0

    @property
    def ttft_s(self) -> float | None:
        """Seconds to the first token, where it was streamed and has come."""
        return self._ttft_s if self.is_stream else None

    @property
    def usage(self) -> Usage:
        """What the endpoint reports, as far as it can be, else an estimate of what is read and written."""
        told = self._told
        return usage_of(told.report, self._sent, self._written, is_sure=told.is_sure)

    @property
    def _told(self) -> Told:
        """What the endpoint reports of all replies."""
        return self._reports.told(
            {index: tokens_min(("".join(part),)) for index, part in self._texts.items()}
        )

    @property
    def _written(self) -> Written:
        """What has been written so far; no more tokens are estimated than it was told it may."""
        texts = tuple(each for part in self._texts.values() for each in part)
        size = self._hidden_bytes + sum(len(each.encode("utf-8", "replace")) for each in texts)
        estimate = max(self._pieces, -(-size // ESTIMATE_BYTES_PER_TOKEN))
        return Written(
            tokens=min(estimate, self._sent.reply_tokens_max),
            tokens_min=tokens_min(("".join(texts),)),
            bytes=size,
        )

    def take(self, chunk: Chunk) -> None:
        """Take an event, or a whole response."""
        self._model = chunk.model or self._model
        self._reports.take(chunk)
        for choice in chunk.choices or ():
            self._take(choice)

    def finished(self) -> Reply:
        """Return the whole reply. Raises Fault for one that is none."""
        whole: dict[int, str] = {}
        faults: list[Fault] = []
        for index in range(self._replies):
            try:
                whole[index] = self._whole(index)
            except Fault as fault:
                faults.append(fault)
        if not whole:
            raise faults[0]
        first = min(whole)
        if self._hear is not None and (rest := self._hearing.rest()):
            self._hear(rest)
        return Reply(
            text=whole[first],
            raw="".join(self._texts.get(first, ())),
            texts=tuple(whole.values()),
            finish=self._finishes.get(first, "stop"),
            model=self._model or self._endpoint.model,
            tokens=tuple(self._tokens),
            report=self._told.report,
            ttft_s=self.ttft_s,
            streamed=self.is_stream,
        )

    def _take(self, choice: Choice) -> None:
        said, index = choice.delta or choice.message, choice.index or 0
        if choice.finish_reason:
            self._finishes[index] = choice.finish_reason.lower()
        if choice.logprobs is not None:
            self._tokens += _tokens_of(choice)
        text = choice.text or ""
        if said is not None:
            text = said.content or ""
            thought = said.reasoning_content or said.reasoning or ""
            self._hidden_bytes += len(thought.encode("utf-8", "replace"))
            self._refusals[index] = self._refusals.get(index, "") + (said.refusal or "")
            self._pieces += bool(thought)
        elif choice.text is None:
            return
        self._texts.setdefault(index, [])
        if text:
            self._texts[index].append(text)
            self._pieces += 1
        if self._pieces and self._ttft_s is None:
            self._ttft_s = time.monotonic() - self._began
        if text and index == 0 and self._hear is not None and (heard := self._hearing.take(text)):
            self.has_told = True
            self._hear(heard)

    def _whole(self, index: int) -> str:
        """Return one reply, without what stands around it. Raises Fault."""
        raw = "".join(self._texts.get(index, ()))
        self._check(raw, self._finishes.get(index), self._refusals.get(index, ""))
        text = json_in(raw) if self._structured else without_thoughts(raw)
        if text is None:
            raise self._fault(MalformedError, "has sent a reply that holds no JSON object")
        return text

    def _check(self, raw: str, finish: str | None, refusal: str) -> None:
        """Raise Fault where a reply did not end by itself, or is none."""
        if refusal.strip():
            raise self._fault(RefusedError, f"refuses: {told_of(self._endpoint, refusal)}")
        if finish in _REFUSED:
            raise self._fault(RefusedError, "has a filter that refuses the reply")
        if finish in _CUT and not self._may_be_cut:
            limit = f"the limit of {self._sent.reply_tokens_max // self._replies:,} tokens{self._remedy}"
            raise self._fault(TruncatedError, f"has cut its reply off at {limit}")
        if finish in _BROKEN or (finish is None and self.is_stream):
            raise fault_of_connection(self._endpoint, "no end of the reply came", sent=True)
        if not self._texts:
            raise self._fault(MalformedError, "has sent a response without a reply")
        if finish is not None and finish not in _WHOLE | _CUT:
            raise self._fault(MalformedError, f"has ended its reply with {finish[:40]!r}")
        if not without_thoughts(raw).strip() and not self._may_be_cut:
            raise self._fault(MalformedError, "has sent an empty reply")

    def _fault(self, kind: type[ModelError], what: str) -> Fault:
        return Fault(kind(f"{self._endpoint.model} at {self._endpoint.shown} {what}"))


def _tokens_of(choice: Choice) -> list[TokenLogprob]:
    found = choice.logprobs
    if found is None:
        return []
    if found.content is not None:
        return found.content
    pairs = zip(found.tokens or (), found.token_logprobs or (), strict=False)
    return [TokenLogprob(token, logprob) for token, logprob in pairs]
