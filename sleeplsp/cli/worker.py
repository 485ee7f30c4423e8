"""A worker process: `python -m sleeplsp.cli.worker`. Started by `cli.crew`, never by a user.

Its standard input and output are the crew's pipes; it ends when they close.
"""

import argparse
import gc
import os
import sys

from sleeplsp.cache.disk import DiskStore
from sleeplsp.engine.errors import StoreError
from sleeplsp.engine.ports import Store
from sleeplsp.stubs import TypeshedLibrary
from sleeplsp.workers.pipes import own_streams
from sleeplsp.workers.serve import serve
from sleeplsp.workers.workbench import Workbench

if sys.platform != "win32":
    import resource


def main() -> None:
    """Serve until the crew closes the pipes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache-dir", default="")
    parser.add_argument("--bytes-max", type=int, default=0)
    parser.add_argument("--store-bytes-max", type=int, default=1024**3)
    options = parser.parse_args()
    limit_memory(options.bytes_max)
    # A worker ends when it is idle and makes hardly any cycles; to look for them costs a fifth.
    gc.disable()
    store = _open(options.cache_dir, options.store_bytes_max)
    library = TypeshedLibrary(store)
    with own_streams() as streams:
        serve(Workbench(library), *streams)
    if store is not None:
        library.save()
        store.close()
    sys.stderr.flush()
    os._exit(0)  # to take apart what it holds, object by object, costs some 0.2 s


def _open(cache_dir: str, bytes_max: int) -> Store | None:
    if not cache_dir:
        return None
    try:
        return DiskStore(cache_dir, bytes_max=bytes_max)
    except StoreError:
        return None  # stubs are then parsed afresh


def limit_memory(bytes_max: int) -> None:
    """Let allocations beyond a limit fail, where the system can: one function then fails alone."""
    if bytes_max and sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (bytes_max, bytes_max))


if __name__ == "__main__":
    main()
