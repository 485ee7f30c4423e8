"""Servers of real models. `scripts/test --local-model` fetches one and names it in `TEST_LOCAL_MODEL`."""

import asyncio
import importlib.util
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.engine.ledger import Caps
from sleeplsp.engine.settings.model import ModelSettings
from sleeplsp.journal.memory import MemoryLedger
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.embedded import LocalServer
from sleeplsp.llm.endpoint import endpoint_of
from sleeplsp.llm.plan import Plan
from tests.tiny_model import write_tiny_model

VARIABLE = "TEST_LOCAL_MODEL"
CONTEXT_TOKENS = 2048
REAL_S_MAX = 900  # a busy machine is slow at this

NO_LIBRARY = "NOT RUN: xllamacpp is not installed"
NO_MODEL = f"NOT RUN: {VARIABLE} names no model (scripts/test --local-model)"

TINY = pytest.param("tiny", id="tiny")
REAL = pytest.param("real", id="real", marks=pytest.mark.timeout(REAL_S_MAX))


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a model that can be served, and says nothing sensible."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip(NO_LIBRARY)
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf")


@dataclass
class Served:
    """A server that runs, and what is remembered of it from test to test."""

    server: LocalServer
    store: MemoryStore
    can_speak: bool


@pytest.fixture(scope="session", params=[TINY, REAL])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Return each model, served."""
    can_speak = request.param == "real"
    if can_speak and not os.environ.get(VARIABLE):
        pytest.skip(NO_MODEL)
    path = os.environ[VARIABLE] if can_speak else request.getfixturevalue("tiny_model")
    server = LocalServer(Plan(path=str(path), name="local", context_tokens=CONTEXT_TOKENS, threads=2))
    asyncio.run(server.start())
    yield Served(server, MemoryStore(), can_speak)
    server.stop()


@asynccontextmanager
async def model_at(served: Served, ledger: MemoryLedger | None = None) -> AsyncIterator[EndpointModel]:
    """Give the client of a server."""
    server = served.server
    found = endpoint_of(server.settings(ModelSettings()), server.key)
    endpoint = msgspec.structs.replace(found, known_as=server.plan.known_as)
    books = ledger or MemoryLedger()
    model = EndpointModel(endpoint, books, Caps(), root="r", run="run", store=served.store)
    try:
        yield model
    finally:
        await model.close()
        if ledger is None:
            books.close()
