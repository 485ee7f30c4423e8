"""The status: told to editors that want it, asked for by command; pauses and thinking again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.lsp.client import WAIT_S, Editor, Json, Refused, editing, started

pytestmark = pytest.mark.anyio

CODE = """\
def run(key):
    value = None
    if key:
        value = key
    return value.upper()
"""
WANTED: Json = {"experimental": {"sleeplsp": {"status": True}}}
CHECK = "none-dereference"
METHOD, PUBLISHED = "sleeplsp/status", "textDocument/publishDiagnostics"


@pytest.fixture
def uri(tmp_path: Path) -> str:
    (tmp_path / "a.py").write_text(CODE)
    return (tmp_path / "a.py").as_uri()


async def run(editor: Editor, command: str, *arguments: object) -> Any:
    params = {"command": f"sleeplsp.{command}", "arguments": [*arguments]}
    return await editor.request("workspace/executeCommand", params)


async def status(editor: Editor) -> Json:
    [found] = await run(editor, "status")
    assert isinstance(found, dict)
    return found


async def status_comes(editor: Editor, holds: Callable[[Json], bool]) -> Json:
    """Ask until something holds: each answer gives the server a moment."""
    found: Json = {}
    with anyio.move_on_after(WAIT_S):
        while not found or not holds(found):
            found = await status(editor)
    assert holds(found), found
    return found


async def funnel_comes(editor: Editor, **counts: int) -> None:
    def holds(said: Json) -> bool:
        return any(each["check"] == CHECK and counts.items() <= each.items() for each in said["funnel"])

    await status_comes(editor, holds)


async def leave(editor: Editor) -> None:
    """Say goodbye; how far the last runs came need not be expected."""
    await editor.request("shutdown")
    editor.told = [each for each in editor.told if each[0] not in (METHOD, PUBLISHED)]
    await editor.notify("exit")
    assert await editor.ended() == 0


@pytest.mark.parametrize("how", ["capability", "option"])
async def test_who_wants_to_be_told_is(cache: Path, tmp_path: Path, uri: str, how: str) -> None:
    capabilities, options = (WANTED, None) if how == "capability" else (None, {"status": True})
    async with editing(cache, tmp_path, capabilities=capabilities, options=options) as editor:
        await editor.open(uri, CODE)
        thinking = await editor.expect(METHOD, lambda said: said["state"] == "thinking")
        assert thinking["root"] == tmp_path.as_uri()
        assert thinking["name"] == tmp_path.name
        assert "opened" in thinking["cause"]
        assert len(await editor.diagnostics(uri)) == 1
        asleep = await editor.expect(METHOD, lambda said: said["state"] == "asleep")
        assert asleep["lastSuccess"]["modules"] == 1
        assert asleep["lastSuccess"]["at"].endswith("+00:00")
        assert [asleep[each] for each in ("lastFailure", "budget", "waitingFor", "done")] == [None] * 4
        assert asleep["failed"] == []
        told = await editor.expect(METHOD, lambda said: bool(said["funnel"]))
        assert told["funnel"][0]["check"] == CHECK
        await leave(editor)


async def test_the_command_tells_of_every_root(cache: Path, tmp_path: Path) -> None:
    folders = [tmp_path / each for each in "ab"]
    for each in folders:
        each.mkdir()
        (each / "m.py").write_text("def f(): return 1\n")
    async with editing(cache, *folders) as editor:
        found = await run(editor, "status")
        assert [each["root"] for each in found] == [each.as_uri() for each in folders]
        assert {each["state"] for each in found} <= {"thinking", "asleep"}
        while any(each["lastSuccess"] is None for each in found):
            found = await run(editor, "status")
        assert [each["lastSuccess"]["modules"] for each in found] == [1, 1]


async def test_the_funnel_follows_a_suspicion_from_made_to_acted_on(
    cache: Path, tmp_path: Path, uri: str
) -> None:
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, CODE)
        assert len(await editor.diagnostics(uri)) == 1
        await funnel_comes(editor, made=1, shown=1, acted=0)
        line = "    return value.upper()"
        at = {"line": 4, "character": len(line)}
        comment = {"range": {"start": at, "end": at}, "text": f"  # sleeplsp: ignore[{CHECK}]"}
        await editor.change(uri, comment)
        assert await editor.diagnostics(uri) == []
        await funnel_comes(editor, made=1, shown=1, ignored=1, acted=1)
        await editor.close(uri)
        assert len(await editor.request("workspace/executeCommand", {"command": "sleeplsp.status"})) == 1


async def test_what_is_mended_is_acted_on(cache: Path, tmp_path: Path, uri: str) -> None:
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, CODE)
        assert len(await editor.diagnostics(uri)) == 1
        await funnel_comes(editor, made=1, shown=1, acted=0)
        await editor.change(uri, {"text": CODE.replace("value = None", "value = ''")})
        assert await editor.diagnostics(uri) == []
        await funnel_comes(editor, made=1, shown=1, mended=1, acted=1)
        await editor.close(uri)


async def test_a_fix_that_is_taken_is_acted_on(cache: Path, tmp_path: Path) -> None:
    code = "def f(a):\n    return a is 'x'\n"
    (tmp_path / "a.py").write_text(code)
    uri = (tmp_path / "a.py").as_uri()
    plain: Json = {
        "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}
    }
    async with editing(cache, tmp_path, capabilities=plain) as editor:
        await editor.open(uri, code)
        (mark,) = await editor.diagnostics(uri)
        asked = {"textDocument": {"uri": uri}, "range": mark["range"], "context": {"diagnostics": [mark]}}
        fix: Json = {}
        while fix.get("title") != "Compare with ==":  # it is tried before it is offered
            fix, *_ = await editor.request("textDocument/codeAction", asked)
        [edit] = fix["edit"]["changes"][uri]
        await editor.change(uri, {"range": edit["range"], "text": edit["newText"]})
        await editor.request("workspace/executeCommand", fix["command"] | {"title": None})
        assert await editor.diagnostics(uri) == []
        taken = {"check": "literal-identity", "made": 1, "shown": 1, "applied": 1, "acted": 1}
        await status_comes(editor, lambda said: taken.items() <= said["funnel"][0].items())
        await editor.close(uri)


async def test_a_pause_lasts_until_it_is_over(cache: Path, tmp_path: Path, uri: str) -> None:
    async with editing(cache, tmp_path, capabilities=WANTED) as editor:
        await run(editor, "pause")
        await editor.expect(METHOD, lambda said: said["state"] == "paused")
        await editor.open(uri, CODE)
        await editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        assert (await status(editor))["state"] == "paused"
        assert await editor.hover(uri, 4, 12) is None
        await run(editor, "resume")
        assert len(await editor.diagnostics(uri)) == 1
        await run(editor, "pause", uri)
        assert (await status(editor))["state"] == "paused"
        await run(editor, "resume", tmp_path.as_uri())
        await status_comes(editor, lambda said: said["state"] == "asleep")
        await leave(editor)


async def test_a_setting_pauses_and_a_command_resumes(cache: Path, tmp_path: Path, uri: str) -> None:
    async with editing(cache, tmp_path, options={"paused": True}) as editor:
        await editor.open(uri, CODE)
        assert (await status(editor))["state"] == "paused"
        settings = {"sleeplsp": {"paused": False}}
        await editor.notify("workspace/didChangeConfiguration", {"settings": settings})
        assert len(await editor.diagnostics(uri)) == 1
        settings = {"sleeplsp": {"paused": True}}
        await editor.notify("workspace/didChangeConfiguration", {"settings": settings})
        assert (await status(editor))["state"] == "paused"
        await run(editor, "resume")
        await status_comes(editor, lambda said: said["state"] == "asleep")
        await editor.close(uri)
        assert await editor.diagnostics(uri) == []


async def test_a_folder_that_comes_in_a_pause_is_paused(cache: Path, tmp_path: Path) -> None:
    folders = [tmp_path / each for each in "ab"]
    for each in folders:
        each.mkdir()
    async with editing(cache, folders[0]) as editor:
        await run(editor, "pause")
        added = [{"uri": folders[1].as_uri(), "name": "b"}]
        await editor.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": added, "removed": []}})
        assert [each["state"] for each in await run(editor, "status")] == ["paused", "paused"]


async def test_modules_are_thought_about_again(cache: Path, tmp_path: Path, uri: str) -> None:
    (tmp_path / "b.py").write_text(CODE)
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, CODE)
        assert len(await editor.diagnostics(uri)) == 1
        first = (await status_comes(editor, lambda said: said["lastSuccess"] is not None))["lastSuccess"]
        assert first["modules"] == 2
        for command, argument, functions in (("think", uri, 2), ("thinkAll", None, 4), ("think", "b", 2)):
            named = {"b": (tmp_path / "b.py").as_uri()}.get(str(argument), argument)
            await run(editor, command, *([named] if named is not None else []))
            again = await status_comes(
                editor,
                lambda said: bool(said["lastSuccess"]["cause"] == "asked for" and said["state"] == "asleep"),
            )
            assert again["lastSuccess"]["deduced"] == functions
            await run(editor, "pause")  # what is told next is not of this run
            await run(editor, "resume")
            await editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
            await status_comes(editor, lambda said: bool(said["lastSuccess"]["cause"] == "saved"))
        await leave(editor)


SENSELESS: dict[str, list[object]] = {
    "is no URI": [1, None, [], {"a": 1}, False],
    "lies in no folder that is open": [
        "",
        "zzz",
        "file:///else/a.py",
        "http://x",
        "file:///a%00",
        "untitled:x",
    ],
    "is no file of a known language": ["ROOT/a.txt", "ROOT"],
    "is no document that is open and of a known language": ["ROOT/b.py", "ROOT/a.txt", "zzz", "untitled:x"],
}
REFUSALS = {
    **dict.fromkeys(("pause", "resume", "thinkAll"), [*SENSELESS][:2]),
    "think": [*SENSELESS][:3],
    "report": [*SENSELESS][::3],
}


async def test_nonsense_is_refused_in_one_line(cache: Path, tmp_path: Path, uri: str) -> None:
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, CODE)
        await editor.diagnostics(uri)
        with pytest.raises(Refused):
            await run(editor, "think")
        for command, reasons in REFUSALS.items():
            for reason in reasons:
                for each in SENSELESS[reason]:
                    given = each.replace("ROOT", tmp_path.as_uri()) if isinstance(each, str) else each
                    with pytest.raises(Refused) as refused:
                        await run(editor, command, given)
                    assert str(refused.value) == f"-32602: {json.dumps(given)} {reason}"
        with pytest.raises(Refused):
            await run(editor, "pause", uri, 5)
        assert (await status(editor))["state"] != "paused"


async def test_modules_that_failed_are_named(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"{CODE}# {tmp_path}\n")  # in no store
    async with started(cache, environment={"SLEEPLSP_JOB_S_MAX": "0.001"}) as editor:
        asked: Json = {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": WANTED}
        await editor.request("initialize", asked)
        await editor.notify("initialized")
        told = await editor.expect(METHOD, lambda said: bool(said["failed"]))
        assert told["failed"][0]["path"] == "a.py"
        assert told["failed"][0]["reason"]
        assert told["lastSuccess"]["failed"] == 1
        await leave(editor)
