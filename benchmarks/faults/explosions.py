"""Modules that make thinking explode: a limit is hit and told, and the next module is served.

Each bomb lies beside a small module with a suspicion. The command must report that suspicion, and of the bomb
either what it found or why it was left out, in bounded time; the server must answer hovers in the small
module all along, with the bomb open and edited.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks import processes
from benchmarks.faults.bombs import text_of
from benchmarks.peers import environment_in, ours
from benchmarks.positions import positions

COMMAND_S_MAX = 120.0
"""Seconds for the command: a job that takes too long is tried again alone, and then there is the rest."""
JOB_S_MAX = 30
"""Seconds for one job."""
HOVER_S_MAX = 2.0

_NEXT = """\
def load(key, table):
    if key not in table:
        return None
    return table[key]


def shout(key, table):
    return load(key, table).upper()
"""


class Exploded(NamedTuple):
    """What became of one bomb."""

    name: str
    seconds: float
    """Of the command."""
    peak_mib: float
    outcome: str
    hovers: list[float]
    """Milliseconds of hovers in the next module, in the server."""
    lost: list[str]


def explode(name: str, folder: Path) -> Exploded:
    """Try one bomb in a workspace of its own."""
    root = folder / "workspace"
    root.mkdir(parents=True)
    bomb, after = root / "bomb.py", root / "zz_next.py"
    bomb.write_text(text_of(name), "utf-8")
    after.write_text(_NEXT, "utf-8")
    begun = time.perf_counter()
    peak, outcome, lost = _command(root, folder / "store")
    seconds = time.perf_counter() - begun
    if seconds > COMMAND_S_MAX:
        lost.append(f"the command took {seconds:.0f} s")
    hovers = _serve(root, bomb, after, folder / "served", lost)
    lost += [f"left behind: {processes.command_of(each)}" for each in _strays(folder)]
    return Exploded(name, seconds, peak, outcome, hovers, lost)


def _command(root: Path, store: Path) -> tuple[float, str, list[str]]:
    command = [sys.executable, "-P", "-m", "sleeplsp", "precompute", "--format", "json", "--root", str(root)]
    environment = {**environment_in(store), "SLEEPLSP_JOB_S_MAX": str(JOB_S_MAX)}
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process,
        processes.Sampler(process.pid) as sampler,
    ):
        out, raw = process.communicate()
    said = raw.decode("utf-8", "replace")
    lost = [f"a traceback: {said[-1500:]}"] if "Traceback" in said else []
    if process.returncode not in (0, 3):
        return sampler.peak.tree, "", [*lost, f"exit code {process.returncode}: {said[-300:]}"]
    report = json.loads(out)
    if not any(each["path"] == "zz_next.py" for each in report["suspicions"]):
        lost.append("the next module was not served")
    for kind in ("failed", "skipped"):
        for each in report[kind]:
            if each["path"] == "bomb.py":
                if process.returncode != (3 if kind == "failed" else 0):
                    lost.append(f"exit code {process.returncode} where it {kind}")
                return sampler.peak.tree, f"{kind}: {each['reason']}", lost
    module = next((each for each in report["modules"] if each["path"] == "bomb.py"), None)
    if module is None:
        return sampler.peak.tree, "", [*lost, "the bomb is not told of at all"]
    return sampler.peak.tree, "thought about", lost


def _serve(root: Path, bomb: Path, after: Path, store: Path, lost: list[str]) -> list[float]:
    """Open both modules, edit the bomb, and hover in the other one all along."""
    hovers: list[float] = []
    text = bomb.read_text("utf-8")
    asked = list(positions([after]))
    with ours(store, environment={"SLEEPLSP_JOB_S_MAX": str(JOB_S_MAX)}) as client:
        client.open(root, [after])
        client.take_up(bomb, text)
        for version in range(2, 6):
            hovers += [1000 * client.timed("textDocument/hover", each) for each in asked]
            client.listen(0.3)
            client.replace(bomb, "x = 0\n" * (version % 2) + text, version)
        if not client.listen_until(lambda: bool(client.diagnostics.get(after.as_uri())), COMMAND_S_MAX):
            lost.append("the server does not tell what it suspects of the next module")
        hovers += [1000 * client.timed("textDocument/hover", each) for each in asked]
        if (code := client.close(60.0)) != 0:
            lost.append(f"the server ended with {code}")
    if max(hovers) > 1000 * HOVER_S_MAX:
        lost.append(f"a hover in the next module waited {max(hovers):.0f} ms")
    return hovers


def _strays(folder: Path) -> list[int]:
    deadline = time.monotonic() + 20.0
    while (left := processes.naming(str(folder))) and time.monotonic() < deadline:
        time.sleep(0.1)
    processes.end(left)
    return left
