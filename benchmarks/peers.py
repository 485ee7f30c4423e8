"""The servers that are measured: ours, one that answers constants, and peers of PyPI in pinned versions.

Peers are installed on the first run, each into an environment of its own below `.cache/benchmarks`. It must
not know what is measured.
"""

import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import sleeplsp
from benchmarks.wire import Client

OURS = "sleeplsp"
CONSTANT = "constant"


class Peer(NamedTuple):
    """A server of PyPI."""

    requirement: str
    command: tuple[str, ...]
    """The program, by its name in the environment's `bin`, and its arguments."""


PEERS: Mapping[str, Peer] = {
    "pylsp": Peer("python-lsp-server==1.15.0", ("pylsp",)),
    "jedi": Peer("jedi-language-server==0.47.0", ("jedi-language-server",)),
    "basedpyright": Peer("basedpyright==1.40.2", ("basedpyright-langserver", "--stdio")),
    "ty": Peer("ty==0.0.107", ("ty", "server")),
    "pyrefly": Peer("pyrefly==1.4.1", ("pyrefly", "lsp")),
}

Start = Callable[[], Client]
"""Starts a server that has not been initialized."""


class NoPeerError(Exception):
    """A peer cannot be had; the text says why."""


def installed(name: str, work: Path) -> list[str]:
    """Return the command of a peer, which is installed if it is not there. Raises NoPeerError."""
    peer, environment = PEERS[name], (work / f"venv-{name}").resolve()
    done = environment / "installed.txt"
    if not done.is_file() or done.read_text("utf-8") != peer.requirement:
        print(f"installing {peer.requirement}", file=sys.stderr)
        _run(sys.executable, "-m", "venv", "--clear", str(environment))
        _run(str(environment / "bin" / "python"), "-m", "pip", "install", "-q", peer.requirement)
        done.write_text(peer.requirement, "utf-8")
    return [str(environment / "bin" / peer.command[0]), *peer.command[1:]]


def starts(names: Iterable[str], work: Path) -> dict[str, Start]:
    """Return how to start each peer; one that cannot be had is told of and left out."""
    found: dict[str, Start] = {}
    for name in names:
        try:
            command = installed(name, work)
        except NoPeerError as error:
            print(f"NOT RUN: {name}: {error}")
            continue
        found[name] = lambda command=command: Client(command)  # type: ignore[misc]  # mypy: lambda defaults
    return found


def ours(
    cache: Path,
    errors: Path | None = None,
    settings: object = None,
    *,
    debug: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Client:
    """Start our server with a store of its own in `cache`; with `debug` it logs pauses of its loop."""
    wanted = {**environment_in(cache), **(environment or {})}
    if debug:
        wanted["SLEEPLSP_DEBUG"] = "1"
    return Client([sys.executable, "-P", "-m", "sleeplsp", "serve"], wanted, errors, settings)


def environment_in(folder: Path) -> dict[str, str]:
    """Return an environment with these very programs, in which all that they keep lies below a folder."""
    return {
        "PYTHONPATH": str(Path(sleeplsp.__file__).parent.parent),
        "SLEEPLSP_CACHE_DIR": str(folder),
        "SLEEPLSP_LOAD_MAX": "0",  # what is measured must not step back behind what else runs
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }


def constant(answers: Path) -> Client:
    """Start the server that answers what a file says."""
    return Client([sys.executable, "-m", "benchmarks.constant", str(answers)])


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise NoPeerError(said[-1] if said else "pip said nothing") from error
