"""The deducer: keeps one workspace's Deduction and brings it up to date when asked, in its own process.

It ends when its requests do. `workers.remote` is the other end; this one must not know the editor.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO

import msgspec

from sleeplsp.core.atlas import Batch
from sleeplsp.core.located import ModuleClaims
from sleeplsp.core.text import Text, text_digest
from sleeplsp.engine.charter import Charter
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.errors import SleepError
from sleeplsp.engine.locate import Locator, module_claims
from sleeplsp.engine.outcome import Progress
from sleeplsp.workers import frames
from sleeplsp.workers.messages import (
    REQUESTS,
    Charted,
    Claimed,
    Finished,
    Noticed,
    Refused,
    Reply,
    ThinkRequest,
    Told,
)
from sleeplsp.workers.pipes import requests_of


def serve(
    deduction: Deduction,
    notices: Callable[[], Iterable[str]],
    requests: IO[bytes],
    replies: IO[bytes],
) -> None:
    """Answer every request in turn; return when there are no more, or nobody reads the replies.

    `notices` are lines the user should know; each is told once.
    """
    told: set[str] = set()

    def tell(reply: Reply) -> None:
        frames.write(replies, reply)

    charter = Charter()
    try:
        for request in requests_of(requests, REQUESTS):
            reply = _run(deduction, request, tell)
            for batch in _charts(charter, deduction):
                tell(Charted(batch))
            for line in notices():
                if line not in told:
                    told.add(line)
                    tell(Noticed(line))
            tell(reply)
    except frames.ClosedError:
        return


def refuse(reason: str, requests: IO[bytes], replies: IO[bytes]) -> None:
    """Tell the first request why there is no Deduction to ask."""
    try:
        for _ in requests_of(requests, REQUESTS):
            frames.write(replies, Refused(reason))
            return
    except frames.ClosedError:
        return


def _run(deduction: Deduction, request: ThinkRequest, tell: Callable[[Reply], None]) -> Reply:
    overlays = {path: Text(source) for path, source in request.overlays.items()}
    # What the last run knows of a module that was just opened need not wait for this one.
    opened = [path for path, held in request.shown.items() if not held]
    for claims in _claims(deduction, (path for path in opened if _is_known(deduction, path, overlays))):
        tell(Claimed(claims))

    def listen(event: object) -> None:
        if isinstance(event, Progress):
            tell(Told(event))

    try:
        outcome = deduction.run(listen, overlays)
    except SleepError as error:
        return Refused(str(error))
    for claims in _claims(deduction, request.shown):
        if claims.digest != request.shown[claims.path]:
            tell(Claimed(claims))
    for path in request.shown:
        if request.shown[path] and path not in deduction.rows:  # left out, by a setting for instance
            tell(Claimed(ModuleClaims(path=path, text_digest="", symbols={})))
    return Finished(outcome)


def _charts(charter: Charter, deduction: Deduction) -> Iterator[Batch]:
    facts = {path: row.facts for path, row in deduction.rows.items()}
    return charter.news(facts, lambda: deduction.index, deduction.text_of)


def _is_known(deduction: Deduction, path: str, overlays: dict[str, Text]) -> bool:
    row = deduction.rows.get(path)
    return row is not None and row.facts.text_digest == text_digest(overlays[path])


def _claims(deduction: Deduction, paths: Iterable[str]) -> Iterator[ModuleClaims]:
    rows = dict(deduction.rows)
    locator = Locator(deduction.text_of)
    for path in paths:
        if path in rows:
            claims = module_claims(rows[path], rows, deduction.index, locator)
            yield msgspec.structs.replace(claims, digest=_digest(claims))


def _digest(claims: ModuleClaims) -> str:
    return hashlib.blake2b(msgspec.msgpack.encode(claims), digest_size=12).hexdigest()
