"""A server whose user lets a model's claims be tested: what it says before, what it tells then."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint, in_a_thread
from sleeplsp.llm.scripted.script import read_script
from tests.lsp.client import SERVER, Editor, Json, editing
from tests.lsp.test_model import options
from tests.lsp.test_status import METHOD, leave, status, status_comes
from tests.verifying import SCRIPT

pytestmark = pytest.mark.anyio

SIZES = """\
def double(x: int) -> int:
    total = x * 2
    return total


def label(count: int, unit: str = "item") -> str:
    return f"{double(count)} {unit}"
"""

QUICK = (
    sys.executable,
    "-c",
    "from sleeplsp.cli import main; from sleeplsp.lsp import status; status.TOLD_EVERY_S = 3600; main()",
    *SERVER[SERVER.index("serve") :],
)
"""A server on a machine where a whole run takes no longer than what lies between two notifications."""


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with in_a_thread(read_script(SCRIPT)) as listening:
        yield listening


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return a store of the test's own: verdicts hold for the same code anywhere."""
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "sizes.py").write_text(SIZES)
    return folder


def is_told(said: Json) -> bool:
    return said["state"] == "asleep" and said["verification"] is not None


async def hovered(editor: Editor, uri: str) -> str:
    at = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5}}
    text: str = (await editor.request("textDocument/hover", at))["contents"]["value"]
    return text


async def test_nothing_is_called_until_the_user_lets_it_and_then_at_once(
    cache: Path, project: Path, endpoint: ScriptedEndpoint
) -> None:
    uri = (project / "sizes.py").as_uri()
    async with editing(cache, project, options=options(endpoint)) as editor:
        await editor.open(uri, SIZES)
        said = await status_comes(editor, is_told)
        counts = {"why": None, "tested": 0, "refuted": 0, "open": 0}
        assert said["verification"] == {"state": "off", "waiting": 2, **counts}
        before = await hovered(editor, uri)
        assert "above zero" in before
        assert "tested" not in before
        pushed = {"settings": {"sleeplsp": options(endpoint, verify=True)}}
        await editor.notify("workspace/didChangeConfiguration", pushed)
        said = await status_comes(editor, lambda said: is_told(said) and said["verification"]["tested"])
        counts = {"why": None, "tested": 1, "refuted": 1, "open": 0}
        assert said["verification"] == {"state": "on", "waiting": 0, **counts}
        after = await hovered(editor, uri)
        assert "an even number" in after
        assert "tested on" in after
        assert "`result % 2 == 0`" in after
        assert "above zero" not in after


async def test_that_testing_begins_is_told_however_quick_all_before_it_was(
    cache: Path, project: Path, endpoint: ScriptedEndpoint
) -> None:
    uri = (project / "sizes.py").as_uri()
    settings = options(endpoint, verify=True, status=True)
    async with editing(cache, project, options=settings, command=QUICK) as editor:
        await editor.open(uri, SIZES)
        await editor.expect(METHOD, lambda said: said["stage"] == "verifying")
        await editor.expect(METHOD, lambda said: is_told(said) and said["verification"]["tested"])
        await leave(editor)


async def test_where_no_python_can_do_it_the_status_says_what_to_do(
    cache: Path, project: Path, endpoint: ScriptedEndpoint
) -> None:
    uri = (project / "sizes.py").as_uri()
    settings = options(endpoint, verify=True, verify_python=str(project / "no-python"))
    async with editing(cache, project, options=settings) as editor:
        await editor.open(uri, SIZES)
        said = await status_comes(editor, is_told)
        assert said["verification"]["state"] == "unavailable"
        assert "no-python" in said["verification"]["why"]
        assert said["verification"]["waiting"] == 2


async def test_a_repository_does_not_turn_it_on(
    cache: Path, project: Path, endpoint: ScriptedEndpoint
) -> None:
    (project / "pyproject.toml").write_text("[tool.sleeplsp]\nverify = true\nverify_python = './python'\n")
    uri = (project / "sizes.py").as_uri()
    async with editing(cache, project, options=options(endpoint)) as editor:
        for name in ("verify", "verify_python"):
            line = (await editor.expect("window/logMessage"))["message"]
            assert line == f"sleeplsp: pyproject.toml: {name}: ignored, only the user may set it"
        await editor.open(uri, SIZES)
        said = await status_comes(editor, is_told)
        assert said["verification"]["state"] == "off"
        assert (await status(editor))["verification"]["tested"] == 0
