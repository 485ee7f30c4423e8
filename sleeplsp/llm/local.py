"""A model on this machine in the place of an endpoint: one server for all of a process that want it.

It must not know what is asked, nor how a server is started.
"""

import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sleeplsp.engine.model import DeniedError
from sleeplsp.engine.settings.model import ModelSettings
from sleeplsp.llm.embedded import LocalServer
from sleeplsp.llm.plan import CONTEXT_TOKENS, SLOTS, Plan

THREADS_MAX = 8


class _Shared:
    """A server, and how many hold it."""

    def __init__(self, plan: Plan) -> None:
        self.server = LocalServer(plan)
        self.holders = 0


_lock = threading.Lock()
_shared: dict[Plan, _Shared] = {}


@asynccontextmanager
async def local_server(plan: Plan) -> AsyncIterator[LocalServer]:
    """Give the server of a plan, which runs: the first to want it starts it, the last one ends it.

    From any thread and event loop. Raises DeniedError, UnreachableError.
    """
    with _lock:
        shared = _shared.setdefault(plan, _Shared(plan))
        shared.holders += 1
    try:
        await shared.server.start()
        yield shared.server
    finally:
        with _lock:
            shared.holders -= 1
            is_last = not shared.holders
            if is_last:
                del _shared[plan]
        if is_last:
            shared.server.stop()


def plan_of(settings: ModelSettings) -> Plan:
    """Return how the user's file is served. Raises DeniedError where none is named."""
    if settings.local_model is None:
        raise DeniedError("no local model is set: set `local_model` (SLEEPLSP_LOCAL_MODEL) to a GGUF file")
    path = os.path.abspath(os.path.expanduser(settings.local_model))  # noqa: PTH100, PTH111 - Path raises
    return Plan(
        path=path,
        name=settings.model or Path(path).stem,
        slots=max(1, min(settings.calls_max, SLOTS)),
        context_tokens=min(settings.prompt_tokens_max + settings.reply_tokens_max, CONTEXT_TOKENS),
        threads=min(_processors(), THREADS_MAX),
    )


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
