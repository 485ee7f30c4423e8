"""An endpoint as a value: where it is, which model is meant, how it may be used.

It must not know how it is spoken to, nor where its key comes from.
"""

import re
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

import msgspec

from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.model import Usage
from sleeplsp.engine.settings.model import Effort, ModelSettings, Price
from sleeplsp.llm.keys import Key

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_MILLION = 1_000_000

HIDDEN_URL = "(a URL that is not shown)"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*|")
_PLACE = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+(?:%\w+)?\])(?::\d*)?(?:/[^\s\x00-\x1f]*)?|")
"""A host with its port, and a path."""

_SECRET_MIN = 4
"""Characters of the shortest text that is worth to be hidden, and not a part of other words."""


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
    def query(self) -> str:
        """What of the URL goes behind the path of every request."""
        return urlsplit(self.base_url).query

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of the URL may be told to nobody, as it is written there and as it is meant."""
        parts = urlsplit(self.base_url)
        _, _, password = parts.netloc.rpartition("@")[0].partition(":")
        values = (value for _, value in parse_qsl(parts.query))
        found = {password, unquote(password), parts.query, *values}
        return tuple(sorted((each for each in found if len(each) >= _SECRET_MIN), key=len, reverse=True))

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
    """Return a base URL, its query kept, without what a browser would add. Raises UsageError for none."""
    try:
        parts = urlsplit(url.strip())
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_one = False
    if not is_one or not url.strip().isprintable() or " " in url.strip():
        raise UsageError(f"the endpoint {shown_url(url)!r} is no URL such as http://localhost:8080/v1")
    path = parts.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def shown_url(url: str) -> str:
    """Return what is meant to be a URL as it may be shown: without a name, a password and a query in it.

    Of what is none, as much is shown as surely holds none of these.
    """
    scheme, is_after, rest = url.strip().partition("://") if "://" in url else ("", "", url.strip())
    _, _, place = rest.rpartition("@")
    place = re.split(r"[?#]", place, maxsplit=1)[0]
    is_plain = _SCHEME.fullmatch(scheme) and _PLACE.fullmatch(place)
    # An @ behind the path may be one of the query, or of a password that should have been escaped.
    is_told_apart = "@" not in rest or not re.search(r"[?#].*@", rest, re.DOTALL)
    return f"{scheme.lower()}{is_after}{place.rstrip('/')}" if is_plain and is_told_apart else HIDDEN_URL
