"""Gathering the context of a module: from what is known of a workspace to what a model is told.

For the thread that deduces. Every text is redacted here, before it becomes part of a context. It must not
know prompts or models.
"""

from collections.abc import Sequence
from typing import Protocol

from sleeplsp.engine.deduction import Deduction
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.redacted import Redact


class Subjects(Protocol):
    """Whoever knows what commits were about (`repo.history.GitHistory`)."""

    def subjects(self, path: str) -> Sequence[str]:
        """Return the subject lines of the last commits that touched a file, newest first."""
        ...


def module_context(
    deduction: Deduction, path: str, history: Subjects | None, redact: Redact
) -> ModuleContext | None:
    """Return the context of a module; None if its text cannot be read, or is another than what is known."""
    raise NotImplementedError
