"""Diagnostics that the editor asks for, and that they are never pushed as well."""

from pathlib import Path

import anyio
import pytest

from tests.lsp.client import WAIT_S, Editor, Json, Refused, editing
from tests.lsp.test_server import BROKEN, MENDED, STORE, USE

pytestmark = pytest.mark.anyio

PULLING: Json = {
    "textDocument": {
        "diagnostic": {"relatedInformation": True, "dataSupport": True},
        "publishDiagnostics": {"relatedInformation": True},
    },
    "workspace": {"diagnostics": {"refreshSupport": True}},
}
RELATING: Json = {
    "textDocument": {"diagnostic": {"relatedDocumentSupport": True}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}
NO_REFRESH: Json = {"textDocument": {"diagnostic": {"dataSupport": True}}}
NO_PULL: Json = {"workspace": {"diagnostics": {"refreshSupport": True}}}

REFRESH = "workspace/diagnostic/refresh"
PUSH = "textDocument/publishDiagnostics"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").touch()
    (tmp_path / "pkg" / "store.py").write_text(STORE)
    (tmp_path / "pkg" / "use.py").write_text(USE, encoding="utf-8")
    return tmp_path


async def pull(editor: Editor, uri: str, previous: str | None = None) -> Json:
    params = {"textDocument": {"uri": uri}, "identifier": "sleeplsp", "previousResultId": previous}
    report: Json = await editor.request("textDocument/diagnostic", params)
    return report


async def pull_until(editor: Editor, uri: str, count: int) -> Json:
    """Ask whenever the server says so, until there are as many."""
    while len((report := await pull(editor, uri))["items"]) != count:
        await editor.expect_request(REFRESH)
    return report


def nothing_is_pushed(editor: Editor) -> bool:
    return all(method != PUSH for method, _ in editor.told)


async def test_of_one_document(cache: Path, project: Path) -> None:
    store, use = ((project / "pkg" / name).as_uri() for name in ("store.py", "use.py"))
    async with editing(cache, project, capabilities=PULLING) as editor:
        assert editor.capabilities["diagnosticProvider"] == {
            "identifier": "sleeplsp",
            "interFileDependencies": True,
            "workspaceDiagnostics": True,
        }
        await editor.open(use, USE)
        await editor.open(store, STORE)
        report = await pull_until(editor, use, 1)
        assert report["kind"] == "full"
        (found,) = report["items"]
        assert found["code"] == "none-dereference"
        assert len(found["relatedInformation"]) == 4
        assert "relatedDocuments" not in report
        again = await pull(editor, use, report["resultId"])
        assert again == {"kind": "unchanged", "resultId": report["resultId"]}
        assert (await pull(editor, use, "another"))["kind"] == "full"

        # An edit elsewhere takes the mark away: the editor is told to ask again.
        await editor.change(store, MENDED)
        await editor.expect_request(REFRESH)
        mended = await pull(editor, use, report["resultId"])
        assert (mended["kind"], mended["items"]) == ("full", [])
        await editor.change(store, BROKEN)
        await editor.expect_request(REFRESH)
        assert (await pull(editor, use))["resultId"] == report["resultId"], "all is as it was"

        assert (await pull(editor, "file:///nowhere/a.py"))["items"] == []
        await editor.close(use)
        assert (await pull(editor, use))["items"] == []
        assert nothing_is_pushed(editor)
        editor.asked = [each for each in editor.asked if each[0] != REFRESH]


async def test_the_digest_outlives_the_server(cache: Path, project: Path) -> None:
    use = (project / "pkg" / "use.py").as_uri()
    digests = []
    for _ in range(2):
        async with editing(cache, project, capabilities=PULLING) as editor:
            await editor.open(use, USE)
            digests.append((await pull_until(editor, use, 1))["resultId"])
            editor.asked.clear()
    assert digests[0] == digests[1]


async def test_other_documents_that_an_edit_has_changed_come_along(cache: Path, project: Path) -> None:
    store, use = ((project / "pkg" / name).as_uri() for name in ("store.py", "use.py"))
    async with editing(cache, project, capabilities=RELATING) as editor:
        await editor.open(use, USE)
        await editor.open(store, STORE)
        first = await pull_until(editor, use, 1)
        assert "relatedDocuments" not in first, "the callee has nothing to tell"
        await editor.change(store, MENDED)
        report = await pull(editor, store)
        assert [*report["relatedDocuments"]] == [use]
        assert report["relatedDocuments"][use]["items"] == []
        assert report["relatedDocuments"][use]["kind"] == "full"
        assert "relatedDocuments" not in await pull(editor, store), "it has been told"
        await editor.change(store, BROKEN)
        while "relatedDocuments" not in (report := await pull(editor, store)):
            await editor.expect_request(REFRESH)
        assert report["relatedDocuments"][use]["resultId"] == first["resultId"]
        editor.asked.clear()


@pytest.mark.parametrize("capabilities", [NO_REFRESH, NO_PULL, {}], ids=["no refresh", "no pull", "neither"])
async def test_who_cannot_be_told_to_ask_is_told(cache: Path, project: Path, capabilities: Json) -> None:
    use = (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project, capabilities=capabilities) as editor:
        assert "diagnosticProvider" not in editor.capabilities
        await editor.open(use, USE)
        assert len(await editor.diagnostics(use)) == 1
        for method, params in (
            ("textDocument/diagnostic", {"textDocument": {"uri": use}}),
            ("workspace/diagnostic", {"previousResultIds": []}),
        ):
            with pytest.raises(Refused) as refused:
                await editor.request(method, params)
            assert refused.value.code == -32601
        await editor.close(use)
        assert await editor.diagnostics(use) == []


class Held:
    """A request that is held open."""

    def __init__(self, editor: Editor, *, token: str | None = None, previous: Json | None = None) -> None:
        self.editor, self.token = editor, token
        self._params: Json = {"identifier": "sleeplsp", "previousResultIds": []}
        for uri, value in (previous or {}).items():
            self._params["previousResultIds"].append({"uri": uri, "value": value})
        if token is not None:
            self._params["partialResultToken"] = token

    async def sent(self) -> "Held":
        self._number = await self.editor.ask("workspace/diagnostic", self._params)
        return self

    async def part(self) -> dict[str, Json]:
        said = await self.editor.expect("$/progress", lambda said: bool(said["token"] == self.token))
        return {each["uri"]: each for each in said["value"]["items"]}

    async def cancel(self) -> None:
        """Take the request back; that is its answer."""
        await self.editor.notify("$/cancelRequest", {"id": self._number})
        with pytest.raises(Refused) as refused:
            await self.editor.answer(self._number)
        assert refused.value.code == -32800

    async def answer(self) -> dict[str, Json]:
        answer = await self.editor.answer(self._number)
        return {each["uri"]: each for each in answer["items"]}


async def test_of_all_documents_as_they_change(cache: Path, project: Path) -> None:
    store, use = ((project / "pkg" / name).as_uri() for name in ("store.py", "use.py"))
    async with editing(cache, project, capabilities=PULLING) as editor:
        held = await Held(editor, token="t").sent()
        await editor.open(use, USE)
        await editor.open(store, STORE)
        first = (await held.part())[use]
        assert (first["kind"], len(first["items"]), first["version"]) == ("full", 1, 1)
        await editor.change(store, MENDED)
        assert (await held.part())[use]["items"] == []
        await editor.change(store, BROKEN)
        assert (await held.part())[use]["resultId"] == first["resultId"]
        await held.cancel()

        # Who asks again says what it has, and is told no more than that it is still right.
        held = await Held(editor, token="u", previous={use: first["resultId"], store: "old"}).sent()
        part = await held.part()
        assert (part[use]["kind"], part[use]["resultId"]) == ("unchanged", first["resultId"])
        assert (part[store]["kind"], part[store]["items"]) == ("full", [])
        await held.cancel()
        editor.asked.clear()


async def test_without_a_token_the_answer_comes_once_there_is_news(cache: Path, project: Path) -> None:
    store, use = ((project / "pkg" / name).as_uri() for name in ("store.py", "use.py"))
    gone = "file:///gone/a.py"
    async with editing(cache, project, capabilities=PULLING) as editor:
        await editor.open(use, USE)
        await editor.open(store, STORE)
        (report,) = (await editor.request("workspace/diagnostic", {"previousResultIds": []}))["items"]
        assert (report["uri"], len(report["items"])) == (use, 1)
        held = await Held(editor, previous={use: report["resultId"]}).sent()
        assert await editor.hover_comes(use, 4, 18)
        await editor.change(store, MENDED)
        report = (await held.answer())[use]
        assert report["items"] == []
        # What is no file of any folder any more has no diagnostics.
        held = await Held(editor, previous={gone: "1", use: report["resultId"]}).sent()
        reports = await held.answer()
        assert reports[gone]["items"] == []
        assert reports[use]["kind"] == "unchanged"
        editor.asked.clear()


async def test_an_editor_that_does_not_ask_again_is_told_once(cache: Path, project: Path) -> None:
    store, use = ((project / "pkg" / name).as_uri() for name in ("store.py", "use.py"))
    async with editing(cache, project, capabilities=PULLING) as editor:
        await editor.open(use, USE)
        await editor.open(store, STORE)
        await pull_until(editor, use, 1)
        editor.asked.clear()
        await editor.change(store, MENDED)
        await editor.expect_request(REFRESH)
        held = await Held(editor, token="t").sent()  # which is told of each change, after the editor was
        for number in range(3):
            await editor.open(f"untitled:{number}", f"x = {number}\nx is 'a'\n")
            with anyio.fail_after(WAIT_S):
                assert any((await held.part()).values())
        assert editor.asked == []
        await held.cancel()


async def test_of_files_that_are_not_open(cache: Path, project: Path) -> None:
    store, use = (project / "pkg" / name for name in ("store.py", "use.py"))
    (project / "pkg" / "quiet.py").write_text(f"{USE.rstrip()}  # sleeplsp: ignore\n", encoding="utf-8")
    async with editing(cache, project, capabilities=PULLING) as editor:
        held = await Held(editor, token="t").sent()
        part = await held.part()
        assert [*part] == [use.as_uri()], "and none of a file without any"
        first = part[use.as_uri()]
        assert (first["kind"], first["version"]) == ("full", None)
        (found,) = first["items"]
        assert found["range"]["start"] == {"line": 4, "character": 17}
        lines = [each["location"]["range"]["start"]["line"] for each in found["relatedInformation"]]
        assert lines == [4, 1, 2, 4]

        # A callee is mended in the editor: the mark of the caller goes before anything is thought about.
        await editor.open(store.as_uri(), STORE)
        await editor.change(store.as_uri(), MENDED)
        assert (await held.part())[use.as_uri()]["items"] == []
        # What was not saved is gone with the document, and all is as it was.
        await editor.close(store.as_uri())
        assert (await held.part())[use.as_uri()]["resultId"] == first["resultId"]

        # Opened, it has its mark at once, and closed it keeps it: nothing is told in between.
        await editor.open(use.as_uri(), USE)
        assert (await pull(editor, use.as_uri()))["resultId"] == first["resultId"]
        await editor.close(use.as_uri())
        assert (await pull(editor, use.as_uri(), first["resultId"]))["kind"] == "unchanged"

        pushed = {"sleeplsp": {"checks": {"none-dereference": "error"}}}
        await editor.notify("workspace/didChangeConfiguration", {"settings": pushed})
        assert (await held.part())[use.as_uri()]["items"][0]["severity"] == 1
        for level, count in (("off", 0), ("error", 1)):
            pushed = {"sleeplsp": {"checks": {"none-dereference": level}}}
            await editor.notify("workspace/didChangeConfiguration", {"settings": pushed})
            assert len((await held.part())[use.as_uri()]["items"]) == count
        use.unlink()
        changes = [{"uri": use.as_uri(), "type": 3}]
        await editor.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        assert (await held.part())[use.as_uri()]["items"] == []
        await held.cancel()
        editor.asked.clear()


async def test_a_file_belongs_to_the_innermost_folder(cache: Path, project: Path) -> None:
    inner = project / "inner"
    inner.mkdir()
    (inner / "a.py").write_text("def f(x):\n    return x is 'a'\n")
    async with editing(cache, project, inner, capabilities=PULLING) as editor:
        held = await Held(editor, token="t").sent()
        told: list[str] = []
        while len(told) < 2:
            told += await held.part()
        assert sorted(told) == [(inner / "a.py").as_uri(), (project / "pkg" / "use.py").as_uri()]
        await held.cancel()
        editor.asked.clear()
