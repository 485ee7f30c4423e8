"""The workbench: circles of functions are deduced until they are stable, or left unknown."""

import pytest

from sleeplsp.core.contract import UNKNOWN_CONTRACT
from sleeplsp.workers import workbench
from tests.thinking import EditedFiles, Night, Thinker

CIRCLE = {
    "a.py": "from b import g\n\ndef f(n):\n    if n is None:\n        return 1\n    return g(None)\n",
    "b.py": "from a import f\n\ndef g(n):\n    f(n)\n    return 'x'\n",
}


def think() -> Night:
    return Thinker(EditedFiles(CIRCLE)).think()


def test_a_circle_is_deduced_until_it_is_stable() -> None:
    returns = think().rows["a.py"].functions["f"].contract.returns
    assert returns.types == ("builtins.int", "builtins.str")
    assert returns.complete


def test_a_circle_that_is_not_stable_in_time_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbench, "ROUNDS_MAX", 1)
    night = think()
    for path, symbol in (("a.py", "f"), ("b.py", "g")):
        row = night.rows[path].functions[symbol]
        assert row.contract == UNKNOWN_CONTRACT
        assert not row.complete
        assert row.invariants == ()


def test_members_of_a_circle_too_large_are_deduced_without_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbench, "UNIT_MAX", 1)
    night = think()
    assert not night.rows["a.py"].functions["f"].contract.returns.complete
    assert night.rows["b.py"].functions["g"].contract.returns.types == ("builtins.str",)
