"""`sleeplsp status`: the last run, what has changed since, what is left out, the settings."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import click
import msgspec

from sleeplsp.cache.disk import DiskStore
from sleeplsp.cli import options, output, thinking
from sleeplsp.cli.report import Reason, Status
from sleeplsp.cli.scope import scope_of
from sleeplsp.cli.session import Session
from sleeplsp.cli.storing import store_entry, store_line
from sleeplsp.cli.tell import plural
from sleeplsp.engine.settings import Settings
from sleeplsp.engine.standing import standing


@click.command()
@click.option(
    "--skipped",
    is_flag=True,
    help="List every file and folder left out, with the reason, but for what git ignores.",
)
@options.json
@options.cache_dir
@options.root
def status(*, skipped: bool, json: bool, cache_dir: str | None, root: str | None) -> None:
    """Show the last run, what has changed since, what is left out, the settings in force.

    Nothing is thought about.
    """
    with thinking.opened(scope_of(root=root), {"cache_dir": cache_dir}) as session:
        found = _status(session)
    output.deliver(output.json(found) if json else output.lines(_lines(found, every=skipped)))


def _status(session: Session) -> Status:
    found = standing(str(session.root), session.files, session.store, session.recipe)
    ended = datetime.fromtimestamp(found.finished_at, UTC) if found.finished_at is not None else None
    if not isinstance(session.store, DiskStore):
        raise TypeError("a command keeps its rows on disk")
    return Status(
        root=str(session.root),
        last_run=ended.isoformat(timespec="seconds") if ended is not None else None,
        modules_known=found.known,
        modules_changed=found.changed,
        functions=found.functions,
        other_files=found.other,
        skipped_by_reason=dict(Counter(found.skipped.values()).most_common()),
        skipped=tuple(Reason(path=path, reason=why) for path, why in sorted(found.skipped.items())),
        store=store_entry(session.store),
        settings=session.settings,
        warnings=session.warnings,
    )


def _lines(found: Status, *, every: bool) -> Iterator[str]:
    yield f"workspace  {found.root}"
    yield f"last run   {found.last_run or 'none with this version'}"
    known = f"{plural(found.modules_known, 'module')}, {plural(found.functions, 'function')}"
    yield f"known      {known}; {plural(found.modules_changed, 'module')} to think about"
    yield f"other      {plural(found.other_files, 'file')} of no known language"
    yield f"left out   {plural(len(found.skipped), 'file or folder', 'files or folders')}"
    if every:
        yield from (f"    {each.path}: {each.reason}" for each in found.skipped)
    else:
        yield from (f"    {count:,}  {why}" for why, count in found.skipped_by_reason.items())
    yield f"store      {store_line(found.store)}"
    yield "settings   (* other than the default)"
    defaults = msgspec.to_builtins(Settings())
    for name, value in msgspec.to_builtins(found.settings).items():
        yield f"  {' ' if value == defaults[name] else '*'} {name} = {_shown(value)}"


def _shown(value: object) -> str:
    return msgspec.json.encode(value).decode()
