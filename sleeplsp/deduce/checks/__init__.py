"""The checks: each looks for one kind of likely bug, one file each.

A check is data: its name, what it says, how sure it is, the guards that keep it quiet, and a function
from an Analysis to findings. Each guard has a name and can be switched off; a fixture shows for each what
it keeps quiet. A check reads flow programs, events and states, never a tree.
"""

from sleeplsp.deduce.checks.check import Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.checks.none_dereference import CHECK as NONE_DEREFERENCE
from sleeplsp.deduce.checks.possibly_unbound import CHECK as POSSIBLY_UNBOUND
from sleeplsp.deduce.checks.swallowed_exception import CHECK as SWALLOWED_EXCEPTION

CHECKS: tuple[Check, ...] = (NONE_DEREFERENCE, POSSIBLY_UNBOUND, SWALLOWED_EXCEPTION)
"""All checks, in the order in which they are listed."""

__all__ = ["CHECKS", "Check", "Finding", "Guards", "Replacement", "Step"]
