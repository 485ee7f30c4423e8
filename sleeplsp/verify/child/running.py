"""The course of the program: orders, limits, the module, one trial after another.

It must not know what is done with what it finds.
"""

import os
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from .calling import Checked
from .drawing import UndrawableError, plan, use_small_numbers
from .functions import UncallableError, function
from .limits import limit
from .loading import UnloadableError, in_short, load
from .refusing import Refusals
from .speaking import Line
from .trying import Trying, Verdict


def main() -> None:
    """Do what is ordered, and end: nothing of the workspace is asked to clean up."""
    line = Line()
    orders = line.orders()
    limit(orders["cpu_seconds"], orders["bytes_max"])
    use_small_numbers()
    refusals = Refusals()
    refusals.begin()
    try:
        module = load(Path(orders["root"]), Path(orders["path"]))
    except UnloadableError as error:
        line.say(failed=str(error))
    else:
        _try_all(module, orders, refusals, line)
    os._exit(0)


def _try_all(module: ModuleType, orders: "dict[str, Any]", refusals: Refusals, line: Line) -> None:
    for number, (name, check) in enumerate(orders["trials"]):
        line.say(begun=number)
        trial = _Trial(module, name, check, orders, refusals)
        verdict = trial.verdict(line, number)
        line.say(found=number, **{key: each for key, each in asdict(verdict).items() if key != "is_spent"})
        if verdict.is_spent:
            return


class _Trial:
    """One check of one function, of which it is not yet known whether it can be tried at all."""

    def __init__(
        self, module: ModuleType, name: str, check: str, orders: "dict[str, Any]", refusals: Refusals
    ) -> None:
        self._module = module
        self._name = name
        self._check = check
        self._orders = orders
        self._refusals = refusals

    def verdict(self, line: Line, number: int) -> Verdict:
        """Try it, if it can be."""
        try:
            return self._trying().verdict(lambda: line.be_alive(number))
        except (UncallableError, UndrawableError) as error:
            return Verdict("open", reason=str(error))
        except (SyntaxError, ValueError) as error:
            return Verdict("open", reason=f"the check is no expression: {in_short(error)}")
        except MemoryError:
            return Verdict("open", reason="it needs too much memory", is_spent=True)
        except BaseException as error:  # noqa: BLE001 - whatever the workspace's code does, the others are tried
            return Verdict("open", reason=f"it cannot be tried: {in_short(error)}")

    def _trying(self) -> Trying:
        orders = self._orders
        called = function(self._module, Path(orders["path"]), self._name)
        code = compile(self._check.strip(), "<check>", "eval")
        planned = plan(called, orders["call_seconds"])
        checked = Checked(called, planned.signature, code, self._refusals, orders["call_seconds"])
        return Trying(checked, planned, orders["calls_max"], orders["check_seconds"])
