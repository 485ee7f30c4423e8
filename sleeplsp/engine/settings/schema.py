"""Every setting, with its kind, scope, default and description: what the documentation prints.

A setting's name carries its unit.
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from sleeplsp.engine.settings.kinds import (
    CheckLevel,
    Count,
    CountOrNone,
    FailLevel,
    Processes,
    Scope,
    Seconds,
    Share,
    about,
)
from sleeplsp.engine.settings.model import ModelSettings


class Settings(ModelSettings, frozen=True, kw_only=True):
    """Every setting with its default. The descriptions are what the documentation prints."""

    excludes: Annotated[
        tuple[str, ...],
        about(
            Scope.REPOSITORY,
            "Files and folders to leave out, as `.gitignore` patterns relative to the workspace "
            "root. `!pattern` takes in what is left out by default as vendored, generated or "
            "minified by its name. The lists of all places add up, a repository's first, so that "
            "it cannot take back its user's.",
        ),
    ] = ()
    file_bytes_max: Annotated[Count, about(Scope.LOWER_ONLY, "Largest file that is read, in bytes.")] = (
        1024 * 1024
    )
    line_bytes_max: Annotated[
        Count,
        about(Scope.LOWER_ONLY, "Longest line that a file which is read may have, in bytes."),
    ] = 20_000
    depth_max: Annotated[
        CountOrNone,
        about(Scope.LOWER_ONLY, "How many folders below the workspace root a file may lie."),
    ] = 64
    files_max: Annotated[
        Count,
        about(Scope.LOWER_ONLY, "How many files of a workspace are read, by order of path."),
    ] = 100_000
    checks: Annotated[
        Mapping[str, CheckLevel],
        about(
            Scope.REPOSITORY,
            "Severity of single checks, or `off`; a check that is not named keeps its own.",
        ),
    ] = msgspec.field(default_factory=dict)
    fail_on: Annotated[
        FailLevel,
        about(
            Scope.REPOSITORY,
            "Lowest severity of a shown suspicion that makes `precompute` exit with 1.",
        ),
    ] = "never"
    jobs: Annotated[Processes, about(Scope.USER, "Worker processes; 0 means one for each processor.")] = 0
    job_s_max: Annotated[
        Seconds,
        about(Scope.LOWER_ONLY, "Seconds that a worker may spend on one job before it is ended."),
    ] = 60.0
    worker_bytes_max: Annotated[
        Count, about(Scope.LOWER_ONLY, "Memory that one worker process may use, in bytes.")
    ] = 2 * 1024**3
    # Not lower-only: all repositories share the store, and one could empty it for the others.
    store_bytes_max: Annotated[
        Count,
        about(
            Scope.USER,
            "Size of the store, in bytes; beyond it the least recently used rows are dropped.",
        ),
    ] = 1024**3
    cache_dir: Annotated[
        str | None,
        about(Scope.USER, "Folder of the store; by default the user's cache directory."),
    ] = None
    state_dir: Annotated[
        str | None,
        about(Scope.USER, "Folder of the journal; by default the user's state directory."),
    ] = None
    # Off: neither is quiet, and what matters of both is said by diagnostics and hovers.
    lenses: Annotated[bool, about(Scope.USER, "Code lenses: how much is claimed of what is below.")] = False
    hints: Annotated[bool, about(Scope.USER, "Inlay hints: what a call may give or raise.")] = False
    navigation: Annotated[bool, about(Scope.USER, "Workspace symbols, references, call hierarchy.")] = True
    idle_s: Annotated[
        Seconds, about(Scope.USER, "Seconds without an edit after which thinking may begin.")
    ] = 1.0
    paused: Annotated[
        bool,
        about(Scope.USER, "Whether the server only thinks when it is told to, or resumed by a command."),
    ] = False
    load_max: Annotated[
        Share,
        about(
            Scope.USER,
            "Load average per processor from which on long runs in the background wait, as they do on "
            "battery; 0: they never wait. What an open file needs never waits.",
        ),
    ] = 1.5
    verify: Annotated[
        bool,
        about(
            Scope.USER,
            "Whether claims of a model that can be executed are tested: functions of the workspace are "
            "called, in a process with limits. That runs the workspace's code; turn it on only where you "
            "trust it.",
        ),
    ] = False
    verify_python: Annotated[
        str | None,
        about(
            Scope.USER,
            "Python that runs the workspace's code; it needs the package hypothesis. By default that of "
            "`.venv` or `venv` in the workspace, else the one that runs sleeplsp: the first that has it.",
        ),
    ] = None
    verify_calls_max: Annotated[
        Count, about(Scope.LOWER_ONLY, "How often a function is called to test one claim.")
    ] = 200
    verify_s_max: Annotated[
        Seconds, about(Scope.LOWER_ONLY, "Seconds that testing the claims of one module may take.")
    ] = 60.0
    verify_bytes_max: Annotated[
        Count, about(Scope.LOWER_ONLY, "Memory of the process that tests claims, in bytes.")
    ] = 1024**3
