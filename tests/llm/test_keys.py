"""Keys of endpoints: where they are found, and that nothing tells them."""

import base64
import logging
import sys
import traceback
import types
from urllib.parse import quote

import pytest

from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.ledger import Caps
from sleeplsp.engine.model import DeniedError, ModelError, Usage
from sleeplsp.engine.settings import Settings
from sleeplsp.engine.settings.model import Price
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.endpoint import Endpoint, checked_url, endpoint_of
from sleeplsp.llm.keys import HIDDEN, Key, find_key, scrubbed
from tests.llm.books import PLANTED, MemoryLedger, call_of, desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("key", [PLANTED, "horse~battery"])
async def test_the_key_stands_in_one_header_and_in_no_text(
    key: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, f"of-another-{name}")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: of-another-endpoint")
    echo = f"""
    [[step]]
    status = 401
    body = '{{"error": {{"message": "Incorrect key: {key}, Bearer {key}"}}}}'
    [[step]]
    status = 500
    body = 'Traceback: key={key}'
    times = 4
    """
    with caplog.at_level(logging.DEBUG):
        async with desk(echo, key=key) as at:
            texts = [repr(at.model.endpoint), str(at.model.endpoint)]
            for _ in range(2):
                try:
                    await at.model.answer(call_of())
                except ModelError as error:
                    texts += [str(error), repr(error), "".join(traceback.format_exception(error))]
    assert len(texts) == 8
    assert all(key not in each for each in (*texts, caplog.text, repr(at.ledger)))
    assert {each.headers["authorization"] for each in at.endpoint.counts.requests} == {f"Bearer {key}"}
    assert "of-another" not in repr([each.headers for each in at.endpoint.counts.requests])


@pytest.mark.parametrize("key", ["ключ-от-дома", "two\nlines-of-a-key", "tab\tbed-key"])
async def test_what_can_be_no_key_is_not_sent_and_not_told(key: str) -> None:
    async with desk(key=key) as at:
        for call in (at.model.answer(call_of()), at.model.models()):
            with pytest.raises(DeniedError, match="is it the key") as told:
                await call
            assert not any(part in "".join(traceback.format_exception(told.value)) for part in key.split())
        assert not at.endpoint.counts.requests


async def test_without_a_key_no_header_is_sent() -> None:
    async with desk() as at:
        bare = Endpoint(base_url=at.endpoint.url, model="scripted")
        model = EndpointModel(bare, MemoryLedger(), Caps())
        await model.answer(call_of())
        await model.close()
        assert "authorization" not in at.endpoint.counts.requests[0].headers


def test_a_key_is_hidden() -> None:
    key = Key(PLANTED)
    endpoint = Endpoint(base_url="http://a/v1", model="m", key=key)
    assert PLANTED not in f"{key} {key!r} {endpoint} {endpoint!r}"


def _keyring(found: str | None = None, error: Exception | None = None) -> types.ModuleType:
    asked: list[tuple[str, str]] = []

    def get_password(service: str, user: str) -> str | None:
        asked.append((service, user))
        if error is not None:
            raise error
        return found if (service, user) == ("sleeplsp", "api.example.com") else None

    module = types.ModuleType("keyring")
    vars(module).update(get_password=get_password, asked=asked)
    return module


def test_a_key_is_looked_for_in_the_environment_then_in_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = _keyring("from the ring ")
    monkeypatch.setitem(sys.modules, "keyring", ring)
    key, where = find_key("MY_KEY", "api.example.com", {"MY_KEY": " from the environment\n"})
    assert key is not None
    assert (key.reveal(), where) == ("from the environment", "environment variable MY_KEY")
    assert not vars(ring)["asked"]
    key, where = find_key("MY_KEY", "api.example.com", {"MY_KEY": ""})
    assert key is not None
    assert (key.reveal(), where) == ("from the ring", "keyring")
    key, where = find_key("MY_KEY", "elsewhere.example.com", {})
    assert key is None
    assert where == "MY_KEY is not set, and the keyring holds nothing for sleeplsp and elsewhere.example.com"


