"""Examining a model for `sleeplsp doctor`: is it there, does it answer, what can it do.

What goes wrong is an entry of the report, and the exit code that goes with it. It must not know how the
report is written.
"""

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import msgspec

from sleeplsp.cli.abilities import SEVERAL, WEIGHING, ability_entries
from sleeplsp.cli.doctor_report import ModelEntry
from sleeplsp.engine.caps import caps_of
from sleeplsp.engine.errors import SleepError
from sleeplsp.engine.ledger import Ledger
from sleeplsp.engine.model import Abilities, DeniedError
from sleeplsp.engine.ports import Store
from sleeplsp.engine.settings import Settings
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.endpoint import Endpoint, checked_url, endpoint_of
from sleeplsp.llm.keys import Key
from sleeplsp.llm.local import local_server, plan_of


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What an examination found."""

    problem: str = ""
    offered: tuple[str, ...] = ()
    models: tuple[ModelEntry, ...] = ()
    several: bool = False
    """Whether it gives several replies to one prompt."""
    weighs: bool = False
    """Whether the model that thinks can tell how likely a question is."""
    code: int = 0
    """The exit code of the worst that was found."""


@asynccontextmanager
async def reached(settings: Settings, key: Key | None) -> AsyncIterator[tuple[Settings, Key | None, str]]:
    """Give settings with an endpoint, its key, and what it is known as. Raises ModelError.

    For a local model its server is started.
    """
    if settings.local_model is None:
        yield settings, key, ""
        return
    async with local_server(plan_of(settings)) as server:
        yield server.settings(settings), server.key, server.plan.known_as


class Examiner:
    """Examines the models that settings name. `again`: what they can do is found out anew."""

    def __init__(
        self,
        settings: Settings,
        key: Key | None,
        ledger: Ledger,
        store: Store,
        *,
        known_as: str,
        root: str,
        again: bool,
    ) -> None:
        self._settings = settings
        self._key = key
        self._known_as = known_as
        self._ledger = ledger
        self._store = store
        self._root = root
        self._again = again

    async def examined(self) -> Examined:
        """Examine the endpoint and its models."""
        try:
            offered = await self._offered()
        except SleepError as error:
            return Examined(problem=str(error), code=error.exit_code)
        try:
            asked = self._asked()
        except SleepError as error:
            return Examined(problem=str(error), offered=offered, code=error.exit_code)
        found = [await self._model(endpoint, use) for endpoint, use in asked]
        models = tuple(entry for entry, _ in found)
        can = {each.name for each in models[0].abilities if each.found}
        code = worst([0, *(code for _, code in found)])
        return Examined(
            offered=offered, models=models, several=SEVERAL in can, weighs=WEIGHING in can, code=code
        )

    async def _offered(self) -> tuple[str, ...]:
        """Return the models on offer; none where there is no list of them."""
        url = checked_url(self._settings.endpoint or "")
        model = self._opened(Endpoint(base_url=url, model=self._settings.model or "", key=self._key))
        try:
            return tuple(sorted(each.id for each in (await model.models()).data if each.id))
        except DeniedError:
            # A key that is not accepted shows with the first call; many endpoints have no such list.
            return ()
        finally:
            await model.close()

    def _asked(self) -> list[tuple[Endpoint, str]]:
        """Return the models that are used, each with what for. Raises UsageError where none is named."""
        sleep, answers = (endpoint_of(self._settings, self._key, answers=each) for each in (False, True))
        sleep, answers = (msgspec.structs.replace(each, known_as=self._known_as) for each in (sleep, answers))
        if sleep == answers:
            return [(sleep, "sleep and answers")]
        return [(sleep, "sleep"), (answers, "answers")]

    async def _model(self, endpoint: Endpoint, use: str) -> tuple[ModelEntry, int]:
        model = self._opened(endpoint)
        began = time.monotonic()
        try:
            is_known = await model.remembered() and not self._again
            answer = await model.greet()
            found = await model.abilities(again=self._again)
        except SleepError as error:
            return _entry(endpoint, use, problem=str(error)), error.exit_code
        finally:
            await model.close()
        seconds = answer.seconds if answer is not None else time.monotonic() - began
        return _entry(endpoint, use, found=found, seconds=seconds, tried_now=not is_known), 0

    def _opened(self, endpoint: Endpoint) -> EndpointModel:
        caps = caps_of(self._settings)
        return EndpointModel(endpoint, self._ledger, caps, root=self._root, run="doctor", store=self._store)


def worst(codes: Iterable[int]) -> int:
    """Return the code that wins where several apply."""
    return min(codes, key=(4, 2, 3, 1, 0).index)


def _entry(
    endpoint: Endpoint,
    use: str,
    *,
    problem: str = "",
    found: Abilities | None = None,
    seconds: float | None = None,
    tried_now: bool = False,
) -> ModelEntry:
    return ModelEntry(
        name=endpoint.model,
        use=use,
        problem=problem,
        seconds=round(seconds, 3) if seconds is not None else None,
        structure=found.structure if found is not None else "",
        abilities=tuple(ability_entries(found)) if found is not None else (),
        context_tokens=found.context_tokens if found is not None else None,
        tried_now=tried_now,
    )
