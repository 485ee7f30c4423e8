"""What changes outside the open documents: files on disk."""

from pathlib import Path

import pytest

from tests.lsp.client import Json, editing
from tests.lsp.test_server import STORE, USE

pytestmark = pytest.mark.anyio


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").touch()
    (tmp_path / "pkg" / "store.py").write_text(STORE)
    (tmp_path / "pkg" / "use.py").write_text(USE, encoding="utf-8")
    return tmp_path


def changed(path: Path) -> Json:
    return {"changes": [{"uri": path.as_uri(), "type": 2}]}


async def test_a_callee_that_changes_on_disk(cache: Path, project: Path) -> None:
    store, use = project / "pkg" / "store.py", (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project) as editor:
        await editor.open(use, USE)
        assert len(await editor.diagnostics(use)) == 1
        # Told of it, the editor's marks go at once, and come back if they are still right.
        await editor.notify("workspace/didChangeWatchedFiles", changed(store))
        assert await editor.diagnostics(use) == []
        assert len(await editor.diagnostics(use)) == 1
        # Not told of it, it is seen at the next save.
        store.write_text(STORE.replace("return None", "return ''"))
        await editor.notify("textDocument/didSave", {"textDocument": {"uri": use}})
        assert await editor.diagnostics(use) == []
