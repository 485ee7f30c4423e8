"""A module that is being thought about: how far it is, and which call about it is out.

It must not know who makes calls, nor which other modules there are.
"""

import msgspec

from sleeplsp.engine.ports import Gate
from sleeplsp.engine.reflection.course import Course
from sleeplsp.engine.reflection.desk import Ticket
from sleeplsp.engine.reflection.weighing import Weighing


class Underway(msgspec.Struct):
    """One module's."""

    course: Course
    gate: Gate
    """Passed by one process of the machine at a time for each module."""
    worth: float
    ticket: Ticket | None = None
    """Of the call that was handed in."""
    tries: int = 0
    weighing: Weighing | None = None
    """Of its questions, once all else is done."""
