"""Status: what each root's Sleeper does, did and failed at, told to editors that announce that they show it.

They announce `experimental.sleeplsp.status` as a capability, or set `status` as an initialization option.
Commands ask for it, pause the Sleepers, resume them, and have them think again.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from lsprotocol import types

from sleeplsp.engine.account import Account, FunnelLine, RunNote
from sleeplsp.engine.agenda import EVERYTHING
from sleeplsp.engine.errors import JournalError
from sleeplsp.engine.status import Status
from sleeplsp.lsp.announced import STATUS as SHOWS_STATUS
from sleeplsp.lsp.announced import is_announced
from sleeplsp.lsp.arguments import module_at, root_at
from sleeplsp.lsp.convert import uri_of
from sleeplsp.lsp.model_status import Budget, budget_of, told_budget, told_model, told_verification
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

log = logging.getLogger(__name__)

METHOD = "sleeplsp/status"
STATUS, PAUSE, RESUME = "sleeplsp.status", "sleeplsp.pause", "sleeplsp.resume"
THINK, THINK_ALL = "sleeplsp.think", "sleeplsp.thinkAll"
DEEPER = "sleeplsp.deeper"
"""A model goes on thinking about a module, from what is known."""

TOLD_EVERY_S = 0.1
"""Seconds between two notifications of how far a run is."""

ABOUT_MAX = 20
"""Modules that are named as what a run is about."""

Json = dict[str, Any]


def register(server: "Server") -> None:
    """Answer the commands about sleep. Without a URI they are about all roots."""

    @server.command(STATUS)
    async def status() -> list[Json]:
        return [await server.statuses.asked(root) for root in list(server.roots.all)]

    @server.command(PAUSE)
    def pause(*uris: str) -> None:
        if not uris:
            server.roots.are_paused = True
        for root in _roots(server, uris):
            root.sleeper.pause()

    @server.command(RESUME)
    def resume(*uris: str) -> None:
        if not uris:
            server.roots.are_paused = False
        for root in _roots(server, uris):
            root.sleeper.resume()

    @server.command(THINK)
    def think(uri: Any) -> None:  # noqa: ANN401  of a str, pygls makes one
        root, path = module_at(server, uri)
        root.sleeper.think(path)

    @server.command(DEEPER)
    def think_deeper(uri: Any) -> None:  # noqa: ANN401  as above
        root, path = module_at(server, uri)
        root.sleeper.think(path, deeper=True)

    @server.command(THINK_ALL)
    def think_all(*uris: str) -> None:
        for root in _roots(server, uris):
            root.sleeper.think(EVERYTHING)


def _roots(server: "Server", uris: tuple[object, ...]) -> list[Root]:
    """Return the roots that URIs lie in; all of them if there are no URIs. Raises JsonRpcInvalidParams."""
    return list(dict.fromkeys(root_at(server, each) for each in uris) if uris else server.roots.all)


class Statuses:
    """What editors are told of the Sleepers."""

    def __init__(self, server: "Server", clock: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._clock = clock
        self._is_wanted = False
        self._told_at: dict[Root, tuple[float, str]] = {}
        """When a root was last told of, and which stage of a run."""
        self._accounts: dict[Root, Account] = {}
        self._budgets: dict[Root, Budget] = {}
        self._asking: dict[Root, asyncio.Task[None]] = {}

    def announce(self, capabilities: types.ClientCapabilities, option: object) -> None:
        """Take note of whether the editor wants to be told."""
        self._is_wanted = is_announced(capabilities, SHOWS_STATUS) or option is True

    def told(self, root: Root, status: Status) -> None:
        """Tell the editor what the Sleeper of a root does now."""
        if not self._is_wanted:
            return
        now = self._clock()
        stage = status.progress.stage if status.thinking and status.progress is not None else ""
        told_at, told = self._told_at.get(root, (0.0, ""))
        # The first of a stage may be the last for long.
        if stage and stage == told and now - told_at < TOLD_EVERY_S:
            return
        self._told_at[root] = now, stage
        self._tell(root)
        if not status.thinking and root not in self._asking:
            # What the run changed in the journal is told when it has been read.
            self._asking[root] = asyncio.get_running_loop().create_task(self._ask(root))

    def forget(self, root: Root) -> None:
        """Forget a root that is closed."""
        self._told_at.pop(root, None)
        self._accounts.pop(root, None)
        self._budgets.pop(root, None)
        if (task := self._asking.pop(root, None)) is not None:
            task.cancel()

    async def asked(self, root: Root) -> Json:
        """Return the status of a root, with what the journal says now."""
        await self._read(root)
        return self._composed(root)

    async def _ask(self, root: Root) -> None:
        before = self._accounts.get(root), self._budgets.get(root)
        try:
            await self._read(root)
        finally:
            self._asking.pop(root, None)
        if (self._accounts.get(root), self._budgets.get(root)) != before and root in self._server.roots.all:
            self._tell(root)

    async def _read(self, root: Root) -> None:
        try:
            self._accounts[root] = await anyio.to_thread.run_sync(root.notes.account)
            if root.settings.has_model:
                books = await anyio.to_thread.run_sync(root.books)
                self._budgets[root] = budget_of(books, root.settings)
        except JournalError as error:
            log.info("%s", error)  # the journal's own notice tells the user

    def _tell(self, root: Root) -> None:
        self._server.protocol.notify(METHOD, self._composed(root))

    def _composed(self, root: Root) -> Json:
        return composed(root, self._accounts.get(root, Account()), self._budgets.get(root))


def composed(root: Root, account: Account, budget: Budget | None = None) -> Json:
    """Return all that can be said of the sleep of a root."""
    status = root.sleeper.status
    progress, outcome = status.progress, status.outcome
    failed = outcome.failed.items() if outcome is not None else account.failed
    return {
        "root": uri_of(root.folder) if root.folder is not None else None,
        "name": root.name,
        "state": status.state,
        "cause": status.cause or None,
        "about": list(status.about[:ABOUT_MAX]),
        "waitingFor": status.waiting or None,
        "stage": progress.stage if progress is not None else None,
        "done": progress.done if progress is not None else None,
        "total": progress.total if progress is not None else None,
        "lastSuccess": _success(root.notes.success or account.success),
        "lastFailure": _failure(root.notes.failure or account.failure),
        "failed": [{"path": path, "reason": reason} for path, reason in sorted(failed)],
        "leftOut": dict(Counter(outcome.skipped.values())) if outcome is not None else {},
        "budget": told_budget(budget),
        "model": told_model(status.reflected),
        "verification": told_verification(status.reflected),
        "funnel": [_funnel(line) for line in account.funnel],
    }


def _success(run: RunNote | None) -> Json | None:
    if run is None:
        return None
    return {
        "at": _moment(run.ended_at or run.begun_at),
        "who": run.who,
        "cause": run.cause,
        "modules": run.modules,
        "deduced": run.deduced,
        "kept": run.kept,
        "inVain": run.in_vain,
        "failed": run.failed,
        "seconds": round(run.seconds, 3),
    }


def _failure(run: RunNote | None) -> Json | None:
    if run is None:
        return None
    return {"at": _moment(run.ended_at or run.begun_at), "cause": run.cause, "reason": run.failure}


def _funnel(line: FunnelLine) -> Json:
    return {
        "check": line.check,
        "made": line.made,
        "shown": line.shown,
        "acted": line.acted,
        "applied": line.applied,
        "ignored": line.ignored,
        "mended": line.mended,
    }


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
