"""Files that are not open: made anew where it may matter, and never less than making all of them would."""

import random
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from sleeplsp.core.insight import Evidence, Place, Severity, Support, Suspicion
from sleeplsp.core.languages import languages
from sleeplsp.core.located import LocatedSuspicion, ModuleSuspicions, Position, Spot, Suspected
from sleeplsp.core.text import Text
from sleeplsp.engine.shifting import Change
from sleeplsp.engine.workspace import Workspace
from sleeplsp.lsp.elsewhere import Elsewhere, Told
from sleeplsp.lsp.report import Report

if TYPE_CHECKING:
    from sleeplsp.engine.settings import CheckLevel

FILES = [f"m{number}.py" for number in range(6)]
CODE = b"def f():\n    return 1\n"
PYTHON = languages()["python"]


class Made:
    """Reports that say no more than which suspicions there are; counted."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.checks: dict[str, CheckLevel] = {}
        self.known = Elsewhere()
        self.count = 0

    def make(self, path: str) -> Told:
        self.count += 1
        fresh = self.workspace.snapshot.fresh_elsewhere(path)
        if fresh is None:
            return path, None
        shown = [each.suspicion.id for each in fresh if each.suspicion.category not in self.checks]
        return path, Report(" ".join(shown), ())

    def told(self, known: Elsewhere) -> Mapping[str, Told]:
        for _ in known.steps(self.workspace.snapshot, dict(self.checks), self.make):
            pass
        return dict(known.told())


def suspected(path: str, other: str, number: int) -> ModuleSuspicions:
    workspace = Workspace()
    workspace.open(path, PYTHON, 1, Text(CODE))
    digest = workspace.snapshot.modules[path].digests["f"]
    spot = Spot(path, Position(1, 4, 4, 4), Position(1, 5, 5, 5))
    suspicion = Suspicion(
        category=f"check{number % 2}",
        symbol="f",
        place=Place(f"{path}::f", 1, 1),
        quote="",
        message="",
        severity=Severity.WARNING,
        evidence=(Evidence(Place(f"{path}::f", 1, 1), "", ""),),
        support=(Support(f"{path}::f", digest), Support(f"{other}::f", digest)),
        id=f"{path} on {other} {number}",
    )
    return ModuleSuspicions(path, "", (LocatedSuspicion(suspicion, spot, (spot,)),))


def changed(made: Made, chance: random.Random) -> None:
    """Have something happen."""
    workspace, path, other = made.workspace, chance.choice(FILES), chance.choice(FILES)
    module = workspace.snapshot.modules.get(path)
    match chance.randrange(8):
        case 0:
            workspace.suspect(Suspected((suspected(path, other, chance.randrange(4)),)))
        case 1:
            workspace.suspect(Suspected((ModuleSuspicions(path, "", ()),)))
        case 2:
            workspace.open(path, PYTHON, 1, Text(CODE))
        case 3 if module is not None:
            text = module.text.replaced(20, 21, str(chance.randrange(3)).encode())
            workspace.edit(path, module.version + 1, [(Change(20, 21, 1), text)])
        case 4:
            workspace.settle(path)
        case 5:
            workspace.close(path)
        case 6:
            workspace.touch([path])
        case 7 if chance.random() < 0.5:
            workspace.rethought(workspace.touches())
        case _:
            made.checks = {f"check{chance.randrange(3)}": "off"}


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_it_is_as_if_all_were_made(seed: int) -> None:
    chance = random.Random(seed)
    made = Made(Workspace())
    for _ in range(200):
        for _ in range(chance.randrange(1, 4)):
            changed(made, chance)
        assert made.told(made.known) == made.told(Elsewhere())


def test_what_an_edit_does_not_concern_is_not_made_again() -> None:
    made = Made(Workspace())
    made.workspace.suspect(Suspected(tuple(suspected(path, path, 0) for path in FILES)))
    made.told(made.known)
    assert made.count == len(FILES)
    made.workspace.open(FILES[0], PYTHON, 1, Text(CODE))
    made.told(made.known)
    made.told(made.known)
    assert made.count == len(FILES)
    made.workspace.touch([FILES[1]])
    assert made.told(made.known)[FILES[1]] == (FILES[1], None)
    assert made.count == len(FILES) + 1


def test_it_may_be_left_in_the_midst() -> None:
    """Another request asks for the same: nothing that was begun is lost."""
    made = Made(Workspace())
    made.workspace.suspect(Suspected(tuple(suspected(path, path, 0) for path in FILES)))
    steps = made.known.steps(made.workspace.snapshot, made.checks, made.make)
    next(steps)
    assert made.told(made.known).keys() == {*FILES}
    assert list(steps) == []
