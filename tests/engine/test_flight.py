"""Two processes that think about the same: one thinks, the other waits and takes what was found."""

from sleeplsp.engine.asking import Asked
from sleeplsp.engine.deduction import MANY_MODULES, Deduction
from sleeplsp.engine.mail import Mail
from tests.thinking import EditedFiles, Thinker, WatchedWorker

FILES = {f"m{number}.py": f"def f():\n    return {number}\n" for number in range(MANY_MODULES + 1)}


class Turnstile:
    """A gate for any number of deductions, of which one may pass at a time."""

    def __init__(self) -> None:
        self.inside: object = None

    def of(self, thinker: Thinker) -> "Passage":
        return Passage(self, thinker)


class Passage:
    """The turnstile as one of them sees it."""

    def __init__(self, turnstile: Turnstile, who: object) -> None:
        self._turnstile = turnstile
        self._who = who

    def enter(self) -> bool:
        self._turnstile.inside = self._turnstile.inside or self._who
        return self._turnstile.inside is self._who

    def beat(self) -> None:
        pass

    def is_wanted(self) -> bool:
        return False

    def leave(self) -> None:
        if self._turnstile.inside is self._who:
            self._turnstile.inside = None


def two(files: EditedFiles) -> tuple[Thinker, Thinker]:
    first = Thinker(files)
    second = Thinker(files, first.store)
    turnstile = Turnstile()
    for each in (first, second):
        each.deduction.flight = turnstile.of(each)
        each.deduction.ask(Asked())
    return first, second


def go_on(deduction: Deduction) -> None:
    """Do what can be done without waiting for the other."""
    while deduction.outcome is None:
        if deduction.step() or deduction.outcome is not None:
            continue
        if not deduction.crew().is_busy:
            return
        deduction.wait(deduction.patience_s)


def test_the_second_waits_and_deduces_nothing() -> None:
    first, second = two(EditedFiles(FILES))
    assert first.deduction.step()
    assert not first.deduction.step(), "its workers read"
    go_on(second.deduction)
    assert second.deduction.outcome is None
    assert not second.workers[0].read_
    go_on(first.deduction)
    assert first.deduction.outcome is not None
    go_on(second.deduction)
    assert second.deduction.outcome is not None
    assert second.deduction.outcome.deduced == 0
    assert dict(second.deduction.rows) == dict(first.deduction.rows)


def test_who_pauses_lets_the_other_go_first() -> None:
    first, second = two(EditedFiles(FILES))
    assert first.deduction.step()
    first.deduction.step()
    first.deduction.pause()
    go_on(second.deduction)
    assert second.deduction.outcome is not None
    assert second.deduction.outcome.deduced > 0


def test_a_few_modules_are_not_worth_waiting_for() -> None:
    files = EditedFiles({"a.py": "def f(): pass\n"})
    _, second = two(files)
    go_on(second.deduction)
    assert second.deduction.outcome is not None


class FullHouse(WatchedWorker):
    """A worker for which the machine has no place."""

    def is_ready(self) -> bool:
        return False


def test_little_is_done_though_the_machine_has_no_place_for_a_worker() -> None:
    thinker = Thinker(EditedFiles({"a.py": "def f(): pass\n"}), workers=[FullHouse()])
    assert thinker.think().outcome.deduced > 0


def test_much_waits_for_a_place() -> None:
    deduction = Thinker(EditedFiles(FILES), workers=[FullHouse()]).deduction
    deduction.ask(Asked())
    go_on(deduction)
    assert deduction.outcome is None


class NotedMail(Mail):
    """Notes how long it is waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float | None] = []

    def open(self, seconds: float | None = None) -> bool:
        self.waited.append(seconds)
        return super().open(seconds)


def test_who_has_more_to_do_at_once_waits_for_no_mail() -> None:
    files = EditedFiles({f"m{n}.py": f"def f{n}():\n    return {n}\n" for n in range(3)})
    deduction = Thinker(files).deduction
    deduction.mail = mail = NotedMail()
    deduction.ask(Asked())
    assert not deduction.crew().is_busy
    assert not deduction.wait(0)
    assert mail.waited == [0]
