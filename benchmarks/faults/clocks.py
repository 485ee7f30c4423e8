"""Clocks that jump: runs a year ahead and a year back, and a server whose clock is moved while it thinks.

It needs libfaketime (Debian and Ubuntu: the package libfaketime), which is put before the C library. What is
measured in durations keeps going, as it does when a real clock is set.
"""

import time
from pathlib import Path

from benchmarks.faults.killing import is_suspected
from benchmarks.faults.place import CALLER, Place
from benchmarks.faults.storing import NotRunError
from benchmarks.peers import ours
from benchmarks.wire import Client

_PLACES = ("/usr/lib", "/usr/local/lib", "/opt/homebrew/lib")
SHIFTS = ("+365d", "-365d", "+0", "-10y", "+1s")
JUMPS = ("+3600", "-3600", "+86400", "-86400", "+0")


def jumps(place: Place) -> list[str]:
    """Run under one clock after the other on one store, with edits in between; then move a server's."""
    library = _library()
    store, found = place.store(), []
    for nth, shift in enumerate(SHIFTS):
        place.edit(("first", "second")[nth % 2])
        environment = {"LD_PRELOAD": library, "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        found += [f"clock {shift}: {each}" for each in place.differences(place.run(store, environment))]
        found += [f"after clock {shift}: {each}" for each in place.lost(store)]
    return [*found, *_server(place, library)]


def _server(place: Place, library: str) -> list[str]:
    clock, store = place.folder / "clock", place.store()
    clock.write_text("+0", "utf-8")
    environment = {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    found: list[str] = []
    with ours(store, environment=environment) as client:
        client.open(place.root, [place.root / CALLER])
        for version, jump in enumerate(JUMPS, 2):
            clock.write_text(jump, "utf-8")
            found += [f"clock {jump}: {each}" for each in _edited(client, place, version)]
        if (code := client.close()) != 0:
            found.append(f"the server ended with {code}")
    return [*found, *place.lost(store)]


def _edited(client: Client, place: Place, version: int) -> list[str]:
    """Edit the suspicion away and back; return what the server does not notice."""
    file, found = place.root / CALLER, []
    text = file.read_text("utf-8")
    for is_there, changed in ((False, text.replace(".upper()", "")), (True, text)):
        client.replace(file, changed, version)
        begun = time.monotonic()
        if not client.listen_until(lambda told=is_there: is_suspected(client, place) is told, 60.0):  # type: ignore[misc]
            found.append(f"nothing new {time.monotonic() - begun:.0f} s after an edit")
    return found


def _library() -> str:
    for place in _PLACES:
        for found in sorted(Path(place).rglob("libfaketimeMT.so.1")):
            return str(found)
    raise NotRunError("libfaketime is not installed")
