"""A Sleeper with all it needs, in the midst of its night: nothing in it waits for time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from sleeplsp.core.languages import languages
from sleeplsp.core.located import ModuleClaims
from sleeplsp.core.text import Text, text_digest
from sleeplsp.engine.noting import Notes
from sleeplsp.engine.shifting import Change
from sleeplsp.engine.sleeper import Sleeper
from sleeplsp.engine.status import Status
from sleeplsp.engine.workspace import Workspace
from sleeplsp.journal.memory import MemoryJournal
from tests.scripted import HandClock, ScriptedReasoner

PATH = "a.py"
IDLE_S = 1.0


class Listener:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.learned_: list[str] = []
        self.lines: list[str] = []
        self.statuses: list[Status] = []
        self.raises = False

    def learned(self, path: str) -> None:
        self.learned_.append(path)
        if self.raises:
            raise RuntimeError("no ears")

    def noticed(self, line: str) -> None:
        self.lines.append(line)

    def slept(self, status: Status) -> None:
        self.statuses.append(status)
        if self.raises:
            raise RuntimeError("no ears")


class Night:
    """A Sleeper with all it needs."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.workspace = Workspace()
        self.reasoner = ScriptedReasoner()
        self.listener = Listener()
        self.busy = ""
        """Why long runs should wait."""
        self.journal = MemoryJournal()
        self.sleeper = Sleeper(
            self.workspace,
            self.reasoner,
            self.listener,
            idle_s=IDLE_S,
            clock=self.clock,
            notes=Notes(self.journal, "", "server", self.clock.now),
            busy=lambda: self.busy,
        )
        self.workspace.open(PATH, languages()["python"], 1, Text(b"def f(): pass\n"))

    def unsettled(self) -> tuple[str, ...]:
        return self.workspace.unsettled

    def edit(self, insert: bytes = b"x") -> None:
        module = self.workspace.snapshot.modules[PATH]
        end = len(module.text.source)
        text = module.text.replaced(end, end, insert)
        change = Change(end, end, len(insert))
        self.workspace.edit(PATH, module.version + 1, [(change, text)])
        self.sleeper.wake("edited", PATH, edited=True)

    def claims(self, digest: str = "d") -> ModuleClaims:
        text = self.workspace.snapshot.modules[PATH].text
        return ModuleClaims(path=PATH, text_digest=text_digest(text), symbols={}, digest=digest)


@asynccontextmanager
async def sleeping() -> AsyncIterator[Night]:
    night = Night()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(night.sleeper.run)
        await anyio.wait_all_tasks_blocked()
        yield night
        tasks.cancel_scope.cancel()
