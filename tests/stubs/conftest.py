"""One library for all tests: it has no state that an answer depends on."""

import pytest

from sleeplsp.stubs import TypeshedLibrary


@pytest.fixture(scope="session")
def library() -> TypeshedLibrary:
    return TypeshedLibrary()
