"""Actions on the function around the cursor: assert what always holds, ask what was anticipated, think more.

Only for who asks for actions: a light bulb at every name is not quiet. It must not know how actions are asked
for, nor which others there are.
"""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
from lsprotocol import types

from sleeplsp.answers.asserting import Assertion, assertions, guards
from sleeplsp.core.markdown import shortened, unmarked
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.core.symbols import Symbol
from sleeplsp.lsp.actions.deeds import Deed, Do
from sleeplsp.lsp.actions.taking import Taken, is_invoked, is_wanted, tags_of
from sleeplsp.lsp.ask import TELL
from sleeplsp.lsp.edits import annotation_of, workspace_edit
from sleeplsp.lsp.status import DEEPER, THINK

if TYPE_CHECKING:
    from sleeplsp.lsp.documents import Document
    from sleeplsp.lsp.server import Server

ASSERT_KIND = types.CodeActionKind.RefactorRewrite
OWN_KINDS = GUARD_KIND, ASK_KIND, THINK_KIND = "sleeplsp.guard", "sleeplsp.ask", "sleeplsp.think"
"""Below none of the protocol's own: what an editor applies by itself when it saves is asked for by these."""

QUESTIONS_MAX = 5
TITLE_CHARACTERS = 80

_MAKERS = {"assert": ("Assert", assertions, ASSERT_KIND), "guard": ("Guard:", guards, GUARD_KIND)}
"""By what is to be done: how its title begins, who makes it, and its kind."""


def offered(
    server: "Server", takes: Taken, document: "Document", module: OpenModule, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    """Yield what can be done about the function or class that the range begins in."""
    if not is_invoked(params.context):
        return
    uri = document.root.uri(module.path)
    offset = server.columns(document, module).offset(params.range.start)
    around = [each for each in module.symbols if each.start <= offset <= each.end]
    symbol = min(around, key=lambda each: each.end - each.start, default=None)
    is_named = symbol is not None and symbol.name_start <= offset <= symbol.name_end
    if symbol is not None and is_wanted(ASSERT_KIND.value, params.context):
        yield from _asserting(server, takes, document, module, symbol, "assert")
    if symbol is not None and is_wanted(GUARD_KIND, params.context) and (is_named or params.context.only):
        yield from _asserting(server, takes, document, module, symbol, "guard")
    if symbol is not None and is_wanted(ASK_KIND, params.context):
        yield from _asking(document, module, symbol, params.range.start)
    if is_wanted(THINK_KIND, params.context) and (is_named or params.context.only):
        yield _command("Think about this file again", THINK_KIND, THINK, uri)
        if document.root.settings.is_thoughtful:
            yield _command("Think deeper about this file", THINK_KIND, DEEPER, uri)


def asserted(
    server: "Server", document: "Document", module: OpenModule, deed: Deed
) -> types.WorkspaceEdit | None:
    """Return the edit that an assertion or a guard is; None if it cannot stand there any more."""
    symbol = next((each for each in module.symbols if each.id == deed.symbol), None)
    if symbol is None:
        return None
    found = _MAKERS[deed.do][1](document.root.workspace.snapshot, module, symbol)
    made = next((each for each in found if each.check == deed.check), None)
    return _edit(server, document, module, made, deed.do) if made is not None else None


def _asserting(
    server: "Server", takes: Taken, document: "Document", module: OpenModule, symbol: Symbol, do: Do
) -> Iterator[types.CodeAction]:
    uri = document.root.uri(module.path)
    verb, make, kind = _MAKERS[do]
    for each in make(document.root.workspace.snapshot, module, symbol):
        title = f"{verb} {shortened(each.check, TITLE_CHARACTERS)}"
        made = types.CodeAction(title, kind, tags=tags_of(each.grade, takes))
        if takes.resolve or not takes.literals:
            deed = Deed(do, uri, symbol=symbol.id, check=each.check)
            made.data = msgspec.to_builtins(deed)
        else:
            made.edit = _edit(server, document, module, each, do)
        yield made


def _edit(
    server: "Server", document: "Document", module: OpenModule, made: Assertion, do: Do
) -> types.WorkspaceEdit:
    at = server.columns(document, module).range(made.at, made.at)
    named = types.OptionalVersionedTextDocumentIdentifier(document.root.uri(module.path), module.version)
    annotation = annotation_of(f"{_MAKERS[do][0]} {made.check}", made.grade)
    edits = [types.TextEdit(at, made.text)]
    return workspace_edit(server.client_capabilities, named, edits, annotation)


def _asking(
    document: "Document", module: OpenModule, symbol: Symbol, position: types.Position
) -> Iterator[types.CodeAction]:
    snapshot, uri = document.root.workspace.snapshot, document.root.uri(module.path)
    claims = snapshot.claims_of(module, symbol.id)
    if claims is None:
        return
    where = {"line": position.line, "character": position.character}
    for each in islice(snapshot.fresh_questions(claims), QUESTIONS_MAX):
        title = f"Ask: {unmarked(shortened(each.question, TITLE_CHARACTERS))}"
        yield _command(title, ASK_KIND, TELL, uri, where, each.question)


def _command(title: str, kind: str, command: str, *arguments: object) -> types.CodeAction:
    return types.CodeAction(title, kind, command=types.Command(title, command, arguments=[*arguments]))
