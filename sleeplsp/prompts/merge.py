"""Merging: from what several replies claim of one module to its Insight.

Pure, and the order of the replies does not matter. Claims that say the same are one, with as many votes
as replies make it. It must not know where replies come from.
"""

from collections.abc import Sequence

from sleeplsp.core.insight import Insight, Invariant, Question, Suspicion
from sleeplsp.prompts.reply.held import Held


def merge(path: str, key: str, held: Sequence[Held]) -> Insight:
    """Return the Insight of a module, of all generations and passes over all of its slices."""
    raise NotImplementedError


def concatenate(path: str, key: str, held: Sequence[Held]) -> Insight:
    """Return everything that was claimed, nothing brought together: for measurement."""
    raise NotImplementedError


def claim_id(claim: Invariant | Suspicion | Question) -> str:
    """Return the name by which a later pass may take a claim back: 8 hex characters."""
    raise NotImplementedError
