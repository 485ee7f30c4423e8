"""URLs of endpoints: what is asked of them goes where they say, and nothing secret in them is shown."""

import logging
import traceback

import pytest

from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.ledger import Caps
from sleeplsp.engine.model import ModelError
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.endpoint import HIDDEN_URL, Endpoint, checked_url, shown_url
from tests.llm.books import MemoryLedger, call_of, desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


SHOWN = {
    "http://host/v1": "http://host/v1",
    "http://host/v1/": "http://host/v1",
    " HTTPS://Host:8443/v1 ": "https://Host:8443/v1",
    "http://[::1]:9/v1": "http://[::1]:9/v1",
    "http://user:PLANTED@host/v1?key=PLANTED": "http://host/v1",
    "http://user:PLANTED@[::1]:9/v1#PLANTED": "http://[::1]:9/v1",
    "user:PLANTED@host/v1": "host/v1",
    "PLANTED@host": "host",
    "http:/user:PLANTED@host/v1": "host/v1",
    "http:user:PLANTED@host/v1": "host/v1",
    "//user:PLANTED@host/v1": "host/v1",
    "http://user:PLAN/PLANTED@host/v1": "http://host/v1",
    "http://user:PLANTED://x@host/v1": "http://host/v1",
    "http://user:PLANTED@x@host/v1": "http://host/v1",
    "localhost:8080": "localhost:8080",
    "http://h/v1?to=http://PLANTED": "http://h/v1",
    "http://user:PLAN?PLANTED@host/v1": HIDDEN_URL,
    "http://user:1234#PLANTED@host/v1": HIDDEN_URL,
    "http://[user:PLANTED@host/v1": "http://host/v1",
    "http://[PLANTED/v1": HIDDEN_URL,
    "user:PLANTED": HIDDEN_URL,
    "a word and PLANTED": HIDDEN_URL,
    "http://host\nPLANTED": HIDDEN_URL,
    "": "",
}


@pytest.mark.parametrize(("url", "shown"), SHOWN.items())
def test_what_is_shown_of_a_url_holds_no_secret(url: str, shown: str) -> None:
    assert shown_url(url) == shown
    assert "PLANTED" not in _complaint(url)


def _complaint(url: str) -> str:
    try:
        checked_url(url)
    except UsageError as error:
        return str(error)
    return ""


CHECKED = {
    "http://host/v1/": "http://host/v1",
    "HTTP://host/v1": "http://host/v1",
    "http://host/v1//": "http://host/v1",
    "http://host/v1/chat/completions/": "http://host/v1",
    "http://host/v1/chat/completions?key=Q&v=2": "http://host/v1?key=Q&v=2",
    "http://host/v1/?key=Q#top": "http://host/v1?key=Q",
    "http://[::1]:9/v1": "http://[::1]:9/v1",
    "http://host": "http://host",
}


@pytest.mark.parametrize(("url", "checked"), CHECKED.items())
def test_what_a_browser_adds_is_left_out(url: str, checked: str) -> None:
    assert checked_url(url) == checked


QUERY = "key=QPLANTED&api-version=2024-02-01&odd=a%2Bb+c"
ECHO = """
[[step]]
status = 401
body = '{"error": {"message": "not with WPLANTED, W%50LANTED or key=QPLANTED, at /v1?key=QPLANTED"}}'
"""


async def test_a_query_goes_with_every_request_and_a_password_where_it_belongs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with desk(ECHO) as at:
            place = at.endpoint.url.removeprefix("http://")
            url = checked_url(f"HTTP://me:W%50LANTED@{place}/?{QUERY}")
            endpoint = Endpoint(base_url=url, model="scripted")
            model = EndpointModel(endpoint, MemoryLedger(), Caps())
            with pytest.raises(ModelError) as told:
                await model.answer(call_of())
            assert (await model.answer(call_of())).text
            assert (await model.models()).data
            await model.close()
            seen = at.endpoint.counts.requests
    assert [each.path for each in seen] == ["/v1/chat/completions"] * 2 + ["/v1/models"]
    assert {each.query for each in seen} == {QUERY}
    assert {each.headers["authorization"] for each in seen} == {"Basic bWU6V1BMQU5URUQ="}
    texts = (str(told.value), "".join(traceback.format_exception(told.value)), repr(endpoint), caplog.text)
    assert all("LANTED" not in each for each in texts)
