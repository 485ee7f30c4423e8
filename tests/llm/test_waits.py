"""Waiting: for a place, and for as long as an endpoint asks."""

import asyncio
from email.utils import formatdate

import anyio
import pytest

from sleeplsp.llm.faults import wait_of
from sleeplsp.llm.places import Places

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_place_that_comes_too_late_is_passed_on() -> None:
    places = Places(1)
    got: list[str] = []

    async def take(name: str) -> None:
        async with places.place():
            got.append(name)

    async with places.place():
        tasks = []
        for name in "abc":
            tasks.append(asyncio.ensure_future(take(name)))
            await anyio.wait_all_tasks_blocked()
        tasks[1].cancel()
        await anyio.wait_all_tasks_blocked()
    # The first was given the place this very moment, and is given up before it can take it.
    tasks[0].cancel()
    with anyio.fail_after(20):
        await asyncio.gather(*tasks, return_exceptions=True)
    assert got == ["c"]
    assert places.busy == 0


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": formatdate(0, usegmt=True)}, 0.0),
    ],
)
def test_how_long_an_endpoint_wants_to_be_left_alone(headers: dict[str, str], wait_s: float | None) -> None:
    assert wait_of(headers) == wait_s


def test_a_date_is_a_time_to_wait_for() -> None:
    far = wait_of({"retry-after": "Fri, 31 Dec 2100 23:59:59 GMT"})
    assert far is not None
    assert far > 1e6
