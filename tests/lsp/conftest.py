"""Servers of one session share a store: the standard library's facts are worked out once."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
