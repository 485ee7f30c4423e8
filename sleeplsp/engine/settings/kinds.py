"""What a setting can be: its scope, and the kinds of values with their bounds.

It must not know which settings there are.
"""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

CheckLevel = Literal["off", "note", "warning", "error"]
FailLevel = Literal["error", "warning", "note", "never"]


class Scope(StrEnum):
    """Who may set a setting."""

    REPOSITORY = "repository"
    """The repository as well as its user."""
    LOWER_ONLY = "lower-only"
    """The user; a repository may lower the limit, never raise it."""
    USER = "user"
    """The user alone; a repository's value is ignored, and named in a warning."""


Count = Annotated[int, msgspec.Meta(ge=1)]
CountOrNone = Annotated[int, msgspec.Meta(ge=0)]
Processes = Annotated[int, msgspec.Meta(ge=0, le=256)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]
Share = Annotated[float, msgspec.Meta(ge=0)]


def about(scope: Scope, description: str) -> msgspec.Meta:
    """Return what an annotation says of a setting besides its bounds."""
    return msgspec.Meta(description=description, extra={"scope": scope})
