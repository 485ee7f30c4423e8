"""Starting worker processes for a crew."""

import os
import subprocess
import sys
from pathlib import Path

from sleeplsp.cache.gates import FileGate
from sleeplsp.engine.errors import DEBUG_VARIABLE
from sleeplsp.engine.ports import Gate, OpenGate
from sleeplsp.engine.settings import Settings
from sleeplsp.workers.process import ProcessWorker

GATES = "gates"
"""The folder of the cache directory whose locks say how much goes on on this machine."""


def start_crew(
    settings: Settings, cache_dir: Path | None, *, background: bool, is_gated: bool = True
) -> list[ProcessWorker]:
    """Return a crew of `settings.jobs` workers; they start when first needed."""
    # -P: where the workspace is the current folder, its modules must not pass for ours.
    command = [sys.executable, "-P", "-m", "sleeplsp.cli.worker"]
    if cache_dir is not None:
        command += ["--cache-dir", str(cache_dir)]
        command += ["--store-bytes-max", str(settings.store_bytes_max)]
    command += ["--bytes-max", str(settings.worker_bytes_max)]
    # What a worker says when it dies is for those who look for a mistake, or for an editor's log.
    errors = None if background or os.environ.get(DEBUG_VARIABLE) else subprocess.DEVNULL

    # Workers read what a repository holds, and need no key for that.
    environment = {name: value for name, value in os.environ.items() if name != settings.key_variable}

    def start() -> "subprocess.Popen[bytes]":
        # Its own pipes: a worker must never hold the editor's streams. Its own process group: what a
        # terminal interrupts is the command, which ends its workers.
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            process_group=0,
        )

    jobs = jobs_of(settings, background=background)
    gates = [_gate(cache_dir, jobs, background=background) if is_gated else OpenGate() for _ in range(jobs)]
    return [ProcessWorker(start, settings.job_s_max, gate) for gate in gates]


def _gate(cache_dir: Path | None, jobs: int, *, background: bool) -> Gate:
    """Return the gate of a worker: all editors of a machine have as many as one, and so all commands."""
    if cache_dir is None:
        return OpenGate()
    return FileGate(cache_dir / GATES, "background" if background else "command", jobs)


def jobs_of(settings: Settings, *, background: bool) -> int:
    """Return how many workers to run: what is set, else one per processor, in the background half."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return settings.jobs or max(1, processors // 2 if background else processors)
