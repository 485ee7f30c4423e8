"""The command that answers a question: of what the server holds, else of the process that knows all modules.

What a model answers comes in pieces, and the request can be cancelled. It must not know how a question is
understood, nor how an editor hears of the pieces.
"""

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import anyio.to_thread
import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from sleeplsp.core.insight import graded
from sleeplsp.core.markdown import code, sentence, unmarked
from sleeplsp.core.prose import prose
from sleeplsp.core.snapshot import Snapshot
from sleeplsp.engine.reasoner import ReasonerError
from sleeplsp.engine.replied import About, Held, Replied
from sleeplsp.lsp.arguments import module_at
from sleeplsp.lsp.hearing import Token, hearing
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.answers.ask.answering import Near
    from sleeplsp.lsp.server import Server

ASK = "sleeplsp.ask"
TELL = "sleeplsp.tell"
"""Likewise, and the answer is shown as a message: for code actions."""

CHANGED = "not fresh: the code has changed since it was asked"
RETHINKING = "the code has changed since it was thought about, and is being thought about again"

Json = dict[str, Any]


_Column = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class _Position(msgspec.Struct):
    line: _Column
    character: _Column


class Question(NamedTuple):
    """What is asked, and where."""

    root: Root
    path: str
    position: types.Position | None
    text: str
    verbosity: int | None
    token: Token | None
    """What the editor calls the answer whose pieces it wants; None if it wants none."""


class Told(NamedTuple):
    """What a question comes to."""

    replied: Replied | None
    near: tuple["Near", ...] = ()
    """What is known that comes near, where nothing answers it."""
    has_changed: bool = False
    """What is answered is about code that was edited meanwhile; where nothing is, that may be why."""
    unasked: str = ""
    """Why no model was asked either, where that is not for the question."""


def register(server: "Server") -> None:
    """Answer the commands: a URI, a position in it or null, and a question.

    If wanted, how long to answer, and the token that pieces of the answer are told with.
    """

    @server.command(ASK)
    async def ask(uri: Any, *rest: object) -> Json:  # noqa: ANN401  of a str, pygls makes one
        return _json(await _answered(server, _question(server, uri, rest)))

    @server.command(TELL)
    async def tell(uri: Any, *rest: object) -> Json:  # noqa: ANN401  as above
        told = await _answered(server, _question(server, uri, rest))
        message = "\n".join(map(unmarked, _message(told).splitlines()))
        server.window_show_message(types.ShowMessageParams(types.MessageType.Info, message))
        return _json(told)


def _question(server: "Server", uri: object, rest: tuple[object, ...]) -> Question:
    """Return what is asked. Raises JsonRpcInvalidParams."""
    position, text, verbosity, token = (*rest, None, None, None, None)[:4]
    root, path = module_at(server, uri)
    try:
        where = msgspec.convert(position, tuple[_Column, _Column] | _Position | None)
        level = msgspec.convert(verbosity, int | None)
        called = msgspec.convert(token, Token | None)
    except msgspec.ValidationError as error:
        raise JsonRpcInvalidParams(
            f"{ASK} wants a URI, a position or null, a question, and if wanted a token"
        ) from error
    if not isinstance(text, str) or not text.strip() or (level is not None and level not in range(5)):
        raise JsonRpcInvalidParams(f"{ASK} wants a question, and a verbosity from 0 to 4 or none")
    if isinstance(where, _Position):
        where = where.line, where.character
    place = types.Position(*where) if where is not None else None
    return Question(root, path, place, text, level, called)


async def _answered(server: "Server", question: Question) -> Told:
    """Return the answer, or what comes near. Raises JsonRpcException where a model fails."""
    root, offset = question.root, -1
    snapshot = root.workspace.snapshot
    module = root.module(question.path)
    if module is not None and question.position is not None:
        document = server.documents.find(root.uri(question.path))
        if document is not None:
            offset = server.columns(*document).offset(question.position)
    about, found, near = await anyio.to_thread.run_sync(_known, snapshot, question, offset)
    root.notes.queried(question.path, "ask", found=found is not None)
    if found is not None:
        return Told(found, (), has_changed=_has_changed(snapshot, root.workspace.snapshot, about))
    snapshot = root.workspace.snapshot
    nothing = Told(None, near, has_changed=_is_rethought(snapshot, about), unasked=root.unasked)
    if root.ask is None or not (about.named or about.here):
        return nothing
    try:
        async with hearing(server, question.text, question.token) as hear:
            replied = await root.ask(question.text, about, _held(snapshot), question.verbosity, hear)
    except ReasonerError as error:
        if not root.settings.has_model and root.settings.replay is None:
            return nothing
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed) from error
    if replied.source == "model" and not replied.replayed:
        root.sleeper.answered()
    return Told(replied, (), has_changed=_has_changed(snapshot, root.workspace.snapshot, about))


