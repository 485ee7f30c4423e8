"""`sleeplsp cache`: look at the store, empty it, tidy it."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from sleeplsp.cache.disk import DiskStore
from sleeplsp.cli import options, output, tell
from sleeplsp.cli.layers import resolved_settings
from sleeplsp.cli.report import CacheCleared, CacheCollected, CacheStats
from sleeplsp.cli.storing import store_entry, store_line


@click.group(no_args_is_help=True)
def cache() -> None:
    """Look at the store, empty it or tidy it. To lose it costs work, nothing else."""


@cache.command()
@options.json
@options.cache_dir
def stats(*, json: bool, cache_dir: str | None) -> None:
    """Show where the store lies and how large it is."""
    with _opened(cache_dir) as store:
        found = CacheStats(store=store_entry(store))
    output.deliver(output.json(found) if json else output.lines([store_line(found.store)]))


@cache.command()
@options.json
@options.cache_dir
def clear(*, json: bool, cache_dir: str | None) -> None:
    """Remove all that was learned, and stores that had been set aside."""
    with _opened(cache_dir) as store:
        folder = store.stats().folder
        found = CacheCleared(folder=folder, rows=store.clear())
    line = f"{tell.plural(found.rows, 'row')} removed from {folder}"
    output.deliver(output.json(found) if json else output.lines([line]))


@cache.command()
@options.json
@options.cache_dir
def gc(*, json: bool, cache_dir: str | None) -> None:
    """Keep the size limit, remove what no version needs, give space back to the disk."""
    with _opened(cache_dir) as store:
        done = store.collect()
    found = CacheCollected(rows=done.evicted, folders=done.folders, bytes_freed=done.bytes_freed)
    line = (
        f"{tell.plural(found.rows, 'row')} and {tell.plural(found.folders, 'folder')} removed, "
        f"{found.bytes_freed:,} bytes freed"
    )
    output.deliver(output.json(found) if json else output.lines([line]))


@contextmanager
def _opened(cache_dir: str | None) -> Iterator[DiskStore]:
    # Whoever looks at the store stands in no workspace: only the user says where it lies.
    settings, _ = resolved_settings(None, {"cache_dir": cache_dir})
    with DiskStore(settings.cache_dir, bytes_max=settings.store_bytes_max) as store:
        try:
            yield store
        finally:
            for notice in store.notices:
                tell.note(notice)
