"""What the process may take at most, set before anything of the workspace is there.

It must not know what runs.
"""

import contextlib
import resource

OPEN_FILES_MAX = 64

_CPU_GRACE_SECONDS = 1


def limit(cpu_seconds: int, bytes_max: int) -> None:
    """Limit processor time, memory, files that are written (to nothing), open files, and processes (to none).

    Hard limits: only a privileged process could lift them. For one of those the last means nothing.
    """
    _limit(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + _CPU_GRACE_SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES_MAX)
    for name, most in (("RLIMIT_AS", bytes_max), ("RLIMIT_NPROC", 0), ("RLIMIT_MSGQUEUE", 0)):
        if hasattr(resource, name):  # not on every system
            _limit(getattr(resource, name), most)


def _limit(which: int, soft: int, hard: int = -1) -> None:
    hard = soft if hard < 0 else hard
    _, highest = resource.getrlimit(which)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    with contextlib.suppress(OSError, ValueError):  # a system that knows the name and not the thing
        resource.setrlimit(which, (soft, hard))
