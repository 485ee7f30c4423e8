"""Deeds: what an action is to do, as it travels to the editor and back; and the commands of actions."""

from typing import Literal

import msgspec

SHOW_WHY = "sleeplsp.showWhy"
APPLY = "sleeplsp.apply"
APPLIED = "sleeplsp.applied"
"""Told by those who make the edit of a fix without asking for it: an action's command runs after its edit."""

Do = Literal["fix", "ignore", "assert", "guard"]


class Deed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an action is to do: it is sent as `data`."""

    do: Do
    uri: str
    suspicion: str = ""
    """What it is about, by its id; '' for an assertion or a guard."""
    symbol: str = ""
    """What an assertion is for, and its check."""
    check: str = ""
