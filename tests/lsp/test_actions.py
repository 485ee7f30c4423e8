"""Code actions: in the form that each editor takes, and of the text as it is when one is chosen."""

from pathlib import Path
from typing import Any

import anyio
import pytest
from lsprotocol import types

from sleeplsp.core.insight import Grade
from sleeplsp.engine.workspace import LARGE_BYTES
from sleeplsp.lsp.actions.taking import Taken, tags_of
from sleeplsp.lsp.edits import annotation_of, workspace_edit
from tests.lsp.client import WAIT_S, Editor, Json, Refused, editing, replaced

pytestmark = pytest.mark.anyio

CODE = """\
"Gratis."


def run(text):
    return "😀", text is "gratis"
"""
FIX = "Compare with =="
FIXED = CODE.replace(" is ", " == ")

LITERALS: Json = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}
VSCODE: Json = {
    "textDocument": {
        "publishDiagnostics": {"dataSupport": True},
        "codeAction": {
            **LITERALS,
            "isPreferredSupport": True,
            "disabledSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit", "command"]},
            "honorsChangeAnnotations": True,
            "tagSupport": {"valueSet": [1]},
        },
    },
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {
            "documentChanges": True,
            "changeAnnotationSupport": {"groupsOnLabel": True},
        },
    },
}
NEOVIM: Json = {
    "textDocument": {
        "publishDiagnostics": {"dataSupport": True},
        "codeAction": {
            **LITERALS,
            "isPreferredSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit", "command"]},
        },
    },
    "workspace": {"applyEdit": True, "workspaceEdit": {"resourceOperations": ["rename"]}},
}
PLAIN: Json = {"textDocument": {"codeAction": LITERALS}}
COMMANDS_ONLY: Json = {"textDocument": {"codeAction": {}}, "workspace": {"applyEdit": True}}


@pytest.fixture
def uri(tmp_path: Path) -> str:
    (tmp_path / "a.py").write_text(CODE, encoding="utf-8")
    return (tmp_path / "a.py").as_uri()


async def offered(editor: Editor, uri: str, *told: Json, line: int = 4) -> dict[str, Json]:
    point = {"line": line, "character": 20}
    params = {
        "textDocument": {"uri": uri},
        "range": {"start": point, "end": point},
        "context": {"diagnostics": list(told), "triggerKind": 1},
    }
    found = await editor.request("textDocument/codeAction", params)
    return {each["title"]: each for each in found}


async def offered_with_fix(editor: Editor, uri: str, *told: Json, line: int = 4) -> dict[str, Json]:
    """Ask until there is the fix: it is tried before it is offered, which takes a moment longer."""
    with anyio.fail_after(WAIT_S):
        while FIX not in (actions := await offered(editor, uri, *told, line=line)):
            pass
    return actions


async def refusal(editor: Editor, action: Json) -> int:
    with pytest.raises(Refused) as refused:
        await editor.request("codeAction/resolve", action)
    return refused.value.code


def applied(text: str, edit: Json) -> str:
    """Apply an edit of one line, whose columns count UTF-16 units."""
    lines = text.splitlines(keepends=True)
    start, end = edit["range"]["start"], edit["range"]["end"]
    line = lines[start["line"]].encode("utf-16-le")
    changed = line[: 2 * start["character"]] + edit["newText"].encode("utf-16-le")
    lines[start["line"]] = (changed + line[2 * end["character"] :]).decode("utf-16-le")
    return "".join(lines)


async def test_an_edit_is_made_when_the_action_is_chosen(cache: Path, uri: str, tmp_path: Path) -> None:
    async with editing(cache, tmp_path, capabilities=VSCODE) as editor:
        assert editor.capabilities["codeActionProvider"]["resolveProvider"]
        await editor.open(uri, CODE)
        (told,) = await editor.diagnostics(uri)
        other = {**told, "data": {"id": "another"}}
        foreign = {**told, "source": "ruff"}
        actions = await offered_with_fix(editor, uri, other, told, foreign)
        assert [*actions] == [
            "Compare with ==",
            "Ignore literal-identity here",
            "Show why: literal-identity",
            "Dismiss this literal-identity",
        ]
        assert all(each["diagnostics"] == [told] for each in actions.values())
        assert all("edit" not in each for each in actions.values())
        assert all("tags" not in each for each in actions.values()), "no model has made it"
        fix = actions[FIX]
        assert (fix["kind"], fix["isPreferred"]) == ("quickfix", True)

        # The text has changed since: the edit is of the one that is there now, settled or not.
        version = await editor.change(uri, replaced(0, 0, 0, "import os\n"))
        chosen = await editor.request("codeAction/resolve", fix)
        assert {name: value for name, value in chosen.items() if name != "edit"} == fix, "all is preserved"
        (change,) = chosen["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": version}
        (edit,) = change["edits"]
        assert applied(f"import os\n{CODE}", edit) == f"import os\n{FIXED}"
        annotation = chosen["edit"]["changeAnnotations"][edit["annotationId"]]
        assert annotation["label"] == "Compare with =="
        assert not annotation["needsConfirmation"]
        ignore = await editor.request("codeAction/resolve", actions["Ignore literal-identity here"])
        (change,) = ignore["edit"]["documentChanges"]
        assert "# sleeplsp: ignore[literal-identity]" in applied(f"import os\n{CODE}", change["edits"][0])

        # What is none of ours, and what cannot be done any more.
        assert await refusal(editor, {**fix, "data": {**fix["data"], "do": "rm"}}) == -32602
        assert await refusal(editor, {"title": "x"}) == -32602
        await editor.change(uri, replaced(5, 22, 24, "=="))
        assert await editor.diagnostics(uri) != []  # moved down by the import
        assert await editor.diagnostics(uri) == []
        assert await refusal(editor, fix) == -32801
        await editor.close(uri)
        assert await refusal(editor, fix) == -32801


