"""A command that is told to end, as CI does it, leaves nothing booked and no process behind."""

import signal
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from sleeplsp.journal.ledger import DiskLedger
from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint
from sleeplsp.llm.scripted.script import read_script
from tests.cli.test_errors import posix

pytestmark = posix

HOLDING = """
[[step]]
times = 0
hold = true
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


PRECOMPUTE, ASK = ("precompute",), ("ask", "Could store.load ever be made faster, and how?")
IGNORING = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")


@pytest.mark.parametrize(
    ("wrapper", "arguments", "number", "code"),
    [
        ((), PRECOMPUTE, signal.SIGTERM, 143),
        ((), ASK, signal.SIGTERM, 143),
        (IGNORING, PRECOMPUTE, signal.SIGTERM, 143),
        ((), PRECOMPUTE, signal.SIGINT, 130),
    ],
    ids=["precompute", "ask", "SIGINT is ignored", "SIGINT"],
)
@pytest.mark.anyio
async def test_what_was_reserved_comes_back(
    workspace: Path,
    environment: Mapping[str, str],
    tmp_path: Path,
    wrapper: tuple[str, ...],
    arguments: tuple[str, ...],
    number: signal.Signals,
    code: int,
) -> None:
    places = {"SLEEPLSP_CACHE_DIR": str(tmp_path / "c"), "SLEEPLSP_STATE_DIR": str(tmp_path / "s")}
    async with ScriptedEndpoint(read_script(HOLDING)).listening() as endpoint:
        named = {"SLEEPLSP_ENDPOINT": endpoint.url, "SLEEPLSP_MODEL": "scripted"}
        started = subprocess.Popen(  # noqa: ASYNC220 - it is started, and waited for in a thread
            [*wrapper, sys.executable, "-m", "sleeplsp", *arguments],
            cwd=workspace,
            env={**environment, **places, **named},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        await endpoint.until(lambda counts: counts.held > 0)
        started.send_signal(number)
        said = (await anyio.to_thread.run_sync(partial(started.communicate, timeout=60)))[1]
    assert started.returncode == code
    assert "error" not in said
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout  # noqa: ASYNC221 - a moment
    assert str(tmp_path / "c") not in left, "of a worker, this is an argument"
    ledger = DiskLedger(tmp_path / "s")
    books = ledger.books()
    ledger.close()
    assert (books.reserved, books.under_way) == (0, 0)
    assert sum(each.calls for each in books.ever) > 0


def test_a_server_ends(workspace: Path, environment: Mapping[str, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sleeplsp", "serve"],
        cwd=workspace,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as started:
        assert started.stdin is not None
        assert started.stdout is not None
        body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
        started.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        started.stdin.flush()
        assert started.stdout.readline().startswith(b"Content-")
        started.send_signal(signal.SIGTERM)
        assert started.wait(timeout=60) == 143
