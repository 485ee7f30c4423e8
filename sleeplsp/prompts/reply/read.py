"""Reading a reply: everything that cannot be held against the text is dropped, and counted by its reason.

Fails on no text. It must not know what becomes of claims.
"""

from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.reply.held import Held
from sleeplsp.prompts.slicing import Slice


def read(text: str, context: ModuleContext, part: Slice, *, later: bool = False) -> Held:
    """Return what a reply about a slice claims, and what was dropped. `later`: it was told what is known."""
    raise NotImplementedError
