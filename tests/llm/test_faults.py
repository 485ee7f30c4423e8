"""Every fault of `fixtures/llm/faults.md`, at a client: the right error, and books right to the token."""

import tomllib

import anyio
import msgspec
import pytest

from sleeplsp.engine.model import Answer, ModelError
from sleeplsp.llm.scripted.counts import Tokens
from sleeplsp.llm.scripted.script import Script, read_script
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.llm.books import PLANTED, Desk, call_of, desk

pytestmark = pytest.mark.anyio

CASES = read_cases(FIXTURES / "llm" / "faults.md")
WAYS = ("heard", "streamed", "whole")
"""Somebody hears it; nobody does; the endpoint does not stream."""


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: str | None = None
    error: str | None = None
    says: str = ""
    retries: int = 0
    booked: tuple[str, ...] = ()
    waits_min: tuple[float, ...] | None = None
    waits_max: tuple[float, ...] | None = None


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
async def test_a_fault_becomes_its_error(case: Case, way: str) -> None:
    script, expected = _script(case, way), _expected(case, way)
    heard: list[str] = []
    async with desk(script) as at:
        found = await _outcome(at, heard if way == "heard" else None)
    assert not at.ledger.reserved
    if isinstance(found, Answer):
        assert expected.text == found.text, found
        assert found.retries == expected.retries
        assert not heard or "".join(heard) == found.text
    else:
        assert expected.error == type(found).__name__, found
        assert expected.says in str(found)
        assert "\n" not in str(found)
        assert PLANTED not in repr(found)
        assert at.ledger.settled[-1][1].retries == expected.retries
    assert at.ledger.outcomes == list(expected.booked)
    assert_booked_as_reported(at)
    if expected.waits_min is not None and expected.waits_max is not None:
        bounds = zip(expected.waits_min, at.clock.waits, expected.waits_max, strict=True)
        assert all(low <= wait <= high for low, wait, high in bounds)


@pytest.mark.parametrize("deadline_s", [None, 0.05])
@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
async def test_a_fault_that_is_given_up_midway_leaves_the_books_right(
    case: Case, deadline_s: float | None
) -> None:
    """Given up as soon as the endpoint begins to answer; or out of time, wherever it is then."""
    expected = (_expected(case, "streamed"), _expected(case, "heard"))
    found: list[Answer | ModelError] = []
    async with desk(_script(case, "streamed")) as at:

        async def ask() -> None:
            found.append(await _outcome(at, None, deadline_s or 20.0))
            group.cancel_scope.cancel()

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            if deadline_s is None:
                await at.endpoint.until(lambda counts: counts.begun > 0)
                group.cancel_scope.cancel()
    assert not at.ledger.reserved
    # Where there is no time left for another try, it ends with what the last one came to.
    allowed = {each.error for each in expected} | {name for each in expected for name in each.booked}
    allowed |= {"DeadlineError", "OverloadedError", "UnreachableError"}
    assert all(isinstance(each, Answer) or type(each).__name__ in allowed for each in found)
    assert {*at.ledger.outcomes} <= allowed | {"cancelled"}
    # What was not heard to its end is estimated, so that no more is booked as told than was told.
    assert at.ledger.sums(estimated=False).total <= at.endpoint.counts.reported.total
    assert all(each.usage.total <= reservation.tokens for reservation, each in at.ledger.settled)


def assert_booked_as_reported(at: Desk) -> None:
    """What is booked as told is what the endpoint counted, and nothing is above its reservation."""
    told, counted = at.ledger.sums(estimated=False), at.endpoint.counts.reported
    assert Tokens(told.prompt, told.cached, told.completion, told.reasoning) == counted
    for reservation, settlement in at.ledger.settled:
        assert settlement.usage.total <= reservation.tokens


async def _outcome(at: Desk, heard: list[str] | None, deadline_s: float = 20.0) -> Answer | ModelError:
    hear = heard.append if heard is not None else None
    try:
        return await at.model.answer(call_of(deadline_s=deadline_s), hear)
    except ModelError as error:
        return error


def _script(case: Case, way: str) -> Script:
    (text,) = case.texts("toml-script")
    script = read_script(text)
    stream = "ignored" if way == "whole" else script.endpoint.stream
    return msgspec.structs.replace(script, endpoint=msgspec.structs.replace(script.endpoint, stream=stream))


def _expected(case: Case, way: str) -> Expected:
    (text,) = (way == "heard" and case.texts("toml-expect-heard")) or case.texts("toml-expect")
    return msgspec.convert(tomllib.loads(text), Expected)
