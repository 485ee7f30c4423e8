"""A model on this machine: an embedded llama.cpp server, started with a file of the user's and ended here.

It has a process of its own, at low priority, that listens on this machine alone, on whatever port is free,
and answers nobody without a key drawn by chance. It ends with the process that started it, whatever ends
that one. This module must not know what is asked.
"""

import contextlib
import importlib.util
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, TypeVar

import anyio
import anyio.to_thread
import msgspec

from sleeplsp.engine.model import DeniedError, UnreachableError
from sleeplsp.engine.settings.model import ModelSettings
from sleeplsp.llm.keys import Key

START_S_MAX = 300.0
"""Seconds that reading a model may take: several gigabytes come from a slow disk."""

THREADS_MAX = 8
SLOTS = 2
"""Calls at a time: who waits for an answer need not wait for one that nobody waits for."""

CONTEXT_TOKENS = 16_384
"""Of each call, prompt and reply; a model that was made for less has less."""

_LIBRARY = "xllamacpp"
_MAGIC = b"GGUF"
_KEY_BYTES = 24
_COMPLAINT = "error loading model: "
_LINES_KEPT = 20
_LAST_WORDS_S_MAX = 2.0

S = TypeVar("S", bound=ModelSettings)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Which model is served, and with what."""

    path: str
    name: str
    """What it is called, in requests and in the books."""
    slots: int = SLOTS
    context_tokens: int = CONTEXT_TOKENS
    threads: int = 1

    @property
    def known_as(self) -> str:
        """What is remembered of it is remembered by: its port and its key are new each time."""
        return f"{self.path}, {self.context_tokens} tokens"


class LocalServer:
    """The server of one model. Everything but `start` may be called from any thread."""

    def __init__(self, plan: Plan, start_s_max: float = START_S_MAX) -> None:
        self.plan = plan
        self.key = Key(secrets.token_urlsafe(_KEY_BYTES))
        self.base_url = ""
        """Where it is reached; '' before it was started."""
        self._start_s_max = start_s_max
        self._process: subprocess.Popen[bytes] | None = None
        self._said: deque[str] = deque(maxlen=_LINES_KEPT)
        self._hearing = threading.Thread()

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process, if it was started and not ended."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Start it, unless it runs, and wait until it answers.

        Raises DeniedError where it never will, UnreachableError where it did not this time.
        """
        if self.is_running:
            return
        check(self.plan)
        self.stop()
        try:
            self._process = self._begun()
            with anyio.fail_after(self._start_s_max):
                self.base_url = await anyio.to_thread.run_sync(
                    self._address, self._process, abandon_on_cancel=True
                )
        except TimeoutError:
            self.stop()
            raise UnreachableError(
                f"{self.plan.path} was not loaded within {self._start_s_max:g} s"
            ) from None
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it at once; harmless where it is not running."""
        process, self._process = self._process, None
        self.base_url = ""
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()

    def settings(self, settings: S) -> S:
        """Return settings with this server in the place of the endpoint, and no more than it can do."""
        room = max(self.plan.context_tokens - settings.reply_tokens_max, 1)
        return msgspec.structs.replace(
            settings,
            endpoint=self.base_url,
            model=self.plan.name,
            answer_model=None,
            calls_max=min(settings.calls_max, self.plan.slots),
            prompt_tokens_max=min(settings.prompt_tokens_max, room),
        )

    def _begun(self) -> "subprocess.Popen[bytes]":
        # -P: where the workspace is the current folder, its modules must not pass for ours. Its own session:
        # an interrupt in a terminal is for us, who end it. Threads that wait must not keep the processor.
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sleeplsp.llm.serving"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"},
            start_new_session=sys.platform != "win32",
        )
        self._said = deque(maxlen=_LINES_KEPT)
        self._hearing = threading.Thread(target=_hear, args=(process.stderr, self._said), daemon=True)
        self._hearing.start()
        return process

    def _address(self, process: "subprocess.Popen[bytes]") -> str:
        """Tell a process what to serve, and wait for where it does. Raises UnreachableError, DeniedError."""
        if process.stdin is None or process.stdout is None:
            raise ValueError("a server has pipes")
        orders = {**msgspec.structs.asdict(self.plan), "key": self.key.reveal()}
        with contextlib.suppress(OSError):  # it has died, which shows at once
            process.stdin.write(json.dumps(orders).encode() + b"\n")
            process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise self._ended(process)
        return f"{json.loads(line)['address']}/v1"

    def _ended(self, process: "subprocess.Popen[bytes]") -> UnreachableError | DeniedError:
        """Return why a process ended before it served."""
        code = process.wait()
        self._hearing.join(_LAST_WORDS_S_MAX)
        for line in self._said:
            if _COMPLAINT in line:
                return DeniedError(f"{self.plan.path} cannot be loaded: {line.partition(_COMPLAINT)[2]}")
        if code < 0:
            with contextlib.suppress(ValueError):
                return UnreachableError(
                    f"the server of {self.plan.path} was ended by {signal.Signals(-code).name}: "
                    "is there enough memory for the model?"
                )
        last = self._said[-1] if self._said else f"exit code {code}"
        return UnreachableError(f"the server of {self.plan.path} ended: {last}")


@asynccontextmanager
async def local_server(plan: Plan, start_s_max: float = START_S_MAX) -> AsyncIterator[LocalServer]:
    """Give a server that runs, and end it."""
    server = LocalServer(plan, start_s_max)
    try:
        await server.start()
        yield server
    finally:
        server.stop()


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


def check(plan: Plan) -> None:
    """Raise DeniedError where it is clear that a model cannot be served, with what to do about it."""
    if importlib.util.find_spec(_LIBRARY) is None:
        raise DeniedError("a local model needs llama.cpp: `pip install sleeplsp[local]`")
    try:
        with Path(plan.path).open("rb") as file:
            magic = file.read(len(_MAGIC))
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise DeniedError(f"the local model {plan.path} cannot be read: {said}") from None
    if magic != _MAGIC:
        raise DeniedError(f"the local model {plan.path} is no GGUF file")


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _hear(stream: IO[bytes], said: deque[str]) -> None:
    """Keep the last lines of what a process complains of, until it ends."""
    with stream:
        for line in stream:
            said.append(line.decode("utf-8", "replace").strip())
