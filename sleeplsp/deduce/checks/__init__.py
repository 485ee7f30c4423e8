"""The checks: each looks for one kind of likely bug, one file each.

A check is data: its name, what it says, how sure it is, the guards that keep it quiet, and a function
from an Analysis to findings. Each guard has a name and can be switched off; a fixture shows for each what
it keeps quiet. A check reads flow programs, events and states, never a tree.
"""

from sleeplsp.deduce.checks.check import Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.checks.constant_comparison import CHECK as CONSTANT_COMPARISON
from sleeplsp.deduce.checks.duplicate_branch import CHECK as DUPLICATE_BRANCH
from sleeplsp.deduce.checks.duplicate_key import CHECK as DUPLICATE_KEY
from sleeplsp.deduce.checks.duplicate_operand import CHECK as DUPLICATE_OPERAND
from sleeplsp.deduce.checks.equal_branches import CHECK as EQUAL_BRANCHES
from sleeplsp.deduce.checks.format_arguments import CHECK as FORMAT_ARGUMENTS
from sleeplsp.deduce.checks.inconsistent_return import CHECK as INCONSISTENT_RETURN
from sleeplsp.deduce.checks.late_binding import CHECK as LATE_BINDING
from sleeplsp.deduce.checks.literal_identity import CHECK as LITERAL_IDENTITY
from sleeplsp.deduce.checks.missing_await import CHECK as MISSING_AWAIT
from sleeplsp.deduce.checks.mutable_default import CHECK as MUTABLE_DEFAULT
from sleeplsp.deduce.checks.mutated_while_iterated import CHECK as MUTATED_WHILE_ITERATED
from sleeplsp.deduce.checks.none_dereference import CHECK as NONE_DEREFERENCE
from sleeplsp.deduce.checks.possibly_unbound import CHECK as POSSIBLY_UNBOUND
from sleeplsp.deduce.checks.self_assignment import CHECK as SELF_ASSIGNMENT
from sleeplsp.deduce.checks.swallowed_exception import CHECK as SWALLOWED_EXCEPTION
from sleeplsp.deduce.checks.unclosed_resource import CHECK as UNCLOSED_RESOURCE
from sleeplsp.deduce.checks.unreachable_code import CHECK as UNREACHABLE_CODE
from sleeplsp.deduce.checks.wrong_arguments import CHECK as WRONG_ARGUMENTS

CHECKS: tuple[Check, ...] = (
    NONE_DEREFERENCE,
    POSSIBLY_UNBOUND,
    SWALLOWED_EXCEPTION,
    UNREACHABLE_CODE,
    INCONSISTENT_RETURN,
    CONSTANT_COMPARISON,
    DUPLICATE_BRANCH,
    DUPLICATE_KEY,
    DUPLICATE_OPERAND,
    EQUAL_BRANCHES,
    FORMAT_ARGUMENTS,
    LATE_BINDING,
    LITERAL_IDENTITY,
    MISSING_AWAIT,
    MUTABLE_DEFAULT,
    MUTATED_WHILE_ITERATED,
    SELF_ASSIGNMENT,
    UNCLOSED_RESOURCE,
    WRONG_ARGUMENTS,
)
"""All checks, in the order in which they are listed."""

__all__ = ["CHECKS", "Check", "Finding", "Guards", "Replacement", "Step"]