async def test_a_fix_that_cannot_be_placed_now_says_why(cache: Path, tmp_path: Path) -> None:
    """Where the tokens of a large text stand is not known while it is being edited."""
    code = "x = [\n" + "    1,\n" * (LARGE_BYTES // 6) + f"]\n\n\n{CODE}"
    line = code.count("\n") - 1
    uri = (tmp_path / "large.py").as_uri()
    async with editing(cache, tmp_path, capabilities=VSCODE, options={"idle_s": 3600}) as editor:
        await editor.open(uri, code)
        await editor.diagnostics(uri)
        assert "disabled" not in (await offered_with_fix(editor, uri, line=line))[FIX]
        await editor.change(uri, replaced(1, 4, 5, "2"))
        fix = (await offered_with_fix(editor, uri, line=line))[FIX]
        assert "being edited" in fix["disabled"]["reason"]
        assert "edit" not in fix
        assert "Ignore literal-identity here" in await offered_with_fix(editor, uri, line=line)


async def test_plain_changes_where_no_others_are_taken(cache: Path, uri: str, tmp_path: Path) -> None:
    async with editing(cache, tmp_path, capabilities=NEOVIM) as editor:
        await editor.open(uri, CODE)
        (told,) = await editor.diagnostics(uri)
        fix = (await offered_with_fix(editor, uri, told))[FIX]
        chosen = await editor.request("codeAction/resolve", fix)
        assert [*chosen["edit"]] == ["changes"]
        assert applied(CODE, chosen["edit"]["changes"][uri][0]) == FIXED


async def test_an_edit_comes_at_once_where_it_cannot_be_asked_for(
    cache: Path, uri: str, tmp_path: Path
) -> None:
    async with editing(cache, tmp_path, capabilities=PLAIN) as editor:
        assert "resolveProvider" not in editor.capabilities["codeActionProvider"]
        await editor.open(uri, CODE)
        (told,) = await editor.diagnostics(uri)
        assert "data" not in told
        fix = (await offered_with_fix(editor, uri, told))[FIX]
        assert fix["diagnostics"] == [told], "it is told by check and place"
        assert applied(CODE, fix["edit"]["changes"][uri][0]) == FIXED
        assert {*fix} == {"title", "kind", "diagnostics", "edit", "command"}, "nothing else"
        assert fix["command"]["command"] == "sleeplsp.applied", (
            "run after the edit, it tells that it was made"
        )


async def test_who_takes_commands_alone_is_asked_to_apply(cache: Path, uri: str, tmp_path: Path) -> None:
    asked: list[Any] = []
    async with editing(cache, tmp_path, capabilities=COMMANDS_ONLY) as editor:

        def apply(params: Json) -> Json:
            asked.append(params)
            return {"applied": True}

        editor.answers["workspace/applyEdit"] = apply
        await editor.open(uri, CODE)
        await editor.diagnostics(uri)
        fix = (await offered_with_fix(editor, uri))[FIX]
        run = {"command": fix["command"], "arguments": fix["arguments"]}
        await editor.request("workspace/executeCommand", run)
        assert applied(CODE, asked[0]["edit"]["changes"][uri][0]) == FIXED


@pytest.mark.parametrize("grade", Grade)
def test_what_a_model_made_says_so_and_asks_before(grade: Grade) -> None:
    made = grade is not Grade.DEDUCED
    takes = Taken(model_made=True)
    assert tags_of(grade, takes) == ([types.CodeActionTag.LlmGenerated] if made else None)
    assert tags_of(grade, Taken()) is None, "where the tag is not announced"
    assert annotation_of("x", grade).needs_confirmation is made


@pytest.mark.parametrize("support", [types.ChangeAnnotationsSupportOptions(), None])
def test_a_change_is_annotated_where_that_is_taken(
    support: types.ChangeAnnotationsSupportOptions | None,
) -> None:
    annotates = support is not None
    takes = types.WorkspaceEditClientCapabilities(document_changes=True, change_annotation_support=support)
    capabilities = types.ClientCapabilities(types.WorkspaceClientCapabilities(workspace_edit=takes))
    document = types.OptionalVersionedTextDocumentIdentifier("file:///a.py", 3)
    span = types.Range(types.Position(0, 0), types.Position(0, 1))
    edit = workspace_edit(
        capabilities, document, [types.TextEdit(span, "x")], annotation_of("t", Grade.SINGLE)
    )
    assert (edit.change_annotations is not None) is annotates
    assert edit.document_changes is not None
    (change,) = edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert isinstance(change.edits[0], types.AnnotatedTextEdit) is annotates
