"""Faults of the store: a full disk, one that cannot be written, corrupted bytes, rows of other versions.

It must not know what a workspace must come to.
"""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sleeplsp
from benchmarks.faults.place import Place, Ran
from benchmarks.peers import ours

SMALL = "size=300k"
LARGE = "size=64m"
FILE_BYTES_MAX = 128 * 1024
CORRUPTIONS = 40


class NotRunError(Exception):
    """Something cannot be tried here; the text says why."""


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a file system of a size. Raises NotRunError where that is not allowed."""
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", f"{size},mode=0700", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def full_disk(place: Place) -> list[str]:
    """Run on a disk that has too little space, then on the same one when there is some."""
    with disk(place.folder / "full", SMALL) as folder:
        found = _told(place.run(folder), "no space is left")
        found += [f"full disk, the server: {each}" for each in _serves(place, folder)]
        _mount("-o", f"remount,{LARGE}", str(folder))
        return [*found, *place.lost(folder)]


def full_quota(place: Place) -> list[str]:
    """Run where no file may grow beyond a few pages, and then where they may."""
    store = place.store()
    wrapper = (sys.executable, "-c", _LIMITED.format(bytes=FILE_BYTES_MAX))
    ran = place.run(store, wrapper=wrapper)
    return [*_told(ran, "store"), *place.lost(store)]


_LIMITED = (
    "import os, resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes}, {bytes})); os.execvp(sys.argv[1], sys.argv[1:])"
)


def read_only(place: Place) -> list[str]:
    """Run with a store that cannot be written: one that knows nothing, and one that knows all."""
    found = []
    with disk(place.folder / "closed", LARGE) as folder:
        for known in ("nothing", "all"):
            _mount("-o", f"remount,ro,{LARGE}", str(folder))
            ran = place.run(folder)
            found += _told(ran, "cannot be") if known == "nothing" else place.differences(ran)
            found += [f"read-only, the server: {each}" for each in _serves(place, folder)]
            _mount("-o", f"remount,rw,{LARGE}", str(folder))
            found += place.lost(folder)
    return found


def corrupted(place: Place, runs: int, seed: int) -> list[str]:
    """Overwrite bytes of the store's files; return what was lost."""
    chance, found = random.Random(f"corrupted {seed}"), []
    whole = place.store()
    place.run(whole)
    for nth in range(runs):
        store = place.store()
        shutil.copytree(whole, store)
        what = corrupt(store, chance)
        lost = [*place.lost(store), *place.lost(store)]
        found += [f"corrupted, run {nth} ({what}): {each}" for each in lost]
        place.drop(store)
    return found


def corrupt(store: Path, chance: random.Random) -> str:
    """Spoil a store as disks and crashes do; return how."""
    files = sorted(each for each in store.rglob("*") if each.is_file() and each.stat().st_size)
    file = chance.choice(files)
    raw = bytearray(file.read_bytes())
    how = chance.choice(("bytes", "bits", "page", "head", "cut", "emptied"))
    if how == "bytes":
        for _ in range(chance.choice((1, 16, 256))):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
    elif how == "bits":
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    elif how == "page":
        start = 4096 * chance.randrange(max(1, len(raw) // 4096))
        raw[start : start + 4096] = chance.randbytes(min(4096, len(raw) - start))
    elif how == "head":
        raw[:100] = chance.randbytes(min(100, len(raw)))
    elif how == "cut":
        del raw[chance.randrange(len(raw)) :]
    else:
        raw.clear()
    file.write_bytes(raw)
    return f"{how} of {file.relative_to(store)}"


def versions(place: Place) -> list[str]:
    """Use one store by two versions of the analyser in turn, with folders of other formats beside it."""
    other, store = place.folder / "other-version", place.store()
    shutil.copytree(Path(sleeplsp.__file__).parent, other / "sleeplsp")
    with (other / "sleeplsp" / "deduce" / "reason.py").open("a", encoding="utf-8") as source:
        source.write("\n# Another version.\n")
    for name in ("v0-1", "v99-1"):
        folder = store / "store" / name
        folder.mkdir(parents=True, mode=0o700)
        (folder / "cache.db").write_bytes(b"rows of another format")
    store.chmod(0o700)
    found = []
    for _ in range(2):
        theirs = place.run(store, {"PYTHONPATH": str(other)})
        found += [f"the other version: {each}" for each in place.differences(theirs)]
        found += place.lost(store)
    newer = store / "store" / "v99-1" / "cache.db"
    if not newer.is_file() or newer.read_bytes() != b"rows of another format":
        found.append("the store of a newer version was touched")
    return found


def _told(ran: Ran, words: str) -> list[str]:
    """Return what is wrong with a run that must have failed, and said why in one line."""
    found = []
    if ran.code in (0, 1):
        found.append(f"exit code {ran.code} though nothing could be kept")
    if "Traceback" in ran.said:
        found.append(f"a traceback: {ran.said[-1500:]}")
    if words not in ran.said:
        found.append(f"it is not said why: {ran.said[-300:]}")
    return found


def _serves(place: Place, store: Path) -> list[str]:
    """Return what is wrong with a server on a store that fails: it must tell of what it suspects."""
    file = place.root / "caller.py"
    with ours(store) as client:
        client.open(place.root, [file])
        if not client.listen_until(lambda: bool(client.diagnostics.get(file.as_uri())), 120.0):
            return ["it does not tell what it suspects"]
        code = client.close()
    return [f"it ended with {code}"] if code else []


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotRunError(f"mounting a small file system takes root: {done.stderr.strip()}")
