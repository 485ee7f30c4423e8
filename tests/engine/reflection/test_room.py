"""A limit of tokens so small that no prompt fits: it is told, and nothing is taken for thought about."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.insight import Insight
from sleeplsp.engine.reflection.policy import Policy
from sleeplsp.engine.reflection.rows import Study
from sleeplsp.prompts.sleep import tokens_min
from tests.engine.reflection.nights import Begin
from tests.reflecting import NOTHING, POLICY, by_phase


class OpenStore(MemoryStore):
    """A store of which one sees what is in it."""

    def __init__(self, rows: Mapping[str, bytes] | None = None) -> None:
        super().__init__()
        self.rows: dict[str, bytes] = {}
        self.put_many(rows or {})

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        self.rows.update(rows)
        super().put_many(rows)

    def kinds(self) -> set[str]:
        """Return what kinds of rows a model's thinking has left."""
        return {each.partition("/")[0] for each in self.rows} & {"reply", "study"}


def within(tokens: int) -> Policy:
    return replace(POLICY, prompt_tokens_max=tokens)


@pytest.mark.parametrize("tokens", [1, 1_500, tokens_min() - 1])
def test_it_ends_the_run_and_nothing_of_it_stays(night: Begin, tokens: int) -> None:
    store = OpenStore()
    one = night(by_phase(NOTHING), store=store, policy=within(tokens))
    reflected = one.sleep(deeper=["store.py"])
    assert f"prompt_tokens_max = {tokens:,} is too small" in reflected.stopped
    assert f"{tokens_min():,}" in reflected.stopped
    assert (reflected.calls, reflected.modules, reflected.known, reflected.left) == (0, 0, 0, 2)
    assert not reflected.failed
    assert not one.model.calls
    assert not store.kinds()
    later = night(by_phase(NOTHING), store=store).sleep()
    assert (later.modules, later.known, later.stopped) == (2, 2, "")
    assert later.calls > 0


def test_the_smallest_that_is_not_too_small_is_thought_within(night: Begin) -> None:
    one = night(by_phase(NOTHING), policy=within(tokens_min()))
    reflected = one.sleep()
    assert (reflected.modules, reflected.known, reflected.stopped) == (2, 2, "")
    assert one.model.calls
    assert all(each.prompt.tokens <= tokens_min() for each in one.model.calls)
    again = night(by_phase(NOTHING), store=one.thinker.store, policy=within(tokens_min())).sleep()
    assert (again.calls, again.known) == (0, 2)


def test_what_is_known_is_known_within_any_limit(night: Begin) -> None:
    one = night(by_phase(NOTHING))
    one.sleep()
    reflected = night(by_phase(NOTHING), store=one.thinker.store, policy=within(1)).sleep()
    assert (reflected.calls, reflected.known, reflected.stopped) == (0, 2, "")


def test_a_study_for_which_nobody_was_asked_is_not_believed(night: Begin) -> None:
    store = OpenStore()
    one = night(by_phase(NOTHING), store=store)
    calls = one.sleep().calls
    known = one.reflection.known
    for path, study in known.studies.items():
        empty = Insight(path=path, key=study.insight.key)
        known.shelf.keep_study(0, Study(insight=empty, depth=(0, False)))
    without = OpenStore({key: row for key, row in store.rows.items() if not key.startswith("reply/")})
    assert without.kinds() == {"study"}
    assert night(by_phase(NOTHING), store=without).sleep().calls == calls
