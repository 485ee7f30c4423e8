"""Documents of every kind: in folders, in none, on no disk, in other languages and in none."""

from pathlib import Path

import pytest

from sleeplsp.engine.workspace import LARGE_BYTES
from sleeplsp.lsp.reports import SHOWN_MAX
from tests.lsp.client import Json, Refused, at, editing, folder, replaced, started

pytestmark = pytest.mark.anyio

CODE = """\
def find(key):
    if key == "":
        return None
    return key.strip()


def run(key):
    return find(key).upper()
"""
BAD_CALLER = "from find import find\n\n\ndef run(key):\n    return find(key).upper()\n"


async def test_files_outside_of_every_folder_are_thought_about_by_themselves(
    cache: Path, tmp_path: Path
) -> None:
    """Nothing else in their folder is read, on disk or not."""
    (tmp_path / "find.py").write_text(CODE)
    (tmp_path / "use.py").write_text(BAD_CALLER)
    use = (tmp_path / "use.py").as_uri()
    async with editing(cache) as editor:
        await editor.open("untitled:Untitled-1", CODE)
        assert [each["code"] for each in await editor.diagnostics("untitled:Untitled-1")] == [
            "none-dereference"
        ]
        await editor.open(use, BAD_CALLER)
        await editor.open((tmp_path / "script").as_uri(), CODE)
        assert len(await editor.diagnostics((tmp_path / "script").as_uri())) == 1
        # All that was opened has been thought about by now; `find` is not known to `use.py`.
        assert await editor.hover(use, 4, 12) is None
        for uri in ("untitled:Untitled-1", (tmp_path / "script").as_uri()):
            await editor.close(uri)
            assert await editor.diagnostics(uri) == []


async def test_a_file_that_is_not_on_disk_yet_belongs_to_its_folder(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "find.py").write_text(CODE.partition("\n\n\n")[0] + "\n")
    uri = (tmp_path / "new.py").as_uri()
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, BAD_CALLER)
        assert len(await editor.diagnostics(uri)) == 1
        await editor.close(uri)
        assert await editor.diagnostics(uri) == []


async def test_what_is_left_out_of_the_folder_is_left_out_when_it_is_open(
    cache: Path, tmp_path: Path
) -> None:
    (tmp_path / ".gitignore").write_text("left.py\n")
    (tmp_path / "left.py").write_text(CODE)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "kept.py").write_text(CODE)
    left, vendored, kept = (
        (tmp_path / name).as_uri() for name in ("left.py", "node_modules/a.py", "kept.py")
    )
    async with editing(cache, tmp_path) as editor:
        await editor.open(left, CODE)
        await editor.open(vendored, CODE)
        await editor.open(kept, CODE)
        assert len(await editor.diagnostics(kept)) == 1
        assert await editor.hover(left, 0, 4) is None
        assert await editor.hover(vendored, 0, 4) is None
        assert await editor.request("textDocument/documentSymbol", at(left, 0, 0))
        await editor.close(kept)
        assert await editor.diagnostics(kept) == []


async def test_what_we_know_nothing_of_is_no_error(cache: Path, tmp_path: Path) -> None:
    async with editing(cache, tmp_path) as editor:
        uris = {
            "git:/a.py?HEAD": "python",
            "vscode-notebook-cell:/a.ipynb#x": "python",
            "file://elsewhere/a.py": "python",
            "file:///a%00.py": "python",
            (tmp_path / "a.txt").as_uri(): "plaintext",
            "not a uri": "python",
            "http://[": "python",
        }
        for uri, language in uris.items():
            await editor.open(uri, CODE, language)
            assert await editor.hover(uri, 0, 4) is None
            assert await editor.request("textDocument/documentSymbol", at(uri, 0, 0)) is None
            asked: Json = {"range": {"start": at(uri, 0, 0)["position"], "end": at(uri, 9, 0)["position"]}}
            asked |= {"textDocument": {"uri": uri}, "context": {"diagnostics": []}}
            assert await editor.request("textDocument/codeAction", asked) is None
            await editor.change(uri, replaced(0, 0, 1, "x"))
            await editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
            await editor.close(uri)
            await editor.close(uri)


async def test_another_language_has_symbols_and_no_claims(cache: Path, tmp_path: Path) -> None:
    uri = (tmp_path / "a.go").as_uri()
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, "package a\n\nfunc Run() int { return 1 }\n", "go")
        asked = {"textDocument": {"uri": uri}}
        symbols = await editor.request("textDocument/documentSymbol", asked)
        assert "Run" in [each["name"] for each in symbols]
        assert await editor.hover(uri, 2, 6) is None
        await editor.change(uri, replaced(2, 5, 8, "Started"))
        symbols = await editor.request("textDocument/documentSymbol", asked)
        assert "Started" in [each["name"] for each in symbols], "as it is typed, not as it was read"


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
async def test_lines_end_as_the_protocol_says(cache: Path, tmp_path: Path, line_end: str) -> None:
    """Form feeds and Unicode's separators end none; a byte-order mark and lone surrogates do no harm."""
    mark = '\ufeffx = "\u2028 \x0c \ud800 😀"\n'
    text = (mark + CODE).replace("\n", line_end)
    (tmp_path / "a.py").write_bytes(text.encode("utf-8", "surrogatepass"))
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, text)
        (found,) = await editor.diagnostics(uri)
        assert found["range"]["start"] == {"line": 8, "character": 11}
        # The mark is a column of the editor's first line: an edit there must not miss.
        await editor.change(uri, replaced(0, 1, 2, "find"))
        asked = {"textDocument": {"uri": uri}}
        symbols = await editor.request("textDocument/documentSymbol", asked)
        spans = {each["name"]: each["location"]["range"]["start"] for each in symbols}
        assert spans["run"]["line"] == 7
        await editor.close(uri)
        assert await editor.diagnostics(uri) == []


