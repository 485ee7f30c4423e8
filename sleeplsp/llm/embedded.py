"""The embedded llama.cpp server as whoever started it sees it: begun, watched, begun anew if it dies, ended.

It has a process of its own, at low priority, that listens on this machine alone, on whatever port is free,
and answers nobody without a key drawn by chance. It ends with the process that started it, whatever ends
that one. This module must not know what is asked.
"""

import contextlib
import json
import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections import deque
from typing import IO, TypeVar
from urllib.parse import urlsplit

import anyio.to_thread
import msgspec

from sleeplsp.engine.model import DeniedError, ModelError, UnreachableError
from sleeplsp.engine.settings.model import ModelSettings
from sleeplsp.llm.keys import Key
from sleeplsp.llm.plan import Plan, check

log = logging.getLogger(__name__)

START_S_MAX = 300.0
"""Seconds that reading a model may take: several gigabytes come from a slow disk."""

REVIVALS_MAX = 3
"""How often a server that died is begun anew by itself."""

_KEY_BYTES = 24
_COMPLAINT = "error loading model: "
_LINES_KEPT = 20
_LAST_WORDS_S_MAX = 2.0

S = TypeVar("S", bound=ModelSettings)


class LocalServer:
    """The server of one model, for any thread."""

    def __init__(self, plan: Plan, start_s_max: float = START_S_MAX) -> None:
        self.plan = plan
        self.key = Key(secrets.token_urlsafe(_KEY_BYTES))
        self.base_url = ""
        """Where it is reached, also once it was begun anew; '' before it was started."""
        self._start_s_max = start_s_max
        self._starting = threading.Lock()
        self._stops = 0
        """How often it was ended: a start that began before is given up."""
        self._revivals = 0
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

        To stop waiting does not stop it. Raises DeniedError where it never will, UnreachableError where it
        did not this time.
        """
        await anyio.to_thread.run_sync(self._start, self._stops, abandon_on_cancel=True)

    def stop(self) -> None:
        """End it at once; harmless where it is not running."""
        self._stops += 1
        process, self._process = self._process, None
        self.base_url = ""
        if process is not None:
            _end(process)

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

    def _start(self, stops: int) -> None:
        """Start it unless it was ended meanwhile, which `stops` tells; one thread at a time."""
        with self._starting:
            if self.is_running and self.base_url:
                return
            check(self.plan)
            if self._process is not None:
                _end(self._process)  # it has died: its pipes are left
            process = self._process = self._begun()
            try:
                self.base_url = self._served_at(process, stops)
            except ModelError:
                self.base_url = ""
                if self._process is process:
                    self._process = None
                _end(process)
                raise
        threading.Thread(target=self._watch, args=(process, stops), daemon=True).start()

    def _served_at(self, process: "subprocess.Popen[bytes]", stops: int) -> str:
        """Return where a process serves, if it does so in time. Raises UnreachableError, DeniedError."""
        if self._stops != stops:
            raise UnreachableError(f"the server of {self.plan.path} is not wanted any more")
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            process.kill()

        alarm = threading.Timer(self._start_s_max, end)
        alarm.daemon = True
        alarm.start()
        try:
            return self._address(process)
        except ModelError:
            if not is_late.is_set():
                raise
            late = f"{self.plan.path} was not loaded within {self._start_s_max:g} s"
            raise UnreachableError(late) from None
        finally:
            alarm.cancel()

    def _begun(self) -> "subprocess.Popen[bytes]":
        # -P: where the workspace is the current folder, its modules must not pass for ours. Its own session:
        # an interrupt in a terminal is for us, who end it. Threads that wait must not keep the processor.
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "sleeplsp.llm.serving"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"},
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            raise UnreachableError(f"no server can be started: {error.strerror}") from None
        self._said = deque(maxlen=_LINES_KEPT)
        self._hearing = threading.Thread(target=_hear, args=(process.stderr, self._said), daemon=True)
        self._hearing.start()
        return process

    def _address(self, process: "subprocess.Popen[bytes]") -> str:
        """Tell a process what to serve, and wait for where it does. Raises UnreachableError, DeniedError."""
        if process.stdin is None or process.stdout is None:
            raise ValueError("a server has pipes")
        orders = {
            **msgspec.structs.asdict(self.plan),
            "key": self.key.reveal(),
            "port": urlsplit(self.base_url).port or 0,  # whoever knows it finds it again
        }
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

    def _watch(self, process: "subprocess.Popen[bytes]", stops: int) -> None:
        """Begin it anew when it dies, but not forever."""
        code = process.wait()
        if self._stops != stops or self._process is not process:
            return
        log.warning("the server of %s died (%s)", self.plan.path, code)
        if self._revivals < REVIVALS_MAX:
            self._revivals += 1
            with contextlib.suppress(ModelError):
                self._start(stops)


def _hear(stream: IO[bytes], said: deque[str]) -> None:
    """Keep the last lines of what a process complains of, until it ends."""
    with stream:
        for line in stream:
            said.append(line.decode("utf-8", "replace").strip())


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
