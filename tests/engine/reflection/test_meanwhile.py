"""What happens while a model thinks: pauses, edits, other processes, texts that are not saved."""

import threading

import anyio
import anyio.to_thread
from msgspec.structs import replace

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.text import Text
from sleeplsp.engine.asking import Asked
from sleeplsp.engine.model import (
    Call,
)
from sleeplsp.llm.scripted.model import Scripted
from tests.engine.reflection.nights import STORE, Begin
from tests.reflecting import NOTHING, POLICY, by_phase
from tests.thinking import EditedFiles


class Held:
    """A script that holds replies back until it is told to let them go."""

    def __init__(self) -> None:
        self.came = threading.Semaphore(0)
        self.go = threading.Event()

    async def __call__(self, _call: Call) -> Scripted:
        self.came.release()
        await anyio.to_thread.run_sync(self.go.wait, abandon_on_cancel=True)
        return NOTHING


def test_in_a_pause_no_call_begins_and_what_is_under_way_is_kept(night: Begin) -> None:
    script = Held()
    one = night(script, policy=replace(POLICY, calls_max=1))
    one.deduce()
    one.reflection.ask(["use.py"])
    while not one.model.calls:
        one.reflection.step(one.progress.append)
    one.reflection.pause()
    script.go.set()
    assert one.deduction.wait(60.0)
    assert one.reflection.known.insights.keys() == {"use.py"}
    assert not one.reflection.step(one.progress.append)
    assert len(one.model.calls) == 1
    one.reflection.ask(["use.py"])
    while one.reflection.outcome is None:
        one.go_on()
    assert set(one.paths()) == {"store.py", "use.py"}


def test_a_call_about_code_that_was_edited_is_cancelled(night: Begin, files: EditedFiles) -> None:
    script = Held()
    one = night(script, policy=replace(POLICY, calls_max=1))
    one.deduce()
    one.reflection.ask(["store.py"])
    while not one.model.calls:
        one.reflection.step(one.progress.append)
    assert script.came.acquire(timeout=60)
    files.edit({"store.py": STORE.replace("return best", "return best + 1")})
    one.deduce()
    one.reflection.ask(["store.py"])
    one.reflection.step(one.progress.append)
    assert script.came.acquire(timeout=0) or not one.reflection.known.insights
    script.go.set()
    while one.reflection.outcome is None:
        one.go_on()
    assert one.model.cancelled == 1
    assert one.reflection.outcome.cancelled == 1
    asked = [each.prompt.user for each in one.model.calls if each.path == "store.py"]
    assert "best + 1" not in asked[0]
    assert all("best + 1" in each for each in asked[1:])


class Door:
    """A gate that another process has passed, until it is told to leave."""

    def __init__(self) -> None:
        self.is_taken = True

    def enter(self) -> bool:
        return not self.is_taken

    def leave(self) -> None:
        """Do nothing: it is not ours."""

    def beat(self) -> None:
        """Do nothing."""

    def is_wanted(self) -> bool:
        return False


def test_what_another_process_asks_is_not_asked_twice(night: Begin) -> None:
    store, door = MemoryStore(), Door()
    late = night(by_phase(NOTHING), store=store, gate_of=lambda _key: door)
    late.deduce()
    late.reflection.ask(())
    for _ in range(8):
        late.reflection.step(late.progress.append)
    assert late.reflection.outcome is None
    assert late.reflection.patience_s is not None
    first = night(by_phase(NOTHING), store=store)
    first.sleep()
    door.is_taken = False
    while (outcome := late.reflection.outcome) is None:
        late.go_on()
    assert (outcome.calls, outcome.known) == (0, 2)


def test_an_unsaved_text_is_not_sent(night: Begin) -> None:
    one = night(by_phase(NOTHING))
    one.deduce()
    half = Text.from_str(STORE + "\n\ndef half(x):\n    return secret_idea(x)\n")
    one.deduction.ask(Asked(held={"store.py": half}))
    while one.deduction.outcome is None:
        if not one.deduction.step() and one.deduction.outcome is None:
            one.deduction.wait(60.0)
    one.reflection.ask(["store.py"])
    while one.reflection.outcome is None:
        one.go_on()
    assert set(one.paths()) == {"use.py"}
    assert not any("secret_idea" in each.prompt.user for each in one.model.calls)
