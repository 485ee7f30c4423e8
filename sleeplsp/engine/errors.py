"""Errors a user can act on: one clear line that says what to do, and the exit code that goes with it."""

DEBUG_VARIABLE = "SLEEPLSP_DEBUG"
"""Environment variable, and no setting: when it is set, an error shows its traceback all the same."""


class SleepError(Exception):
    """A failure that is told to the user in one line, without a traceback."""

    exit_code = 4


class UsageError(SleepError):
    """Bad input: a path, a position, a setting, a revision."""

    exit_code = 2


class StoreError(SleepError):
    """The store cannot be used: locked, read-only, full, or of an unknown form."""

    exit_code = 2


class JournalError(SleepError):
    """The journal cannot be used: corrupted, read-only, or of a newer version."""

    exit_code = 2
