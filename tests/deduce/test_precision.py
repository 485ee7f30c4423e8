"""The gate: a check that was measured and found wrong too often is shown on hover only."""

import msgspec
import pytest

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.context import Context
from sleeplsp.core.insight import Severity, Suspicion
from sleeplsp.core.languages import languages
from sleeplsp.core.reading import read
from sleeplsp.core.text import Text
from sleeplsp.deduce.checks.literal_identity import CHECK
from sleeplsp.deduce.reason import PRECISION_MIN, deduce
from sleeplsp.deduce.telling.quoting import Quoter
from sleeplsp.deduce.world import World
from sleeplsp.stubs import TypeshedLibrary

CODE = 'def f(x):\n    return x is "a"\n'


def suspected(precision: float | None) -> Suspicion:
    """Return what the check finds in the code, had it been measured so."""
    reading = read("main.py", languages()["python"], Text.from_str(CODE))
    nothing = Context(owner="", bound=False, broken=False, names={}, sites={}, callees={}, shapes={})
    world = World("main.py::f", nothing, {}, TypeshedLibrary(MemoryStore()), frozenset())
    check = msgspec.structs.replace(CHECK, precision=precision)
    program = reading.programs()["f"]
    (draft,) = deduce(program, world, Quoter(reading.placing, "f"), "f", (check,)).drafts
    return draft.suspicion


@pytest.mark.parametrize("precision", [None, 1.0, PRECISION_MIN])
def test_what_is_right_often_enough_is_shown(precision: float | None) -> None:
    assert suspected(precision).shown
    assert suspected(precision).severity is CHECK.severity


@pytest.mark.parametrize("precision", [0.0, PRECISION_MIN - 0.01])
def test_what_is_wrong_too_often_is_not(precision: float) -> None:
    assert not suspected(precision).shown
    assert suspected(precision).severity is Severity.NOTE
