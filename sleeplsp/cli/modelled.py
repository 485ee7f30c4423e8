"""Where commands that answer are joined to a language model: what it claims of modules, and whom to ask.

The one place of it: a command takes what it gets here. It must not know what is asked.
"""

from sleeplsp.cli.session import Session
from sleeplsp.engine.model import Model
from sleeplsp.engine.viewing import InsightOf, no_insight


def insights_of(_session: Session) -> InsightOf:
    """Return who knows what a model claims of the modules of a session."""
    return no_insight


def model_of(_session: Session) -> Model | None:
    """Return the model that answers questions; None if the user has named none."""
    return None
