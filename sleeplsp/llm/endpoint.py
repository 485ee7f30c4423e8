"""An endpoint as a value: where it is, which model is meant, how it may be used.

It must not know how it is spoken to, nor where its key comes from.
"""

from urllib.parse import urlsplit, urlunsplit

import msgspec

from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.model import Usage
from sleeplsp.engine.settings.model import Effort, ModelSettings, Price
from sleeplsp.llm.keys import Key

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_MILLION = 1_000_000


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One model behind one base URL."""

    base_url: str
    model: str
    key: Key | None = None
    calls_max: int = 4
    """Calls that are under way at a time, at most."""
    reasoning_effort: Effort | None = None
    price: Price = Price()
    known_as: str = ""
    """What it is remembered by, where its URL is another one each time; '': by its URL."""

    def __repr__(self) -> str:
        return f"Endpoint({self.shown}, {self.model})"

    @property
    def is_embedded(self) -> bool:
        """Whether it is a server of ours, begun for this process."""
        return bool(self.known_as)

    @property
    def host(self) -> str:
        """The host, with its port if one is named."""
        parts = urlsplit(self.base_url)
        return parts.netloc.rpartition("@")[2]

    @property
    def shown(self) -> str:
        """The URL as it may be shown: without a name and password in it, and without a query."""
        return shown_url(self.base_url)

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine, so that no proxy stands before it."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    def cost(self, usage: Usage) -> float:
        """Return what tokens cost, in units of money."""
        cached = self.price.prompt if self.price.cached is None else self.price.cached
        fresh = max(usage.prompt - usage.cached, 0)
        spent = fresh * self.price.prompt + usage.cached * cached + usage.completion * self.price.completion
        return spent / _MILLION

    def cost_max(self, prompt: int, completion: int) -> float:
        """Return the most that so many tokens can cost."""
        dearest = max(self.price.prompt, self.price.cached or 0.0)
        return (prompt * dearest + completion * self.price.completion) / _MILLION


def endpoint_of(settings: ModelSettings, key: Key | None, *, answers: bool = False) -> Endpoint:
    """Return the endpoint that settings name, with the model for sleep, or that for answers.

    Raises UsageError where they name none, or none that makes sense.
    """
    if settings.endpoint is None:
        raise UsageError("no endpoint is set: set `endpoint` (SLEEPLSP_ENDPOINT) to a base URL")
    model = (settings.answer_model if answers else None) or settings.model
    if not model:
        raise UsageError(
            f"no model is set for {shown_url(settings.endpoint)}: set `model` (SLEEPLSP_MODEL) to one "
            "that it offers (`sleeplsp doctor` lists them)"
        )
    return Endpoint(
        base_url=checked_url(settings.endpoint),
        model=model,
        key=key,
        calls_max=settings.calls_max,
        reasoning_effort=settings.reasoning_effort,
        price=settings.prices.get(model, Price()),
    )


def checked_url(url: str) -> str:
    """Return a base URL without what a browser would add. Raises UsageError for what is none."""
    try:
        parts = urlsplit(url.strip())
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_one = False
    if not is_one or not url.strip().isprintable() or " " in url.strip():
        raise UsageError(f"the endpoint {shown_url(url)!r} is no URL such as http://localhost:8080/v1")
    return url.strip().removesuffix("/").removesuffix("/chat/completions")


def shown_url(url: str) -> str:
    """Return a URL as it may be shown."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return "(no URL)"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))
