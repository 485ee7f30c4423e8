"""The course of the program: orders, limits, the module, one trial after another.

It must not know what is done with what it finds.
"""

import os
from pathlib import Path
from types import ModuleType
from typing import Any

from .calling import OUT_OF_MEMORY, Checked
from .drawing import UndrawableError, plan
from .functions import UncallableError, function
from .limits import limit
from .loading import UnloadableError, in_short, load, not_loaded
from .refusing import Refusals
from .speaking import Line
from .timing import TooLongError
from .trying import Trying, Verdict
from .walls import wall_in


def main() -> None:
    """Do what is ordered, and end: nothing of the workspace is asked to clean up."""
    line = Line()
    orders = line.orders()
    limit(orders["cpu_seconds"], orders["bytes_max"])
    wall_in()
    refusals = Refusals()
    refusals.begin()
    try:
        module = load(Path(orders["root"]), Path(orders["path"]))
    except UnloadableError as error:
        line.say(failed=str(error))
    else:
        _try_all(module, orders, refusals, line)
    os._exit(0)


def _try_all(module: ModuleType, orders: dict[str, Any], refusals: Refusals, line: Line) -> None:
    for number, (name, check, modules) in enumerate(orders["trials"]):
        line.say(begun=number)
        verdict = _verdict(module, name, check, orders, refusals, line)
        if verdict.result != "open" and (other := not_loaded([Path(each) for each in modules])):
            verdict = Verdict("open", verdict.runs, reason=_is_another(other, Path(orders["root"])))
        line.say(
            found=number,
            result=verdict.result,
            runs=verdict.runs,
            example=verdict.example,
            reason=verdict.reason,
        )
        if verdict.is_spent:
            return


def _is_another(file: Path, root: Path) -> str:
    told = file.relative_to(root).as_posix()
    return f"`{told}` is not what is imported: another module of that name is"


def _verdict(
    module: ModuleType, name: str, check: str, orders: dict[str, Any], refusals: Refusals, line: Line
) -> Verdict:
    """Try one check, if it can be tried; whatever the workspace's code does, others come after it."""
    seconds = orders["call_seconds"]
    try:
        called = function(module, Path(orders["path"]), name)
        code = compile(check.strip(), "<check>", "eval")
        planned = plan(called, seconds, line.be_alive)
        checked = Checked(called, planned.signature, code, refusals, seconds)
        calls, more = orders["calls_max"], orders["shrinking_calls_max"]
        return Trying(checked, planned, calls, more, orders["check_seconds"]).verdict()
    except (UncallableError, UndrawableError) as error:
        return Verdict("open", reason=str(error))
    except (SyntaxError, ValueError) as error:
        return Verdict("open", reason=f"the check is no expression: {in_short(error)}")
    except TooLongError:
        return Verdict(
            "open", reason=f"to find out how to make its arguments takes longer than {seconds:g} s"
        )
    except MemoryError:
        return Verdict("open", reason=OUT_OF_MEMORY, is_spent=True)
    except BaseException as error:  # noqa: BLE001 - as above
        return Verdict("open", reason=f"it cannot be tried: {in_short(error)}")
