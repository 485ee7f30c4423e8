"""Clocks that jump: runs under a clock that is ahead or behind, and a server whose clock is set meanwhile.

The clock of a process is moved by a `sitecustomize` module on its path, which adds to `time.time` what a
file says at that moment; the times of files that are edited are moved alike. Durations go on, as they do when
a real clock is set. (libfaketime does not serve: it breaks `time.sleep` where durations are left alone.)
"""

import os
import time
from pathlib import Path

from benchmarks.faults.killing import TOLD_S_MAX, is_suspected
from benchmarks.faults.place import CALLER, Place
from benchmarks.peers import environment_in, ours
from benchmarks.wire import Client

DAY_S = 86_400
SHIFTS = (365 * DAY_S, -365 * DAY_S, 0, -40 * 365 * DAY_S, 3, 0)
"""Seconds, from one run to the next."""
JUMPS = (3_600, -3_600, DAY_S, -365 * DAY_S, 0)
"""Seconds, while a server runs."""

_MOVED = """\
import time
from pathlib import Path

_clock, _real, _real_ns = Path({clock!r}), time.time, time.time_ns
time.time = lambda: _real() + float(_clock.read_text())
time.time_ns = lambda: _real_ns() + int(1e9 * float(_clock.read_text()))
"""


def jumps(place: Place) -> list[str]:
    """Run under one clock after the other on one store, with edits in between; then move a server's."""
    clock, environment = _clock(place)
    store, found = place.store(), []
    for nth, shift in enumerate(SHIFTS):
        _edit(place, clock, ("first", "second")[nth % 2], shift)
        ran = place.run(store, environment)
        found += [f"clock moved by {shift} s: {each}" for each in place.differences(ran)]
        found += [f"after a clock moved by {shift} s: {each}" for each in place.lost(store)]
    return [*found, *_server(place, clock, environment)]


def _server(place: Place, clock: Path, environment: dict[str, str]) -> list[str]:
    store, found = place.store(), list[str]()
    with ours(store, environment=environment) as client:
        client.open(place.root, [place.root / CALLER])
        for nth, jump in enumerate(JUMPS):
            clock.write_text(str(jump), "utf-8")
            found += [f"clock set by {jump} s: {each}" for each in _edited(client, place, 2 + 2 * nth)]
        if (code := client.close()) != 0:
            found.append(f"the server ended with {code}")
    return [*found, *place.lost(store)]


def _edited(client: Client, place: Place, version: int) -> list[str]:
    """Edit the suspicion away and back; return what the server does not notice."""
    file, found = place.root / CALLER, []
    text = file.read_text("utf-8")
    for is_there, changed in ((False, text.replace(".upper()", "")), (True, text)):
        client.replace(file, changed, version + is_there)
        if not client.listen_until(lambda told=is_there: is_suspected(client, place) is told, TOLD_S_MAX):  # type: ignore[misc]
            found.append(f"a suspicion that must be {'there' if is_there else 'gone'} is not")
    return found


def _edit(place: Place, clock: Path, word: str, shift: int) -> None:
    clock.write_text(str(shift), "utf-8")
    place.edit(word)
    now = time.time() + shift
    os.utime(place.root / CALLER, (now, now))


def _clock(place: Place) -> tuple[Path, dict[str, str]]:
    """Return the file that moves the clock, and the environment in which it does."""
    clock, shim = place.folder / "clock", place.folder / "shim"
    clock.write_text("0", "utf-8")
    shim.mkdir()
    (shim / "sitecustomize.py").write_text(_MOVED.format(clock=str(clock)), "utf-8")
    ours_ = environment_in(place.folder)["PYTHONPATH"]
    return clock, {"PYTHONPATH": f"{shim}{os.pathsep}{ours_}"}
