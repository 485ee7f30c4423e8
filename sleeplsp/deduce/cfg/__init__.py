"""Control-flow graphs: a program as blocks of steps, with every way of leaving each block.

A step is a flow statement whose expressions take exactly one way (see `cfg.expressions`), or one of the
steps below. A block's `handler` is where an exception raised in it goes; None means out of the program.
"""

from sleeplsp.deduce.cfg import protected
from sleeplsp.deduce.cfg.build import BLOCKS_MAX, Managers, TooLargeError, build
from sleeplsp.deduce.cfg.graph import (
    Block,
    Branch,
    Catch,
    Dispatch,
    Enter,
    Exit,
    Fall,
    Goto,
    Graph,
    Leave,
    Release,
    Step,
    Throw,
    Turn,
    Unbind,
)

__all__ = [
    "BLOCKS_MAX",
    "Block",
    "Branch",
    "Catch",
    "Dispatch",
    "Enter",
    "Exit",
    "Fall",
    "Goto",
    "Graph",
    "Leave",
    "Managers",
    "Release",
    "Step",
    "Throw",
    "TooLargeError",
    "Turn",
    "Unbind",
    "build",
    "protected",
]
