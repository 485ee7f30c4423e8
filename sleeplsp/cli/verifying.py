"""A session's verification, joined: who calls the workspace's functions, and whether the user lets that be.

Only the user's settings say so. It must not know which claims are tried.
"""

from sleeplsp.cli.session import Session
from sleeplsp.engine.reflection.known import Known
from sleeplsp.engine.verification.ports import Limits, UnverifiableError, Verifier
from sleeplsp.engine.verification.verification import Terms, Verification
from sleeplsp.verify.process import ProcessVerifier


def verification_of(session: Session, known: Known) -> Verification:
    """Return who has the claims of a session's workspace tried, as far as its user lets them."""
    return Verification(session.deduction, session.files, known, verifier_of(session), terms_of(session))


def verifier_of(session: Session) -> Verifier | None:
    """Return who calls functions of a session's workspace; None where there are no files to call any of."""
    return ProcessVerifier(session.root, session.settings.verify_python) if session.root is not None else None


def testing_of(session: Session) -> str:
    """Say whether claims are tested, and by what. Waits for a process where they are."""
    verifier = verifier_of(session)
    if not session.settings.verify or verifier is None:
        return "off: the setting verify lets claims be tested by calling functions of the workspace"
    try:
        return f"on: {verifier.environment()}"
    except UnverifiableError as error:
        return f"on, and cannot be done: {error}"


def terms_of(session: Session) -> Terms:
    """Return whether functions may be called, and within which limits."""
    settings = session.settings
    return Terms(
        is_allowed=settings.verify and session.root is not None,
        limits=Limits(
            calls_max=settings.verify_calls_max,
            seconds_max=settings.verify_s_max,
            bytes_max=settings.verify_bytes_max,
        ),
    )
