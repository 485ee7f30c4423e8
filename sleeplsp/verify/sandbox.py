"""How the process is started that runs the workspace's code: with what is harmless, and away from all else.

Its own session, a few variables, a folder of its own that is removed afterwards, no open files. Where
bubblewrap is installed and lets itself be used, the system itself sees to it: nothing can be written, there
is no network and no other process, and it ends with its parent. It must not know what the process says.
"""

import atexit
import contextlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

TRIAL_SECONDS_MAX = 10.0
"""For bubblewrap to show that it works."""

ENDING_SECONDS_MAX = 5.0
"""For the system to take down a process that was killed."""

_WRAPPER = "bwrap"
_PASSED_ON = ("LANG", "LC_ALL", "LC_CTYPE", "TZ")
_CLEARED = ("/tmp", "/run")  # noqa: S108 - what is there is hidden, nothing is put there


def harmless_variables(home: str) -> dict[str, str]:
    """Return all variables the process gets: nothing that names a key, a proxy or a folder of the user's."""
    one_thread = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    return {
        "HOME": home,
        "TMPDIR": home,
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "HYPOTHESIS_NO_PLUGINS": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(kept_tables()),
        **dict.fromkeys(one_thread, "1"),
        **{each: os.environ[each] for each in _PASSED_ON if each in os.environ},
    }


@contextlib.contextmanager
def started(
    command: list[str],
    seen: Iterable[Path],
    *,
    is_wrapped: bool,
    kept: Path | None = None,
    errors: int = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process with pipes to its input and output; it and all it has started have ended afterwards.

    `seen` are the folders that it needs to read, wherever they lie; `kept` is one that it may write to.
    `errors` is where what it says of errors goes, as for subprocess.
    """
    with tempfile.TemporaryDirectory(prefix="sleeplsp-", ignore_cleanup_errors=True) as home:
        around = wrapping(home, seen, kept) if is_wrapped else []
        process = subprocess.Popen(
            [*around, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            bufsize=0,
            env=harmless_variables(home),
            cwd=home,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _end(process)


def wrapping(home: str, seen: Iterable[Path], kept: Path | None = None) -> list[str]:
    """Return what is put before a command, so that bubblewrap runs it.

    All can be read as it is, but what lies in folders of other programs' passing things, unless it is needed.
    Nothing can be written, but in a folder that is kept.
    """
    cleared = [each for folder in (*_CLEARED, home) for each in ("--tmpfs", folder)]
    needed = [each for folder in _hidden(seen) for each in ("--ro-bind", folder, folder)]
    written = [] if kept is None else ["--bind", str(kept), str(kept)]
    return [
        shutil.which(_WRAPPER) or _WRAPPER,  # found where the user has it, not where the process would look
        *("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
        *cleared[:-2],
        *needed,
        *written,
        *cleared[-2:],
        *("--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--new-session", "--chdir", home, "--"),
    ]


@cache
def kept_tables() -> Path:
    """Return a folder for tables of characters that hypothesis makes once for all processes of a user.

    It is among what is temporary. Where somebody else was there first, it goes with this process.
    """
    folder = Path(tempfile.gettempdir(), f"sleeplsp-tables-{os.geteuid()}")
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if found.st_uid == os.geteuid() and stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o022:
            return folder
    own = tempfile.mkdtemp(prefix="sleeplsp-tables-")
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return Path(own)


@cache
def can_wrap(python: str, seen: tuple[Path, ...]) -> bool:
    """Return whether bubblewrap is there and may run this interpreter; tried once."""
    if shutil.which(_WRAPPER) is None:
        return False
    with tempfile.TemporaryDirectory(prefix="sleeplsp-") as home:
        try:
            done = subprocess.run(
                [*wrapping(home, seen), python, "-c", ""],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TRIAL_SECONDS_MAX,
                check=False,
                env=harmless_variables(home),
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0


def _hidden(seen: Iterable[Path]) -> list[str]:
    """Return folders that would be hidden, outer ones first: what is bound later covers what is below it."""
    absolute = {str(each.absolute()) for each in seen}
    return sorted(each for each in absolute if any(Path(each).is_relative_to(folder) for folder in _CLEARED))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, and all of its group that may be left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(ENDING_SECONDS_MAX)
