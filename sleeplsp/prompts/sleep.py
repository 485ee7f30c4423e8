"""The prompt of the sleep: what a model is asked of a module while nobody waits.

What is the same for all generations comes first, so that an endpoint has it at hand; what differs comes
last. It must not know what replies are worth.
"""

from sleeplsp.core.insight import Insight
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.prompt import Prompt
from sleeplsp.prompts.slicing import Slice

VERSION = "sleep/1"


def sleep_prompt(
    context: ModuleContext, part: Slice, number: int = 0, known: Insight | None = None
) -> Prompt:
    """Return what is sent of a slice for one generation.

    Generations differ in the order in which symbols are to be thought about. A later pass is told what is
    `known`, which it may add to, amend or retract.
    """
    raise NotImplementedError
