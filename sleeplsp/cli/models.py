"""The language model that the user's settings name, opened: behind an endpoint, on this machine, or recorded.

It must not know what is asked, nor by whom.
"""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from sleeplsp.engine.caps import caps_of
from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.ledger import Ledger
from sleeplsp.engine.model import DeniedError, Model
from sleeplsp.engine.ports import Store
from sleeplsp.engine.settings import Settings
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.endpoint import Endpoint, checked_url, endpoint_of
from sleeplsp.llm.keys import find_key
from sleeplsp.llm.local import local_server, plan_of
from sleeplsp.llm.replay import ReplayModel


@asynccontextmanager
async def opened_model(
    settings: Settings, ledger: Ledger, *, root: str, run: str, store: Store | None, answers: bool = False
) -> AsyncIterator[Model]:
    """Give the model that thinks, or the one that answers; raises ModelError where there is none.

    `root` and `run` are what the Ledger calls the workspace and this run.
    """
    async with AsyncExitStack() as stack:
        model: Model | None = None
        if settings.has_model:
            endpoint = await _endpoint(settings, stack, answers=answers)
            model = EndpointModel(endpoint, ledger, caps_of(settings), root=root, run=run, store=store)
        if settings.replay is not None:
            model = ReplayModel(model, _folder(settings.replay))
        if model is None:
            raise DeniedError("no model is set: set `endpoint` and `model`, or `local_model`")
        try:
            yield model
        finally:
            with anyio.CancelScope(shield=True):
                await model.close()


def model_name(settings: Settings, *, answers: bool = False) -> str:
    """Return what the model is called, in keys and in the books."""
    if settings.local_model is not None:
        return plan_of(settings).name
    return (settings.answer_model if answers else None) or settings.model or ""


def _folder(named: str) -> Path:
    return Path(os.path.expanduser(named))  # noqa: PTH111 - a Path's own way raises where there is no such user


async def _endpoint(settings: Settings, stack: AsyncExitStack, *, answers: bool) -> Endpoint:
    try:
        if settings.local_model is not None:
            server = await stack.enter_async_context(local_server(plan_of(settings)))
            found = endpoint_of(server.settings(settings), server.key, answers=answers)
            return msgspec.structs.replace(found, known_as=server.plan.known_as)
        host = Endpoint(base_url=checked_url(settings.endpoint or ""), model="").host
        if (
            settings.has_cost_limit
            and (model := model_name(settings, answers=answers)) not in settings.prices
        ):
            raise DeniedError(
                f"there is a limit of money and no price of {model}: set `prices`, or limit tokens instead"
            )
        key, _ = await anyio.to_thread.run_sync(find_key, settings.key_variable, host, os.environ)
        return endpoint_of(settings, key, answers=answers)
    except UsageError as error:
        raise DeniedError(str(error)) from error
