"""A workspace that a scripted model thinks about: which calls it was asked, what came of them."""

import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import anyio

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.engine.model import Call, Model, Phase
from sleeplsp.engine.outcome import Progress, Reflected
from sleeplsp.engine.ports import Gate, OpenGate
from sleeplsp.engine.reflection.desk import Desk
from sleeplsp.engine.reflection.gathering import module_context
from sleeplsp.engine.reflection.known import Known
from sleeplsp.engine.reflection.policy import Policy
from sleeplsp.engine.reflection.reflection import Reflection
from sleeplsp.engine.reflection.rows import Shelf
from sleeplsp.engine.verification.verdicts import Verdicts
from sleeplsp.llm.scripted.model import ScriptedModel
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.redacted import nothing_redacted
from tests.thinking import EditedFiles, Thinker

NOTHING = json.dumps(
    {"summary": "It does things.", "invariants": [], "suspicions": [], "questions": [], "retracted": []}
)
STANDS = json.dumps({"reason": "It happens with an empty list.", "verdict": "stands"})
REFUTED = json.dumps({"reason": "The caller checks.", "verdict": "refuted"})

POLICY = Policy(
    model="scripted",
    generations_max=3,
    prompt_tokens_max=8000,
    reply_tokens_max=1000,
    call_s_max=60.0,
    calls_max=2,
)


def always_open(_key: str) -> Gate:
    return OpenGate()


class Thoughtful:
    """One process that thinks about a workspace and has a model think too."""

    def __init__(
        self,
        files: EditedFiles,
        model: Model,
        store: MemoryStore | None = None,
        policy: Policy = POLICY,
        gate_of: Callable[[str], Gate] = always_open,
        fails_at: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`fails_at`: a module whose context cannot be gathered, by a mistake of ours."""
        self._fails_at = fails_at
        self._model = model
        self.thinker = Thinker(files, store)
        self.deduction = self.thinker.deduction
        self.desk = Desk(self._opened, self.deduction.mail.put)
        self.reflection = Reflection(
            self.deduction,
            Known(
                Shelf(self.thinker.store, "/", policy.model),
                self.deduction.knowledge,
                Verdicts(self.thinker.store, self.deduction.knowledge),
                policy.bounds,
                clock,
            ),
            policy,
            self.desk,
            self._gathered,
            gate_of,
        )
        self.progress: list[Progress] = []

    def _gathered(self, path: str) -> ModuleContext | None:
        if path == self._fails_at:
            raise IndexError("out of range")
        return module_context(self.deduction, path, None, nothing_redacted)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Model]:
        try:
            yield self._model
        finally:
            with anyio.CancelScope(shield=True):
                await self._model.close()

    @property
    def model(self) -> ScriptedModel:
        """The model, where it is a scripted one."""
        assert isinstance(self._model, ScriptedModel)
        return self._model

    def deduce(self) -> None:
        """Deduce what is new, and have the model look again."""
        self.thinker.think()

    def sleep(
        self, shown: Sequence[str] = (), again: Sequence[str] = (), deeper: Sequence[str] = ()
    ) -> Reflected:
        """Think to the end."""
        self.deduce()
        self.reflection.ask(shown, again=again, deeper=deeper)
        while (outcome := self.reflection.outcome) is None:
            self.go_on()
        return outcome

    def go_on(self) -> None:
        """Do a little, or wait for an answer."""
        if not self.reflection.step(self.progress.append) and self.reflection.outcome is None:
            assert self.deduction.wait(60.0 if self.reflection.patience_s is None else 0.05) or (
                self.reflection.patience_s is not None
            ), "no answer came"

    def close(self) -> None:
        self.reflection.close()
        self.deduction.close()

    def paths(self, phase: Phase = Phase.SLEEP) -> list[str]:
        """Which modules the calls were about."""
        return [each.path for each in self.model.calls if each.phase is phase]


def by_phase(sleep: str, critic: str = STANDS) -> Callable[[Call], str]:
    """Return a script that answers by what is asked."""
    return lambda call: critic if call.phase is Phase.CRITIC else sleep
