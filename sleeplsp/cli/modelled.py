"""Where commands that answer are joined to a language model: what it claims of modules, and whom to ask.

Nothing of a model is loaded where the user has named none. It must not know what is asked.
"""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sleeplsp.cli.session import Session
from sleeplsp.core.insight import Insight
from sleeplsp.engine.entries import root_digest
from sleeplsp.workers.answering import AnswerDesk

if TYPE_CHECKING:
    from sleeplsp.engine.reflection.desk import OpenModel


def insights(session: Session) -> Mapping[str, Insight]:
    """Return what a model claims of a session's workspace, which is up to date, by module.

    Of a model that is named, whether it is to think or not: what is stored costs nothing.
    """
    if not session.settings.remembers:
        return {}
    from sleeplsp.cli.reflecting import known_of  # noqa: PLC0415 - only where a model is named

    return known_of(session).insights


def model_of(session: Session) -> "OpenModel | None":
    """Return what opens the model that answers questions; None if the user has named none."""
    settings = session.settings
    if not settings.has_model and settings.replay is None:
        return None
    from sleeplsp.cli.models import opened_model  # noqa: PLC0415 - as above

    root, run = root_digest(str(session.root or "")), uuid.uuid4().hex
    return lambda: opened_model(
        settings, session.ledger, root=root, run=run, store=session.store, answers=True
    )


def answer_desk(session: Session) -> AnswerDesk | None:
    """Return where an editor's questions are handed in for the model that answers; None without one."""
    settings = session.settings
    if not settings.has_model and settings.replay is None:
        return None
    from sleeplsp.cli.reflecting import desk_of  # noqa: PLC0415 - only where a model is asked
    from sleeplsp.redact import redact  # noqa: PLC0415 - as above

    return AnswerDesk(
        desk=desk_of(session, answers=True),
        redact=redact,
        verbosity=settings.verbosity,
        deadline_s=settings.answer_s_max,
        tokens_max=settings.prompt_tokens_max,
    )
