"""`sleeplsp status`: the last runs, what has changed since, what is left out, the funnel, the settings."""

from collections import Counter
from collections.abc import Iterator

import click
import msgspec

from sleeplsp.cache.disk import DiskStore
from sleeplsp.cli import history, options, output, thinking
from sleeplsp.cli.books import budget_entry, budget_line, budget_lines, ledger_entry, ledger_lines
from sleeplsp.cli.model_report import ModelEntry, model_entry, model_lines
from sleeplsp.cli.report import Reason
from sleeplsp.cli.scope import scope_of
from sleeplsp.cli.session import Session
from sleeplsp.cli.status_report import JournalEntry, Status
from sleeplsp.cli.storing import store_entry, store_line
from sleeplsp.cli.tell import plural
from sleeplsp.engine.account import Account
from sleeplsp.engine.entries import root_digest
from sleeplsp.engine.errors import JournalError
from sleeplsp.engine.ledger import Books
from sleeplsp.engine.settings import Settings
from sleeplsp.engine.standing import standing
from sleeplsp.journal.ledger import DiskLedger
from sleeplsp.llm.endpoint import shown_url


@click.command()
@click.option(
    "--skipped",
    is_flag=True,
    help="List every file and folder left out, with the reason, but for what git ignores.",
)
@click.option(
    "--ledger",
    is_flag=True,
    help="Also what calls of models took, by phase and model, today (UTC) and ever, and what is left.",
)
@options.json
@options.cache_dir
@options.state_dir
@options.root
def status(*, skipped: bool, ledger: bool, json: bool, root: str | None, **places: str | None) -> None:
    """Show the last runs, what has changed since, what failed or is left out, what became of suspicions.

    Nothing is thought about.
    """
    with thinking.opened(scope_of(root=root), places) as session:
        found = _status(session, with_ledger=ledger)
    output.deliver(output.json(found) if json else output.lines(_lines(found, every=skipped)))


def _status(session: Session, *, with_ledger: bool) -> Status:
    found = standing(str(session.root), session.files, session.store, session.recipe)
    account, problem = _account(session)
    books = _books(session) if with_ledger or session.settings.has_model else None
    if not isinstance(session.store, DiskStore):
        raise TypeError("a command keeps its rows on disk")
    return Status(
        root=str(session.root),
        last_run=history.moment(found.finished_at) if found.finished_at is not None else None,
        run=history.noted_run(account.last),
        last_success=history.noted_run(account.success),
        last_failure=history.noted_run(account.failure),
        failed=tuple(Reason(path=path, reason=why) for path, why in account.failed),
        budget=budget_entry(books, session.settings) if books is not None else None,
        ledger=ledger_entry(books) if books is not None and with_ledger else None,
        model=_model(session),
        queries_answered=account.found,
        queries_unanswered=account.missed,
        funnel=tuple(map(history.funnel_entry, account.funnel)),
        modules_known=found.known,
        modules_changed=found.changed,
        functions=found.functions,
        other_files=found.other,
        skipped_by_reason=dict(Counter(found.skipped.values()).most_common()),
        skipped=tuple(Reason(path=path, reason=why) for path, why in sorted(found.skipped.items())),
        store=store_entry(session.store),
        journal=JournalEntry(folder=str(session.state_dir), problem=problem, dropped=account.dropped),
        settings=_told(session.settings),
        warnings=session.warnings,
    )


def _model(session: Session) -> ModelEntry | None:
    """Return what a model's part of the last run came to; None where no model is to think, or none has."""
    if not session.settings.is_thoughtful:
        return None
    from sleeplsp.cli.reflecting import last_of  # noqa: PLC0415 - only where a model is asked

    last = last_of(session)
    return model_entry(last) if last is not None else None


def _account(session: Session) -> tuple[Account, str]:
    """Return the journal's account, and why there is none: a status can be told without."""
    try:
        return session.notes("status").account(), ""
    except JournalError as error:
        return Account(), str(error)


def _books(session: Session) -> Books | None:
    """Return what is known of calls of models, or None where the journal cannot be read, which is told."""
    try:
        return DiskLedger(session.settings.state_dir).books(root_digest(str(session.root or "")))
    except JournalError:
        return None


def _told(settings: Settings) -> Settings:
    """Return settings as they may be shown: an endpoint's URL may have a password in it."""
    if settings.endpoint is None:
        return settings
    return msgspec.structs.replace(settings, endpoint=shown_url(settings.endpoint))


def _lines(found: Status, *, every: bool) -> Iterator[str]:
    yield f"workspace  {found.root}"
    yield f"last run   {found.last_run or 'none with this version'}"
    yield from _history(found)
    known = f"{plural(found.modules_known, 'module')}, {plural(found.functions, 'function')}"
    yield f"known      {known}; {plural(found.modules_changed, 'module')} to think about"
    yield f"other      {plural(found.other_files, 'file')} of no known language"
    yield f"left out   {plural(len(found.skipped), 'file or folder', 'files or folders')}"
    if every:
        yield from (f"    {each.path}: {each.reason}" for each in found.skipped)
    else:
        yield from (f"    {count:,}  {why}" for why, count in found.skipped_by_reason.items())
    yield f"store      {store_line(found.store)}"
    dropped = f"; {plural(found.journal.dropped, 'entry', 'entries')} lost" if found.journal.dropped else ""
    yield f"journal    {found.journal.problem or found.journal.folder}{dropped}"
    if found.model is not None:
        yield from model_lines(found.model)
    yield from _ledger(found)
    yield "settings   (* other than the default)"
    defaults = msgspec.to_builtins(Settings())
    for name, value in msgspec.to_builtins(found.settings).items():
        yield f"  {' ' if value == defaults[name] else '*'} {name} = {_shown(value)}"


def _ledger(found: Status) -> Iterator[str]:
    if found.budget is not None:
        yield f"budget     {budget_line(found.budget)}"
    if found.budget is not None and found.ledger is not None:
        yield from budget_lines(found.budget)
        if not found.ledger.ever:
            yield "ledger     no call of a model from this workspace"
            return
        yield "ledger     calls of models from this workspace (days are UTC)"
        yield from ledger_lines(found.ledger)


def _history(found: Status) -> Iterator[str]:
    if found.run is not None:
        yield f"noted      {history.run_line(found.run)}"
    if found.last_success is not None and found.last_success != found.run:
        yield f"success    {history.run_line(found.last_success)}"
    if found.last_failure is not None and found.last_failure != found.run:
        yield f"failure    {history.run_line(found.last_failure)}"
    if found.failed:
        yield f"failed     {plural(len(found.failed), 'module')}"
        yield from (f"    {each.path}: {each.reason}" for each in found.failed)
    if found.queries_answered or found.queries_unanswered:
        queries = plural(found.queries_answered + found.queries_unanswered, "hover")
        yield f"queries    {queries}, something known at {found.queries_answered:,}"
    if found.funnel:
        yield "funnel     suspicions made, shown, acted on"
        yield from history.funnel_lines(found.funnel)


def _shown(value: object) -> str:
    return msgspec.json.encode(value).decode()
