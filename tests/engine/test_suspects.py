"""What is suspected of modules that nobody has open: told once, and again where it has changed."""

from collections.abc import Mapping

import pytest

from sleeplsp.core.located import ModuleSuspicions, Suspected
from sleeplsp.core.resolved import path_in
from sleeplsp.engine import suspects
from sleeplsp.engine.suspects import Suspects
from sleeplsp.engine.workspace import Workspace
from tests.thinking import EditedFiles, Thinker

STORE = "def find(key):\n    if key:\n        return key\n    return None\n"
USE = "from store import find\n\n\ndef run(key):\n    return find(key).upper()\n"
FINE = "def run(key):\n    return key\n"


class Listener:
    """Somebody who is told, and what they know."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.thinker = Thinker(EditedFiles(files))
        self.workspace = Workspace()
        self._suspects = Suspects()

    def news(self, *shown: str) -> list[ModuleSuspicions]:
        """Think, and be told."""
        self.thinker.think()
        deduction, known = self.thinker.deduction, self.thinker.deduction.knowledge
        suspicions = ((path_in(ref), row.suspicions) for ref, row in known.rows.items())
        news: list[Suspected] = [*self._suspects.news(known.facts, suspicions, shown, deduction.text_of)]
        for each in news:
            self.workspace.suspect(each)
        return [module for each in news for module in each.modules]

    @property
    def known(self) -> dict[str, list[tuple[str, int]]]:
        """Checks and lines by path."""
        elsewhere = self.workspace.snapshot.elsewhere
        return {
            path: [(each.suspicion.category, each.spot.start.line) for each in module.suspicions]
            for path, module in elsewhere.items()
        }


def test_what_is_told_is_not_told_again() -> None:
    listener = Listener({"store.py": STORE, "use.py": USE, "fine.py": FINE})
    (told,) = listener.news()
    assert told.path == "use.py"
    assert [each and each.path for each in told.suspicions[0].evidence] == [
        "use.py",
        "store.py",
        "store.py",
        "use.py",
    ]
    assert listener.known == {"use.py": [("none-dereference", 4)]}
    assert listener.news() == []


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("use.py", f"\n{USE}", [5]),
        ("store.py", f"\n{STORE}", [4]),  # the evidence has moved
        ("store.py", STORE.replace("None", "key"), []),
        ("use.py", FINE, []),
        ("use.py", f"{USE.rstrip()}  # sleeplsp: ignore\n", []),
    ],
)
def test_what_has_changed_is_told(path: str, text: str, lines: list[int]) -> None:
    listener = Listener({"store.py": STORE, "use.py": USE})
    listener.news()
    listener.thinker.files.edit({path: text})
    (told,) = listener.news()
    assert told.path == "use.py"
    assert listener.known == ({"use.py": [("none-dereference", line) for line in lines]} if lines else {})


def test_a_module_that_is_gone_is_told() -> None:
    listener = Listener({"store.py": STORE, "use.py": USE})
    listener.news()
    listener.thinker.files.remove("use.py")
    assert listener.news() == [ModuleSuspicions("use.py", "", ())]
    assert listener.known == {}
    assert listener.news() == []


def test_open_modules_are_told_of_when_they_are_closed_and_only_if_they_have_changed() -> None:
    listener = Listener({"store.py": STORE, "use.py": USE})
    assert listener.news("use.py") == []
    assert len(listener.news()) == 1
    assert listener.news("use.py") == []
    assert listener.known == {"use.py": [("none-dereference", 4)]}
    listener.thinker.files.edit({"use.py": f"\n{USE}"})
    assert listener.news("use.py") == []
    assert len(listener.news()) == 1


def test_a_new_teller_begins_anew() -> None:
    listener = Listener({"store.py": STORE, "use.py": USE})
    listener.news()
    for news in Suspects().news({}, (), (), lambda _path: None):
        listener.workspace.suspect(news)
    assert listener.known == {}


def test_no_more_is_told_than_anybody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspects, "SUSPICIONS_MAX", 2)
    listener = Listener({"store.py": STORE, **{f"use{number}.py": USE for number in range(4)}})
    listener.news()
    assert len(listener.known) == 2


def test_it_is_fresh_as_long_as_what_it_rests_on_is() -> None:
    listener = Listener({"store.py": STORE, "use.py": USE})
    listener.news()
    workspace = listener.workspace
    fresh = workspace.snapshot.fresh_elsewhere("use.py")
    assert fresh is not None
    assert len(fresh) == 1
    workspace.touch(["store.py"])
    assert workspace.snapshot.fresh_elsewhere("use.py") is None, "nobody knows"
    assert workspace.snapshot.fresh_elsewhere("fine.py") == ()