def test_a_keyring_that_fails_or_is_not_there_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", _keyring(error=RuntimeError(f"locked, {PLANTED}")))
    assert find_key("K", "h", {}) == (None, "K is not set, and the keyring cannot be read (RuntimeError)")
    monkeypatch.setitem(sys.modules, "keyring", None)
    key, where = find_key("K", "h", {})
    assert key is None
    assert "there is no keyring" in where


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Authorization: Bearer abc.def-0123456789", f"Authorization: {HIDDEN}"),
        ("Incorrect API key provided: sk-proj-0123456789abcdef", f"Incorrect API key provided: {HIDDEN}"),
        ('{"api_key": "0123456789abcdef"}', f'{{"{HIDDEN}"}}'),
        ("the API key is missing", "the API key is missing"),
        ("a bearer of bad news", "a bearer of bad news"),
    ],
)
def test_what_looks_like_a_key_is_hidden(text: str, told: str) -> None:
    assert scrubbed(text, None) == told


SETTINGS = Settings(
    endpoint="http://localhost:8080/v1/",
    model="big",
    answer_model="small",
    prices={"small": Price(prompt=1.0, cached=0.1, completion=4.0)},
)


def test_settings_name_an_endpoint() -> None:
    sleep, answers = endpoint_of(SETTINGS, None), endpoint_of(SETTINGS, None, answers=True)
    assert (sleep.base_url, sleep.model, answers.model) == ("http://localhost:8080/v1", "big", "small")
    assert sleep.is_local
    assert sleep.cost(Usage(1000, 0, 1000)) == 0
    assert answers.cost(Usage(1_000_000, 500_000, 100_000)) == pytest.approx(0.5 + 0.05 + 0.4)


NO_URLS = (
    "",
    "localhost:8080",
    "ftp://a/v1",
    "http://",
    "http://a:port/v1",
    "http://a b/v1",
    "http://a\0b/v1",
    "file:///etc",
)


@pytest.mark.parametrize("url", NO_URLS)
def test_what_is_no_url_is_told(url: str) -> None:
    with pytest.raises(UsageError, match="no URL such as"):
        checked_url(url)


def test_a_password_in_a_url_is_not_shown() -> None:
    endpoint = Endpoint(base_url="https://me:secret@api.example.com:8443/v1?token=abc", model="m")
    assert endpoint.shown == "https://api.example.com:8443/v1"
    assert endpoint.host == "api.example.com:8443"
    assert not endpoint.is_local
    assert "secret" not in f"{endpoint} {endpoint!r}"


WRITTEN = "sk~9f/Qz+71ab cdWXyz=0123"
WAYS = {
    "as it is": WRITTEN,
    "backwards": WRITTEN[::-1],
    "for a URL": quote(WRITTEN, safe=""),
    "in base64": base64.b64encode(WRITTEN.encode()).decode(),
    "in base64 with a name": base64.b64encode(f"user:{WRITTEN}".encode()).decode(),
    "in base64 for a URL": base64.urlsafe_b64encode(f"me:{WRITTEN}".encode()).decode(),
    "masked in part": f"{WRITTEN[:9]}****{WRITTEN[-9:]}",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_key_is_hidden_however_it_is_written(way: str) -> None:
    told = scrubbed(f"the value {way} is wrong here", Key(WRITTEN))
    assert told.startswith("the value ")
    assert told.endswith(" is wrong here")
    assert all(way[at : at + 8] not in told for at in range(5, len(way) - 12))
    assert not any(WRITTEN[at : at + 8] in told for at in range(len(WRITTEN) - 7))


def test_what_only_begins_like_a_key_is_told() -> None:
    assert scrubbed("the model sk~9f/Q is not there", Key(WRITTEN)) == "the model sk~9f/Q is not there"
