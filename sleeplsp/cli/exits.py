"""Exit codes, and the one place where an error becomes a line on standard error.

A command returns its code or raises; nothing but `guarded` decides what an exception means. It must
not know any command.
"""

import errno
import os
import sys
import traceback
from collections.abc import Callable
from enum import IntEnum

import click

from sleeplsp.cli import streams, tell
from sleeplsp.cli.terminating import heeded
from sleeplsp.engine.errors import DEBUG_VARIABLE, SleepError

_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


class ExitCode(IntEnum):
    """What a command ends with. Where several apply, precedence is 4, 2, 3, 1, 0."""

    CLEAN = 0
    FINDINGS = 1
    """A suspicion at or above the threshold."""
    USAGE = 2
    """Wrong input or configuration, or a store that cannot be used."""
    INCOMPLETE = 3
    """A module failed, or nothing was thought about. A skipped file is not incomplete."""
    INTERNAL = 4
    """A mistake in this program."""
    INTERRUPTED = 130
    TERMINATED = 143
    """By SIGTERM."""


def guarded(command: Callable[[], int]) -> int:
    """Run a command; return its exit code, having told of any error in one line."""
    with heeded() as termination:
        try:
            code = _ended(command)
        except (KeyboardInterrupt, click.Abort):
            code = ExitCode.INTERRUPTED
        return ExitCode.TERMINATED if termination.is_told else code


def _ended(command: Callable[[], int]) -> int:
    try:
        code = command()
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        raise
    except BrokenPipeError:
        streams.silence(sys.stdout)
        return ExitCode.CLEAN
    except SystemExit as ending:  # click's way when the reader of a help page has gone
        return ExitCode.CLEAN if ending.code == 1 else int(ending.code or 0)
    except BaseException as error:  # noqa: BLE001 - the last place where it can be told
        return _told(error)
    return code


def _told(error: BaseException) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(error)
    if isinstance(error, SleepError):
        tell.error(str(error))
        return error.exit_code
    if isinstance(error, click.ClickException):
        return _told_usage(error)
    if isinstance(error, OSError) and error.filename is None and error.errno in _UNWRITABLE:
        streams.silence(
            sys.stdout
        )  # a help page, which click prints: whatever else is written names its file
        tell.error(f"standard output cannot be written: {error.strerror}")
        return ExitCode.USAGE
    said = " ".join(f"{type(error).__name__}: {error}".split())
    tell.error(f"internal error: {said} ({DEBUG_VARIABLE}=1 shows where; please report it)")
    return ExitCode.INTERNAL


def _told_usage(error: click.ClickException) -> int:
    said, context = error.format_message(), getattr(error, "ctx", None)
    if "\n" in said:  # the help page, where a command is missing
        tell.page(said)
    else:
        command = context.command_path if context is not None else "sleeplsp"
        tell.error(f"{said.rstrip('.')}; `{command} --help` tells more")
    return ExitCode.USAGE
