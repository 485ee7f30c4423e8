"""A session's model reasoner, joined: what it has found out by now, and what goes on finding out.

Imported only where the user has named a model. It must not know what is done with what was found out.
"""

import uuid
from collections.abc import Callable
from typing import NamedTuple

from sleeplsp.cache.gates import FileGate
from sleeplsp.cli.crew import GATES
from sleeplsp.cli.models import model_name, opened_model
from sleeplsp.cli.session import Session
from sleeplsp.cli.verifying import verification_of
from sleeplsp.engine.entries import root_digest
from sleeplsp.engine.errors import JournalError
from sleeplsp.engine.model_reasoner import ModelReasoner
from sleeplsp.engine.outcome import Reflected
from sleeplsp.engine.ports import Gate, OpenGate
from sleeplsp.engine.reflection.desk import Desk
from sleeplsp.engine.reflection.gathering import module_context
from sleeplsp.engine.reflection.known import Known
from sleeplsp.engine.reflection.policy import DULL_SHOWN_MIN, Policy, policy_of
from sleeplsp.engine.reflection.reflection import Reflection
from sleeplsp.engine.reflection.rows import Shelf
from sleeplsp.engine.reflection.worth import Worth
from sleeplsp.engine.verification.verdicts import Verdicts
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.keys import module_key
from sleeplsp.redact import redact

GATES_MAX = 64
"""Lock files for modules that are thought about at this moment, of all workspaces together."""


def known_of(session: Session) -> Known:
    """Return what a model has found out of a workspace that is up to date. Raises StoreError."""
    known = _known(session, _policy(session))
    known.load()
    return known


def has_thought(session: Session) -> bool:
    """Tell whether a model has thought about any module, as it is or was. Raises StoreError."""
    manifest = _shelf(session).manifest()
    return bool(manifest.entries or manifest.failures)


class Standing(NamedTuple):
    """Where the modules of a workspace stand with a model; in one set at most."""

    known: frozenset[str]
    """Known as they are now: they are not asked about again."""
    failed: frozenset[str]
    """No reply about them was of use."""
    waiting: frozenset[str]
    """Worth to be asked about."""


def standing_of(session: Session) -> Standing:
    """Return where the modules of a workspace that is up to date stand. Raises StoreError."""
    known, knowledge, policy = known_of(session), session.deduction.knowledge, _policy(session)
    worth, gather = Worth(knowledge, session.signals(), known.gains), gatherer(session)

    def is_known(path: str) -> bool:
        if known.is_current(path):
            return True
        # What it sees of others may have changed, and nothing that it is told of them.
        context = gather(path) if path in known.studies else None
        return context is not None and known.is_under(
            path, module_key(context, policy.model, policy.parameters)
        )

    current = frozenset(filter(is_known, knowledge.facts))
    failed = frozenset(known.failed) - current
    left = knowledge.facts.keys() - current - failed
    waiting = (path for path in left if worth.of(path, is_shown=False, is_edited=False) is not None)
    return Standing(current, failed, frozenset(waiting))


def last_of(session: Session) -> Reflected | None:
    """Return what a model's part of the last run came to. Raises StoreError."""
    return _shelf(session).manifest().last


def model_reasoner_of(session: Session) -> ModelReasoner:
    """Return who has the model think about a session's workspace, beside its Deduction."""
    policy = _policy(session, _dull(session))
    known = _known(session, policy)
    reflection = Reflection(
        session.deduction,
        known,
        policy,
        desk_of(session),
        gatherer(session),
        _gates(session),
        session.signals,
    )
    return ModelReasoner(reflection, verification_of(session, known))


def desk_of(session: Session, *, answers: bool = False) -> Desk:
    """Return where calls of the model are handed in: of the one that thinks, or of the one that answers."""
    root, run = root_digest(str(session.root or "")), uuid.uuid4().hex
    return Desk(
        lambda: opened_model(
            session.settings, session.ledger, root=root, run=run, store=session.store, answers=answers
        ),
        session.deduction.mail.put,
    )


def gatherer(session: Session) -> Callable[[str], ModuleContext | None]:
    """Return what gathers the context of a module."""
    return lambda path: module_context(session.deduction, path, session.history, redact)


def _policy(session: Session, dull: frozenset[str] = frozenset()) -> Policy:
    return policy_of(session.settings, model_name(session.settings), dull)


def _known(session: Session, policy: Policy) -> Known:
    knowledge = session.deduction.knowledge
    return Known(_shelf(session), knowledge, Verdicts(session.store, knowledge), policy.bounds)


def _shelf(session: Session) -> Shelf:
    return Shelf(session.store, str(session.root or ""), model_name(session.settings))


def _gates(session: Session) -> Callable[[str], Gate]:
    folder = session.shared_dir
    if folder is None:
        return lambda _key: OpenGate()
    return lambda key: FileGate(folder / GATES, f"reflection-{int(key[:8], 16) % GATES_MAX}")


def _dull(session: Session) -> frozenset[str]:
    """Return the categories that were often shown, and nobody ever acted on."""
    try:
        funnel = session.notes("").account().funnel
    except JournalError:
        return frozenset()
    return frozenset(each.check for each in funnel if each.shown >= DULL_SHOWN_MIN and not each.acted)
