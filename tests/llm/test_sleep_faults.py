"""A whole sleep at an endpoint that does everything wrong: it ends, stores no failure, books each token."""

from collections.abc import Iterator

import pytest

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.engine.ledger import Caps
from sleeplsp.engine.outcome import Reflected
from sleeplsp.engine.reflection.known import FAILED_S
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.keys import Key
from sleeplsp.llm.scripted.counts import Tokens
from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint, in_a_thread
from sleeplsp.llm.scripted.script import Script, read_script
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.llm.books import PLANTED, HurriedClock, MemoryLedger
from tests.reflecting import Thoughtful
from tests.thinking import EditedFiles

CASES = read_cases(FIXTURES / "llm" / "faults.md")

FILES = {
    f"{name}.py": f"def {name}(values):\n    total = sum(values)\n    if not total:\n        return None\n"
    "    return total / len(values)\n"
    for name in ("mean", "share")
}


@pytest.fixture(scope="module")
def well() -> Iterator[ScriptedEndpoint]:
    with in_a_thread() as endpoint:
        yield endpoint


class At:
    """A workspace asleep at an endpoint."""

    def __init__(self, endpoint: ScriptedEndpoint, store: MemoryStore, later_s: float = 0.0) -> None:
        self.ledger = MemoryLedger()
        where = Endpoint(base_url=endpoint.url, model="scripted", key=Key(PLANTED))
        model = EndpointModel(where, self.ledger, Caps(), store=store, clock=HurriedClock())
        self.night = Thoughtful(EditedFiles(FILES), model, store, clock=lambda: 1e9 + later_s)

    def sleep(self) -> Reflected:
        try:
            return self.night.sleep()
        finally:
            self.night.close()


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
def test_a_sleep_outlives_every_fault(case: Case, well: ScriptedEndpoint) -> None:
    (text,) = case.texts("toml-script")
    store = MemoryStore()
    with in_a_thread(read_script(text)) as endpoint:
        at = At(endpoint, store)
        reflected = at.sleep()
        counted = endpoint.counts.reported
    told = at.ledger.sums(estimated=False)
    assert Tokens(told.prompt, told.cached, told.completion, told.reasoning) == counted
    assert not at.ledger.reserved
    assert reflected.known + reflected.left + len(reflected.failed) == len(FILES)
    assert "\n" not in reflected.stopped
    assert PLANTED not in repr(reflected)
    # A later process at an endpoint that is well comes to know everything: no failure was stored.
    again = At(well, store).sleep()
    assert again.failed.keys() <= reflected.failed.keys(), (
        "only what the model itself fails at is left for a day"
    )
    assert again.known + len(again.failed) == len(FILES)
    later = At(well, store, later_s=2 * FAILED_S).sleep()
    assert (later.known, later.failed, later.stopped) == (len(FILES), {}, "")


def test_a_sleep_at_an_endpoint_that_is_well_is_whole_and_the_next_asks_nothing(
    well: ScriptedEndpoint,
) -> None:
    store = MemoryStore()
    assert At(well, store).sleep().known == len(FILES)
    again = At(well, store)
    assert again.sleep().calls == 0
    assert not again.ledger.settled


def test_nobody_is_there() -> None:
    with in_a_thread(Script()) as endpoint:
        gone = endpoint
    at = At(gone, MemoryStore())
    reflected = at.sleep()
    assert reflected.left == len(FILES)
    assert "127.0.0.1" in reflected.stopped
