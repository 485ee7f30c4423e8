"""Notes: each thing is said once, and only what is sure."""

from sleeplsp.engine.entries import Act, Acted, Queried, RunBegun, RunEnded, Shown, Suspected, root_digest
from sleeplsp.engine.noting import Notes
from sleeplsp.journal.memory import MemoryJournal
from tests.scripted import outcome
from tests.thinking import EditedFiles, Thinker

SHOUT = "def f(key):\n    x = None\n    if key:\n        x = key\n    return x.upper()\n"
QUIET = "def f(key):\n    return key\n"


class Diary:
    """Notes on a workspace of files in memory, and the journal that they are told to."""

    def __init__(self, files: dict[str, str]) -> None:
        self.now = 1000.0
        self.journal = MemoryJournal()
        self.notes = Notes(self.journal, "/w", "server", lambda: self.now)
        self.files = EditedFiles(files)
        self.thinker = Thinker(self.files)

    def think(self) -> list[Suspected]:
        """Think, take notes, and return what was told."""
        self.thinker.think()
        before = len(self.journal.entries)
        self.notes.suspected(self.thinker.deduction.rows, "test")
        return [each for each in self.journal.entries[before:] if isinstance(each, Suspected)]


def test_the_first_time_all_is_told_and_then_what_has_changed() -> None:
    diary = Diary({"a.py": SHOUT, "b.py": QUIET, "broken.py": "def (:\n"})
    [first] = diary.think()
    assert first.root == root_digest("/w")
    assert {path: [each.check for each in found] for path, found in first.modules.items()} == {
        "a.py": ["none-dereference"],
        "b.py": [],
    }
    assert first.unknown == ("broken.py",)
    assert diary.think() == []
    diary.files.edit({"a.py": f"# a comment\n{SHOUT}"})
    assert diary.think() == []
    diary.files.edit({"a.py": QUIET})
    diary.files.remove("b.py")
    [later] = diary.think()
    assert (later.modules, later.removed, later.unknown) == ({"a.py": ()}, ("b.py",), None)
    diary.files.edit({"a.py": f"{SHOUT}def (:\n"})
    assert diary.think() == [], "of a module that does not parse nothing is said"


def test_what_is_shown_is_told_once_a_day() -> None:
    diary = Diary({"a.py": SHOUT})
    diary.think()
    found = [
        each for row in diary.thinker.deduction.rows["a.py"].functions.values() for each in row.suspicions
    ]
    days = (0, 0, 86400, 86400, 2 * 86400)
    for day in days:
        diary.now = 1000.0 + day
        diary.notes.shown("a.py", found)
        diary.notes.acted(found[0].id, Act.IGNORED)
    shown = [each for each in diary.journal.entries if isinstance(each, Shown)]
    assert [each.at for each in shown] == [1000.0, 87400.0, 173800.0]
    assert [each.suspects[0].id for each in shown] == [found[0].id] * 3
    assert len([each for each in diary.journal.entries if isinstance(each, Acted)]) == 3
    diary.notes.shown("a.py", [])
    assert diary.journal.entries[-1] != Shown(root=root_digest("/w"), path="a.py", at=diary.now, suspects=())
    [line] = diary.notes.account().funnel
    assert (line.made, line.shown, line.ignored, line.acted) == (1, 1, 1, 1)


def test_runs_and_queries() -> None:
    diary = Diary({})
    run = diary.notes.begun("saved")
    diary.now = 1001.0
    diary.notes.ended(run, outcome(3))
    failed = diary.notes.begun("edited")
    diary.notes.failed(failed, "no ink")
    diary.notes.begun("opened")
    diary.notes.queried("a.py", "hover", found=True)
    diary.notes.queried("a.py", "hover", found=False)
    kinds = [type(each) for each in diary.journal.entries]
    assert kinds == [RunBegun, RunEnded, RunBegun, RunEnded, RunBegun, Queried, Queried]
    account = diary.notes.account()
    assert account.success is not None
    assert account.failure is not None
    assert account.last is not None
    assert (account.success.who, account.success.cause, account.success.deduced) == ("server", "saved", 3)
    assert (account.success.begun_at, account.success.ended_at) == (1000.0, 1001.0)
    assert (account.failure.cause, account.failure.failure) == ("edited", "no ink")
    assert (account.found, account.missed) == (1, 1)
