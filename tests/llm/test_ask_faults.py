"""A question at an endpoint that does everything wrong: an answer or one error, and each token booked."""

import tomllib
from contextlib import suppress

import pytest

from sleeplsp.engine.enquiry import Enquired, enquire
from sleeplsp.engine.model import ModelError
from sleeplsp.llm.scripted.counts import Tokens
from sleeplsp.prompts.ask import Item
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.llm.books import PLANTED, Desk, desk

pytestmark = pytest.mark.anyio

CASES = read_cases(FIXTURES / "llm" / "faults.md")
ITEM = Item(kind="claim", where="m.py::f", text="`f` may return `None`.")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def asked(at: Desk, heard: list[str]) -> Enquired:
    return await enquire(
        at.model,
        "What does f return?",
        [ITEM],
        path="m.py",
        verbosity=2,
        deadline_s=20.0,
        hear=heard.append,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
async def test_a_question_outlives_every_fault(case: Case) -> None:
    (script,) = case.texts("toml-script")
    (text,) = case.texts("toml-expect-heard") or case.texts("toml-expect")
    expected = tomllib.loads(text)
    heard: list[str] = []
    answer: Enquired | None = None
    async with desk(script) as at:
        with suppress(ModelError):
            answer = await asked(at, heard)
    if answer is not None:
        assert answer.text == expected["text"]
        assert answer.usage.total > 0
        assert answer.stood_on == ("m.py::f",)
    else:
        assert "error" in expected
    assert at.ledger.outcomes == expected["booked"]
    told, counted = at.ledger.sums(estimated=False), at.endpoint.counts.reported
    assert Tokens(told.prompt, told.cached, told.completion, told.reasoning) == counted
    assert PLANTED not in "".join(heard)
