"""A small workspace, and nights over it."""

from collections.abc import Callable, Iterator

import pytest

from sleeplsp.engine.model import (
    Call,
)
from sleeplsp.llm.scripted.model import Scripted, ScriptedModel
from tests.engine.reflection.nights import FILES
from tests.reflecting import Thoughtful
from tests.thinking import EditedFiles


@pytest.fixture
def files() -> EditedFiles:
    return EditedFiles(FILES)


@pytest.fixture
def night(files: EditedFiles) -> Iterator[Callable[..., Thoughtful]]:
    opened: list[Thoughtful] = []

    def begin(script: Callable[[Call], Scripted] | list[Scripted], **more: object) -> Thoughtful:
        opened.append(Thoughtful(files, ScriptedModel(script), **more))  # type: ignore[arg-type]
        return opened[-1]

    yield begin
    for each in opened:
        each.close()
