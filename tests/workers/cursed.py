"""A worker process in which some functions do what a worker may not survive. Started by tests alone.

What a function does is its name: `crash` ends the process, `hang` never ends, `eat` asks for more memory than
there is, `exhaust` for more recursion, `garble` answers with what is no frame, `fall_silent` with half
of one, `boast` with a frame too long, `linger` is at it until it is recalled; others are deduced as always.
"""

import os
import threading
from collections.abc import Iterable, Sequence

from sleeplsp.cli.worker import limit_memory
from sleeplsp.core.flow import Program
from sleeplsp.deduce.checks import CHECKS, Check
from sleeplsp.deduce.reason import Deduction, deduce
from sleeplsp.deduce.telling.quoting import Quoter
from sleeplsp.deduce.world import World
from sleeplsp.engine.work import FunctionResult, IsCurrent, UnitJob, always
from sleeplsp.stubs import TypeshedLibrary
from sleeplsp.workers import frames, workbench
from sleeplsp.workers.pipes import own_streams
from sleeplsp.workers.serve import serve
from sleeplsp.workers.workbench import Workbench

BYTES_MAX = 2 << 30
"""Of address space, as `worker_bytes_max` sets it."""


def cursed_deduce(
    program: Program, world: World, quoter: Quoter, symbol: str, checks: Iterable[Check] = CHECKS
) -> Deduction:
    """Do what the name of a function says."""
    match symbol:
        case "crash":
            os._exit(3)
        case "hang":
            threading.Event().wait()
        case "eat":
            bytearray(2 * BYTES_MAX)
        case "exhaust":
            return cursed_deduce(program, world, quoter, symbol)
        case "garble":
            _last_words(b"\x00\x00\x00\x05hello")
        case "fall_silent":
            _last_words(b"\x00\x00\x01\x00half")
        case "boast":
            _last_words((frames.FRAME_BYTES_MAX + 1).to_bytes(4, "big"))
    return deduce(program, world, quoter, symbol, checks)


class CursedWorkbench(Workbench):
    """Is at an order with a function `linger` for as long as anybody wants it."""

    def deduce(self, units: Sequence[UnitJob], is_current: IsCurrent = always) -> list[FunctionResult]:
        lingers = any(each.ref.endswith("::linger") for unit in units for each in unit.functions)
        if lingers:
            os.write(2, b"I am at it\n")
        while lingers and is_current():
            threading.Event().wait(0.01)
        return super().deduce(units, is_current)


def _last_words(said: bytes) -> None:
    os.write(REPLIES, said)
    os._exit(0)


if __name__ == "__main__":
    limit_memory(BYTES_MAX)
    with own_streams() as (requests, replies):
        REPLIES = replies.fileno()
        workbench.deduce = cursed_deduce  # type: ignore[attr-defined]  # looked up there
        serve(CursedWorkbench(TypeshedLibrary()), requests, replies)
