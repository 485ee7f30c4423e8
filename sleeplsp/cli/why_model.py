"""One call of a model about a crash, which the user has asked for. Loaded only then.

It must not know how its answer is shown.
"""

import anyio

from sleeplsp.answers.why.asking import items, question
from sleeplsp.answers.why.cause import Found
from sleeplsp.answers.why.known import Known
from sleeplsp.cli import modelled
from sleeplsp.cli.session import Session
from sleeplsp.engine.enquiry import Enquired, enquire
from sleeplsp.engine.errors import UsageError
from sleeplsp.redact import redact

TOKENS_MAX = 3_000
"""Tokens that are sent beside our own words."""


def enquired(found: Found, known: Known, session: Session) -> Enquired:
    """Ask a model what the cause is; Ctrl-C ends it. Raises ModelError, and UsageError without a model."""
    open_model, settings = modelled.model_of(session), session.settings
    if open_model is None:
        raise UsageError("there is no model to ask: the settings name none")
    tokens_max = min(TOKENS_MAX, settings.prompt_tokens_max)
    told = items(found, known, redact, tokens_max)

    async def ask() -> Enquired:
        async with open_model() as model:
            return await enquire(
                model,
                question(found, redact),
                told,
                path=found.crash.path if found.crash is not None else "",
                verbosity=settings.verbosity,
                deadline_s=settings.answer_s_max,
            )

    return anyio.run(ask)