def _held(snapshot: Snapshot) -> Held:
    """Return what the editor holds: whoever answers may have thought about something older."""
    texts = {path: module.text.source for path, module in snapshot.modules.items()}
    return Held(texts, tuple(snapshot.changed))


def _has_changed(before: Snapshot, now: Snapshot, about: About) -> bool:
    """Tell whether code that a question is about is another than when it was asked."""
    return any(_is_other(before, now, *ref.partition("::")[::2]) for ref in (*about.named, *about.here[:1]))


def _is_other(before: Snapshot, now: Snapshot, path: str, symbol: str) -> bool:
    one, other = before.modules.get(path), now.modules.get(path)
    if one is None or other is None:
        return path in now.changed - before.changed
    digest = one.digests.get(symbol)
    return one.text != other.text and (not digest or digest != other.digests.get(symbol))


def _is_rethought(snapshot: Snapshot, about: About) -> bool:
    """Tell whether code that a question is about has changed since it was thought about."""
    for ref in (*about.named, *about.here[:1]):
        path, _, symbol = ref.partition("::")
        module = snapshot.modules.get(path)
        claims = snapshot.claims_of(module, symbol) if module is not None else None
        if path in snapshot.changed or (claims and not snapshot.is_as_it_was(ref, claims.digest)):
            return True
    return False


def _known(
    snapshot: Snapshot, question: Question, offset: int
) -> tuple[About, Replied | None, tuple["Near", ...]]:
    """Return what a question may be about, and what surely answers it, or what comes near."""
    # Only once somebody asks: the first hover comes before.
    from sleeplsp.answers.ask.answering import answer, nearest  # noqa: PLC0415
    from sleeplsp.answers.ask.subject import subjects  # noqa: PLC0415

    subject = subjects(snapshot, question.text, question.path, offset)
    about = About(subject.named, subject.here)
    found = answer(snapshot, question.text, subject)
    if found is None:
        return about, None, nearest(snapshot, question.text, subject)
    replied = Replied(
        source=found.source.value,
        question=found.question,
        answer=found.answer,
        ref=found.ref,
        grade=graded(found.grade, found.votes),
    )
    return about, replied, ()


def _message(told: Told) -> str:
    replied = told.replied
    if replied is None:
        return RETHINKING if told.has_changed else "nothing is known of it"
    changed = f"\n\n({CHANGED})" if told.has_changed else ""
    return f"{replied.question}\n\n{replied.answer}{changed}"


def _json(told: Told) -> Json:
    replied = told.replied
    found = [{"symbol": each.ref, "text": each.text, "grade": each.grade} for each in told.near]
    if replied is None:
        return {
            "answer": None,
            "nearest": found,
            "changed": told.has_changed,
            "unasked": told.unasked or None,
        }
    return {
        "answer": replied.answer,
        "question": replied.question,
        "source": replied.source,
        "symbol": replied.ref or None,
        "grade": replied.grade,
        "stoodOn": list(replied.stood_on),
        "tokens": replied.usage.total,
        "model": replied.model or None,
        "replayed": replied.replayed,
        "markdown": _markdown(replied, has_changed=told.has_changed),
        "nearest": [],
        "changed": told.has_changed,
    }


def _markdown(replied: Replied, *, has_changed: bool) -> str:
    """Return an answer below the question that it answers; nothing of it is a link."""
    tokens = f" · {_tokens(replied)}" if replied.source == "model" else ""
    about = f" · {code(replied.ref)}" if replied.ref else ""
    changed = f" · {CHANGED}" if has_changed else ""
    whence = ", ".join(dict.fromkeys((replied.source, replied.grade)))
    footer = f"*{whence}{about}{tokens}{changed}*"
    return f"**{sentence(replied.question)}**\n\n{prose(replied.answer)}\n\n{footer}"


def _tokens(replied: Replied) -> str:
    return "of a recording, no tokens" if replied.replayed else f"{replied.usage.total:,} tokens"
