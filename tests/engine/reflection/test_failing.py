"""What a model cannot do: what ends its sleep, what is told of one module, and that no failure is stored."""

import time
from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.engine.errors import JournalError
from sleeplsp.engine.model import (
    Call,
    CapError,
    DeadlineError,
    ModelError,
    RefusedError,
    TruncatedError,
    UnreachableError,
)
from sleeplsp.engine.reflection.known import FAILED_S
from sleeplsp.llm.scripted.model import Scripted
from tests.engine.reflection.nights import STORE, Begin
from tests.reflecting import NOTHING, POLICY, by_phase
from tests.thinking import EditedFiles


def test_a_limit_ends_the_run_with_what_is_done(night: Begin) -> None:
    def script(call: Call) -> Scripted:
        return NOTHING if call.path == "use.py" else CapError("the limit of tokens a day is reached")

    one = night(script)
    reflected = one.sleep(shown=["use.py"])
    assert reflected.is_capped
    assert reflected.stopped == "the limit of tokens a day is reached"
    assert reflected.known >= 1
    assert "store.py" not in one.reflection.known.insights
    assert one.sleep().is_capped  # the next run tries again


def test_a_modules_own_limit_keeps_no_other_from_being_thought_about(night: Begin) -> None:
    spent = CapError("tokens_module_max is reached", of_module=True)
    one = night(lambda call: spent if call.path == "store.py" else NOTHING)
    reflected = one.sleep()
    assert reflected.failed == {"store.py": "tokens_module_max is reached"}
    assert (reflected.known, reflected.stopped) == (1, "")


def test_where_nothing_can_be_booked_the_run_ends(night: Begin) -> None:
    def script(_call: Call) -> Scripted:
        raise JournalError("the journal is read-only")

    reflected = night(script).sleep()
    assert (reflected.stopped, reflected.known) == ("the journal is read-only", 0)


def test_a_mistake_of_ours_costs_one_module(night: Begin) -> None:
    reflected = night(by_phase(NOTHING), fails_at="store.py").sleep()
    assert reflected.failed == {"store.py": "internal error: IndexError: out of range"}
    assert reflected.known == 1


def test_an_endpoint_that_is_gone_ends_the_run(night: Begin) -> None:
    one = night(lambda _: UnreachableError("nobody answers at http://localhost"))
    reflected = one.sleep()
    assert (reflected.stopped, reflected.is_capped) == ("nobody answers at http://localhost", False)
    assert len(one.model.calls) <= POLICY.calls_max


def test_what_a_model_fails_at_is_left_for_a_day_by_later_processes_too(night: Begin) -> None:
    cut = TruncatedError("its reply is cut off")
    one = night(lambda call: cut if call.path == "store.py" else NOTHING)
    one.sleep()
    later = night(by_phase(NOTHING), store=one.thinker.store)
    reflected = later.sleep()
    assert (reflected.calls, reflected.failed) == (0, {"store.py": "its reply is cut off"})
    assert later.sleep(again=["store.py"]).failed == {}
    assert later.reflection.known.insights.keys() == {"store.py", "use.py"}


def test_other_limits_are_another_try(night: Begin) -> None:
    one = night(lambda _: TruncatedError("its reply is cut off"))
    one.sleep()
    wider = replace(POLICY, reply_tokens_max=POLICY.reply_tokens_max + 1)
    assert night(by_phase(NOTHING), store=one.thinker.store, policy=wider).sleep().failed == {}


@pytest.mark.parametrize("error", [TruncatedError, RefusedError, DeadlineError, ModelError])
def test_a_failure_is_told_of_its_module_and_not_stored(
    night: Begin, files: EditedFiles, error: type[ModelError]
) -> None:
    one = night(lambda call: error("no reply") if call.path == "store.py" else NOTHING)
    assert one.sleep().failed == {"store.py": "no reply"}
    one.model.calls.clear()
    assert one.sleep().calls == 0, "it is as it was when it failed"
    files.edit({"store.py": STORE.replace("best = values[0]", "best = values[-1]")})
    one.sleep()
    assert one.paths() == ["store.py"]
    later = night(by_phase(NOTHING), store=one.thinker.store, clock=a_day_later)
    assert later.sleep().known == 2


def a_day_later() -> float:
    return time.time() + FAILED_S + 1


class WatchedStore(MemoryStore):
    """Notes all that is put into it."""

    def __init__(self) -> None:
        super().__init__()
        self.put: list[bytes] = []

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        self.put += rows.values()
        super().put_many(rows)


def test_a_reply_of_another_form_is_asked_for_once_more_and_never_stored(night: Begin) -> None:
    store = WatchedStore()
    one = night(lambda call: "sorry" if call.path == "store.py" else NOTHING, store=store)
    reflected = one.sleep()
    assert one.paths().count("store.py") == 2
    assert "not of the form asked for" in reflected.failed["store.py"]
    assert not any(b"sorry" in row for row in store.put)
    seeds = {each.seed for each in one.model.calls if each.path == "store.py"}
    assert len(seeds) == 2
    told = iter(["sorry", NOTHING])
    again = night(
        lambda call: next(told, NOTHING) if call.path == "store.py" else NOTHING,
        store=store,
        clock=a_day_later,
    )
    assert again.sleep().failed == {}
