"""Files that vanish, change or become unreadable while they are read.

It must not know what a workspace must come to.
"""

import contextlib
import os
import random
import shutil
import threading
from pathlib import Path

from benchmarks.faults.place import Place, finished

EVERY_S = 0.003
WAYS = ("removed", "changed", "cut", "folder", "link", "pipe", "closed", "restored")


def restless(place: Place, runs: int, seed: int) -> list[str]:
    """Run while files change all the time; once they are as they were, nothing is lost."""
    chance, found, store = random.Random(f"files {seed}"), [], place.store()
    files = {each: each.read_bytes() for each in sorted(place.root.rglob("*.py"))}
    for nth in range(runs):
        over = threading.Event()
        spoiling = threading.Thread(target=_spoil, args=(files, random.Random(chance.random()), over))
        process = place.start(store)
        spoiling.start()
        try:
            ran = finished(process)
        finally:
            over.set()
            spoiling.join()
            _restore(files)
        lost = []
        if ran.code not in (0, 1, 3):
            lost.append(f"exit code {ran.code} while files changed: {ran.said[-300:]}")
        if "Traceback" in ran.said:
            lost.append(f"a traceback: {ran.said[-1500:]}")
        found += [f"files, run {nth}: {each}" for each in (*lost, *place.lost(store))]
    return found


def _spoil(files: dict[Path, bytes], chance: random.Random, over: threading.Event) -> None:
    while not over.wait(EVERY_S):
        file = chance.choice(sorted(files))
        with contextlib.suppress(OSError):
            _away(file)
            _put(file, files[file], chance.choice(WAYS), chance)


def _put(file: Path, raw: bytes, way: str, chance: random.Random) -> None:
    match way:
        case "changed":
            file.write_bytes(raw.replace(b"return", b"return None or", chance.randrange(1, 4)))
        case "cut":
            file.write_bytes(raw[: chance.randrange(len(raw) + 1)])
        case "folder":
            file.mkdir()
        case "link":
            file.symlink_to(chance.choice((file, Path("/nowhere"), file.parent, Path(os.devnull))))
        case "pipe":
            os.mkfifo(file)  # to open it would wait for ever
        case "closed":
            file.write_bytes(raw)
            file.chmod(0)
        case "restored":
            file.write_bytes(raw)


def _away(file: Path) -> None:
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)


def _restore(files: dict[Path, bytes]) -> None:
    for file, raw in files.items():
        _away(file)
        file.write_bytes(raw)
