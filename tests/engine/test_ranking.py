"""Whose turn it is: what is looked at and what it needs, what was edited, then what is known of the rest."""

from sleeplsp.engine.ranking import Signals, turns
from tests.thinking import EditedFiles, Thinker

FILES = {
    "open.py": "from needed import n\n\ndef f():\n    return n()\n",
    "needed.py": "from deep import d\n\ndef n():\n    return d()\n",
    "deep.py": "def d():\n    return 1\n",
    "edited.py": "def e():\n    return 1\n",
    "dependent.py": "from edited import e\n\ndef g():\n    return e()\n",
    "busy.py": "def b():\n    return 1\n",
    "asked.py": "def a():\n    return 1\n",
    "hub.py": "def h():\n    return 1\n",
    "left.py": "from hub import h\n\ndef l():\n    return h()\n",
}


def test_every_module_has_a_turn_and_a_cause() -> None:
    thinker = Thinker(EditedFiles(FILES))
    thinker.think()
    signals = Signals(churn={"busy.py": 12}, asked={"asked.py": 3})
    found = turns(thinker.deduction.knowledge, ["open.py"], ["edited.py"], signals)
    assert [(path, turn.cause) for path, turn in sorted(found.items(), key=lambda each: each[1].rank)] == [
        ("open.py", "it is open"),
        ("needed.py", "an open module calls it"),
        ("deep.py", "an open module calls it"),
        ("edited.py", "it was edited"),
        ("dependent.py", "it calls what was edited"),
        ("busy.py", "it changes often (12 commits)"),
        ("hub.py", "a function calls it"),
        ("asked.py", "it was asked about 3 times"),
        ("left.py", "it is left"),
    ]


def test_what_is_open_and_what_it_calls_is_decided_first() -> None:
    # One unit at a time, so that the order shows.
    many = {f"m{number}.py": "def f():\n    return 1\n" for number in range(40)}
    from_last = "from m39 import f as g\n\ndef f():\n    return g()\n"
    thinker = Thinker(EditedFiles({**many, "open.py": from_last}))
    thinker.deduction.run(shown=("open.py",))
    order = [ref.partition("::")[0] for ref in thinker.workers[0].deduced]
    assert set(order[: order.index("open.py")]) <= {"m39.py"}