async def test_folders_come_and_go_and_their_documents_move(cache: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for each in (one, two):
        each.mkdir()
        (each / "find.py").write_text(CODE.partition("\n\n\n")[0] + "\n")
        (each / "use.py").write_text(BAD_CALLER)
    first, second = ((each / "use.py").as_uri() for each in (one, two))
    async with editing(cache, one) as editor:
        await editor.open(first, BAD_CALLER)
        await editor.open(second, BAD_CALLER)
        assert len(await editor.diagnostics(first)) == 1
        change = {"event": {"added": [folder(two)], "removed": [folder(one)]}}
        await editor.notify("workspace/didChangeWorkspaceFolders", change)
        assert await editor.diagnostics(first) == []
        assert len(await editor.diagnostics(second)) == 1
        await editor.close(second)
        assert await editor.diagnostics(second) == []


async def test_a_folder_that_holds_the_home_is_not_searched(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "me").mkdir()
    (tmp_path / "me" / "find.py").write_text(CODE)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    uri = (tmp_path / "me" / "use.py").as_uri()
    async with editing(cache, tmp_path) as editor:
        assert "holds all you have" in (await editor.expect("window/logMessage"))["message"]
        await editor.open(uri, BAD_CALLER)
        await editor.open("untitled:1", CODE)
        assert len(await editor.diagnostics("untitled:1")) == 1
        assert await editor.hover(uri, 4, 12) is None
        await editor.close("untitled:1")
        assert await editor.diagnostics("untitled:1") == []


async def test_a_document_beyond_the_limit_is_left_alone(cache: Path, tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache, tmp_path, options={"file_bytes_max": 300}) as editor:
        await editor.open(uri, CODE)
        assert len(await editor.diagnostics(uri)) == 1
        await editor.change(uri, replaced(0, 0, 0, "# " + "x" * 300 + "\n"))
        assert await editor.diagnostics(uri) == []
        assert await editor.request("textDocument/documentSymbol", at(uri, 0, 0)) is None
        await editor.change(uri, replaced(0, 0, 300, ""))
        asked: Json = {"command": "sleeplsp.insight", "arguments": [uri]}
        with pytest.raises(Refused, match="is larger than `file_bytes_max` allows") as refused:
            await editor.request("workspace/executeCommand", asked)
        assert refused.value.data == {"isTooLarge": True}
        await editor.close(uri)
        with pytest.raises(Refused, match="is no document that is open"):
            await editor.request("workspace/executeCommand", asked)


async def test_one_file_by_two_names_is_the_one_opened_last(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "find.py").write_text(CODE)
    real, linked = ((tmp_path / each / "find.py").as_uri() for each in "ab")
    async with editing(cache, tmp_path / "b") as editor:
        await editor.open(linked, CODE)
        assert len(await editor.diagnostics(linked)) == 1
        await editor.open(real, CODE)
        assert await editor.diagnostics(linked) == []
        assert len(await editor.diagnostics(real)) == 1
        await editor.change(linked, replaced(0, 0, 0, "x"))
        await editor.close(linked)
        assert await editor.hover(real, 7, 12) is not None
        await editor.close(real)
        assert await editor.diagnostics(real) == []


async def test_a_large_document_is_read_beside_the_loop(cache: Path, tmp_path: Path) -> None:
    """It has its symbols at once, its marks once it was read, and is edited before and after."""
    text = CODE + "".join(f"\n\ndef f{number}(key):\n    return key.strip()\n" for number in range(2_500))
    assert len(text) > LARGE_BYTES
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, text)
        symbols = await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        assert len(symbols) == 2_502
        await editor.change(uri, replaced(0, 0, 0, "\n"))
        (found,) = await editor.diagnostics(uri)
        assert found["range"]["start"] == {"line": 8, "character": 11}
        assert await editor.hover(uri, 8, 12), "what it calls is known as well"
        await editor.change(uri, replaced(8, 20, 26, ".lower"))
        assert await editor.diagnostics(uri) == []
        symbols = await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        assert len(symbols) == 2_502
        assert len(await editor.diagnostics(uri)) == 1
        await editor.close(uri)
        assert await editor.diagnostics(uri) == []


async def test_thousands_of_suspicions_in_one_document_are_not_all_sent(cache: Path, tmp_path: Path) -> None:
    body = "".join(f"def run{number}(key):\n    return find(key).upper()\n\n\n" for number in range(600))
    text = CODE.partition("def run")[0] + body
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, text)
        assert len(await editor.diagnostics(uri)) == SHOWN_MAX
        await editor.close(uri)
        assert await editor.diagnostics(uri) == []


async def test_an_end_while_a_large_document_is_read(cache: Path, tmp_path: Path) -> None:
    text = CODE + "".join(f"\n\ndef f{number}(key):\n    return key.strip()\n" for number in range(10_000))
    uri = (tmp_path / "a.py").as_uri()
    async with started(cache) as editor:
        await editor.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        await editor.notify("initialized")
        await editor.open(uri, text)
        symbols = {"textDocument": {"uri": uri}}
        await editor.send({"id": 99, "method": "textDocument/documentSymbol", "params": symbols})
        await editor.notify("exit")
        assert await editor.ended() == 1
