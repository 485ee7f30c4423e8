"""What an editor announces to this server alone, below `experimental.sleeplsp` of its capabilities."""

from lsprotocol import types

STATUS = "status"
"""It shows the status, and is to be told of it."""
MARKS_IN_HOVER = "marksInHover"
"""Its hovers show the diagnostics under the mouse by themselves, with what leads to them."""


def is_announced(capabilities: types.ClientCapabilities, name: str) -> bool:
    """Tell whether an editor announces something."""
    said: object = capabilities.experimental
    for each in ("sleeplsp", name):
        said = said.get(each) if isinstance(said, dict) else None
    return bool(said)
