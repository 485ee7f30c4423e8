"""A model's sleep over a workspace: what it is asked, in which order, and what is kept of it."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile

import anyio
import anyio.to_thread
import pytest
from msgspec.structs import replace

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.insight import Grade, Votes
from sleeplsp.core.text import Text
from sleeplsp.engine.asking import Asked
from sleeplsp.engine.errors import JournalError
from sleeplsp.engine.model import (
    Call,
    CapError,
    DeadlineError,
    ModelError,
    Phase,
    RefusedError,
    TruncatedError,
    UnreachableError,
    Weight,
)
from sleeplsp.llm.scripted.model import Scripted, ScriptedModel
from tests.reflecting import NOTHING, POLICY, REFUTED, STANDS, Thoughtful, by_phase
from tests.thinking import EditedFiles

STORE = """\
def mean(values):
    # values are numbers
    total = sum(values)
    return total / len(values)


def largest(values):
    best = values[0]
    for value in values:
        if value > best:
            best = value
    return best
"""
USE = """\
from store import mean


def report(rows):
    sizes = [len(row) for row in rows]
    return f"mean {mean(sizes)}"
"""
FILES = {"store.py": STORE, "use.py": USE, "names.py": "ONE = 1\nTWO = 2\n"}


def reply(**fields: object) -> str:
    return json.dumps(json.loads(NOTHING) | fields)


SUSPECTED = reply(
    suspicions=[
        {
            "symbol": "mean",
            "quote": "total / len(values)",
            "evidence": [
                {
                    "symbol": "mean",
                    "quote": "total = sum(values)",
                    "sentence": "Of an empty list the total is 0, and nothing stops it here.",
                }
            ],
            "message": "With an empty list of `values`, `len(values)` is 0 and the division fails.",
            "category": "wrong-boundary",
            "severity": "warning",
            "fix": "",
        }
    ]
)


@pytest.fixture
def files() -> EditedFiles:
    return EditedFiles(FILES)


@pytest.fixture
def night(files: EditedFiles) -> Iterator[Callable[..., Thoughtful]]:
    opened: list[Thoughtful] = []

    def begin(script: Callable[[Call], Scripted] | list[Scripted], **more: object) -> Thoughtful:
        opened.append(Thoughtful(files, ScriptedModel(script), **more))  # type: ignore[arg-type]
        return opened[-1]

    yield begin
    for each in opened:
        each.close()


Begin = Callable[..., Thoughtful]


def test_modules_with_functions_are_thought_about_and_then_never_again(night: Begin) -> None:
    one = night(by_phase(NOTHING))
    reflected = one.sleep()
    assert set(one.paths()) == {"store.py", "use.py"}
    assert (reflected.modules, reflected.known, reflected.left) == (2, 2, 0)
    assert reflected.calls == len(one.model.calls) > 0
    assert reflected.prompt_tokens > 0
    assert one.sleep().calls == 0
    later = night(by_phase(NOTHING), store=one.thinker.store)
    reflected = later.sleep()
    assert (reflected.calls, reflected.known) == (0, 2)
    assert later.reflection.known.insights == one.reflection.known.insights


def test_what_is_stored_outlives_a_process_that_was_killed(night: Begin) -> None:
    one = night(by_phase(NOTHING))
    one.deduce()
    one.reflection.ask(())
    while not one.reflection.known.insights:
        one.go_on()
    made = len(one.model.calls)
    later = night(by_phase(NOTHING), store=one.thinker.store)
    assert made > 0
    assert later.sleep().calls + made <= 4 + POLICY.calls_max


def test_an_edited_function_has_its_module_thought_about_and_no_other(
    night: Begin, files: EditedFiles
) -> None:
    one = night(by_phase(NOTHING))
    one.sleep()
    one.model.calls.clear()
    files.edit({"store.py": STORE.replace("return best", "return best or None")})
    one.sleep()
    assert set(one.paths()) == {"store.py"}
    assert one.reflection.known.insights["use.py"].older is False


def test_comments_and_layout_cost_nothing(night: Begin, files: EditedFiles) -> None:
    one = night(by_phase(SUSPECTED))
    one.sleep(shown=["store.py"])
    one.model.calls.clear()
    files.edit({"store.py": "# more\n\n" + STORE.replace("# values are numbers", "# numbers, all of them")})
    assert one.sleep(shown=["store.py"]).calls == 0
    (suspicion,) = one.reflection.known.insights["store.py"].suspicions
    assert suspicion.shown


def test_an_edit_of_what_a_module_uses_makes_it_older_and_costs_nothing(
    night: Begin, files: EditedFiles
) -> None:
    one = night(by_phase(NOTHING))
    one.sleep()
    one.model.calls.clear()
    files.edit({"store.py": STORE.replace("return total / len(values)", "return None")})
    one.sleep()
    assert set(one.paths()) == {"store.py"}
    assert one.reflection.known.insights["use.py"].older


def test_what_agrees_and_is_not_refuted_is_shown(night: Begin) -> None:
    one = night(by_phase(SUSPECTED))
    one.sleep(shown=["store.py"])
    assert one.paths(Phase.CRITIC) == ["store.py"]
    (suspicion,) = one.reflection.known.insights["store.py"].suspicions
    assert suspicion.shown
    assert suspicion.grade is Grade.AGREED
    assert suspicion.votes == Votes(2, 2)


@pytest.mark.parametrize(
    "verdict", [REFUTED, "I think so", reply()], ids=["refuted", "words", "another form"]
)
def test_what_the_critic_does_not_confirm_is_dropped_and_counted(night: Begin, verdict: str) -> None:
    one = night(by_phase(SUSPECTED, verdict))
    reflected = one.sleep(shown=["store.py"])
    assert one.reflection.known.insights["store.py"].suspicions == ()
    assert reflected.drops["refuted by the critic"] == 1


def test_a_category_that_nobody_acts_on_is_not_criticised_nor_shown(night: Begin) -> None:
    one = night(by_phase(SUSPECTED), policy=replace(POLICY, dull=frozenset({"wrong-boundary"})))
    one.sleep(shown=["store.py"])
    assert not one.paths(Phase.CRITIC)
    (suspicion,) = one.reflection.known.insights["store.py"].suspicions
    assert not suspicion.shown


def test_while_generations_disagree_there_are_more(night: Begin) -> None:
    told = iter([SUSPECTED, NOTHING, SUSPECTED])
    one = night(lambda call: next(told) if call.phase is Phase.SLEEP and call.path == "store.py" else STANDS)
    one.thinker.files.remove("use.py")
    one.sleep(shown=["store.py"])
    assert one.paths() == ["store.py"] * 3
    (suspicion,) = one.reflection.known.insights["store.py"].suspicions
    assert suspicion.votes == Votes(2, 3)


def test_generations_differ_at_their_end_alone(night: Begin) -> None:
    one = night(by_phase(SUSPECTED))
    one.sleep(shown=["store.py"])
    sleeps = [each for each in one.model.calls if each.path == "store.py" and each.phase is Phase.SLEEP]
    first, second = (each.prompt for each in sleeps)
    assert first.system == second.system
    assert first.user != second.user
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first.user, second.user, strict=False))
    assert len([*same]) > 0.8 * len(first.user)
    assert len({each.key for each in one.model.calls}) == len(one.model.calls)


def test_what_is_open_comes_first(night: Begin) -> None:
    one = night(by_phase(NOTHING))
    one.sleep(shown=["use.py"])
    assert one.paths()[0] == "use.py"
    assert one.progress[0].cause == "it is open"


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


def test_an_endpoint_that_is_gone_ends_the_run(night: Begin) -> None:
    one = night(lambda _: UnreachableError("nobody answers at http://localhost"))
    reflected = one.sleep()
    assert (reflected.stopped, reflected.is_capped) == ("nobody answers at http://localhost", False)
    assert len(one.model.calls) <= POLICY.calls_max


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
    later = night(by_phase(NOTHING), store=one.thinker.store)
    assert later.sleep().known == 2


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
    again = night(lambda call: next(told, NOTHING) if call.path == "store.py" else NOTHING, store=store)
    assert again.sleep().failed == {}


def test_deeper_makes_all_generations_and_a_pass_that_knows_them(night: Begin) -> None:
    one = night(by_phase(SUSPECTED))
    one.sleep(shown=["store.py"])
    one.model.calls.clear()
    one.sleep(deeper=["store.py"])
    sleeps = [each for each in one.model.calls if each.phase is Phase.SLEEP]
    assert len(sleeps) == 2  # the third generation, and the later pass
    assert "len(values)` is 0" in sleeps[-1].prompt.user
    assert one.sleep().calls == 0


def test_again_asks_anew_whatever_is_known(night: Begin) -> None:
    one = night(by_phase(NOTHING))
    one.sleep()
    before = {each.key for each in one.model.calls}
    one.model.calls.clear()
    one.sleep(again=["use.py"])
    assert set(one.paths()) == {"use.py"}
    assert before.isdisjoint(each.key for each in one.model.calls)


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
    calls = len(one.model.calls)
    while one.reflection.step(one.progress.append):
        pass
    assert len(one.model.calls) - calls <= 1  # of the module that is under way
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


ASKED = reply(
    questions=[
        {
            "symbol": "mean",
            "question": "Why is `total` kept apart?",
            "answer": "It is added up once, before the count is taken.",
        },
        {
            "symbol": "mean",
            "question": "What happens if `values` is empty?",
            "answer": "The division by `len(values)` fails, which is 0.",
        },
    ]
)


def weigh(call: Call, text: str) -> Weight:
    """Find one question as likely without the code, the other only with it."""
    knows = "def mean" in call.prompt.user
    return Weight(-1.0 if "apart" in text or knows else -3.0, 8)


def test_questions_that_the_code_makes_likelier_come_first(files: EditedFiles) -> None:
    one = Thoughtful(files, ScriptedModel(by_phase(ASKED), weigh=weigh))
    one.sleep(shown=["store.py"])
    one.close()
    questions = one.reflection.known.insights["store.py"].questions
    assert [each.question for each in questions] == [
        "What happens if `values` is empty?",
        "Why is `total` kept apart?",
    ]
    assert one.reflection.known.studies["store.py"].predictability == 1.0
    assert one.reflection.known.gains["store.py"] == 1.0
    assert len(one.model.weighed) == 4


def test_an_endpoint_that_weighs_nothing_is_asked_once_and_nothing_is_lost(night: Begin) -> None:
    one = night(by_phase(ASKED))
    reflected = one.sleep(shown=["store.py", "use.py"])
    assert reflected.known == 2
    assert len(one.model.weighed) <= POLICY.calls_max
    assert one.reflection.known.gains == {}


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
