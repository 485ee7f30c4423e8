"""The server's process: how it begins, whom it serves, and that it ends, whatever ends whoever started it."""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest

from sleeplsp.engine.model import DeniedError, UnreachableError
from sleeplsp.engine.settings.model import ModelSettings
from sleeplsp.llm.embedded import REVIVALS_MAX, LocalServer
from sleeplsp.llm.local import local_server, plan_of
from sleeplsp.llm.plan import Plan, check
from sleeplsp.llm.serving import NICE
from tests.local_model.slots import busy_slots

END_S_MAX = 60
PARENT = """
import asyncio, sys
from sleeplsp.llm.embedded import LocalServer
from sleeplsp.llm.plan import Plan
server = LocalServer(Plan(path=sys.argv[1], name="tiny", context_tokens=512))
asyncio.run(server.start())
print(server.pid, flush=True)
sys.stdin.readline()
"""
STUCK = """
import re, sys
from unittest.mock import MagicMock as CommonParams
class Server:
    def __init__(self, parameters):
        print("reading", file=sys.stderr, flush=True)
        re.match(r"(a|aa)+$", "a" * 99 + "b")
"""
"""Stands for the library with a large model: it holds Python's lock for longer than anybody waits."""

needs_processes = pytest.mark.skipif(
    not (hasattr(os, "pidfd_open") and Path("/proc/self").exists()), reason="NOT RUN: needs Linux"
)


def plan(path: Path | str, **said: int) -> Plan:
    return Plan(path=str(path), name="tiny", context_tokens=said.get("context_tokens", 512), threads=1)


def ends(pid: int) -> bool:
    """Wait until a process has ended; tell whether it has."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(handle):
        return bool(select.select([handle], [], [], END_S_MAX)[0])


def told_of(server: LocalServer, name: str) -> bytes:
    """Return what the system tells of a server's process."""
    return Path(f"/proc/{server.pid}/{name}").read_bytes()


@needs_processes
def test_it_runs_while_it_is_wanted(tiny_model: Path) -> None:
    async def run() -> int:
        async with local_server(plan(tiny_model)) as server:
            assert server.is_running
            assert await busy_slots(server) == 0
            pid = server.pid
            assert pid is not None
            assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICE)
            await server.start()
            assert server.pid == pid, "once is enough"
        assert server.base_url == ""
        return pid

    assert ends(asyncio.run(run()))


@needs_processes
def test_its_key_is_seen_by_nobody_else(tiny_model: Path) -> None:
    async def run() -> None:
        async with local_server(plan(tiny_model)) as server:
            key = server.key.reveal().encode()
            for name in ("cmdline", "environ"):
                assert key not in told_of(server, name)
            assert server.key.reveal() not in repr(vars(server))

    asyncio.run(run())


@needs_processes
def test_it_listens_on_this_machine_alone(tiny_model: Path) -> None:
    async def run() -> None:
        async with local_server(plan(tiny_model)) as server:
            port = int(server.base_url.rpartition(":")[2].partition("/")[0])
            rows = [
                row.split() for name in ("net/tcp", "net/tcp6") for row in told_of(server, name).splitlines()
            ]
            listening = [row[1].decode() for row in rows if row[3] == b"0A"]
            assert [each for each in listening if each.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]

    asyncio.run(run())


@needs_processes
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_who_started_it(tiny_model: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-c", PARENT, str(tiny_model)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        os.kill(parent.pid, how)
    assert ends(pid)


@needs_processes
def test_it_ends_also_while_it_reads_a_model(tmp_path: Path) -> None:
    (tmp_path / "xllamacpp.py").write_text(STUCK)
    orders = {"path": "", "name": "", "key": "", "port": 0, "slots": 1, "context_tokens": 1, "threads": 1}
    command = [sys.executable, "-P", "-m", "sleeplsp.llm.serving"]
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as child:
        assert child.stdin is not None
        assert child.stderr is not None
        child.stdin.write(json.dumps(orders).encode() + b"\n")
        child.stdin.flush()
        assert child.stderr.readline() == b"reading\n"
        child.stdin.close()
        has_ended = ends(child.pid)
        child.kill()
    assert has_ended


def test_one_that_nobody_needed_just_ends() -> None:
    command = [sys.executable, "-P", "-m", "sleeplsp.llm.serving"]
    done = subprocess.run(command, input=b"", capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@needs_processes
def test_one_that_died_is_begun_anew_where_it_was_but_not_forever(tiny_model: Path) -> None:
    async def run() -> None:
        async with local_server(plan(tiny_model)) as server:
            where, known = server.base_url, {server.pid}
            for _ in range(REVIVALS_MAX):
                pid = server.pid
                assert pid is not None
                os.kill(pid, signal.SIGKILL)
                await until_answered(server, but_not_by=pid)
                assert server.base_url == where
                known.add(server.pid)
            assert len(known) == REVIVALS_MAX + 1
            last = server.pid
            assert last is not None
            os.kill(last, signal.SIGKILL)
            assert ends(last)
            with pytest.raises(OSError, match="refused"):
                await busy_slots(server)
            await server.start()
            assert (server.base_url, await busy_slots(server)) == (where, 0)

    asyncio.run(run())


async def until_answered(server: LocalServer, but_not_by: int) -> None:
    """Wait until another process serves."""
    with anyio.fail_after(END_S_MAX):
        while server.pid == but_not_by or not server.is_running:  # noqa: ASYNC110 - it is another process
            await anyio.sleep(0.01)
        await server.start()
    assert await busy_slots(server) == 0


def test_all_of_a_process_share_one(tiny_model: Path) -> None:
    async def hold() -> int | None:
        async with local_server(plan(tiny_model)) as server:
            everybody.wait(END_S_MAX)
            assert await busy_slots(server) == 0
            return server.pid

    everybody = threading.Barrier(3)
    with ThreadPoolExecutor() as threads:
        pids = [each.result() for each in [threads.submit(asyncio.run, hold()) for _ in range(3)]]
    assert len({*pids}) == 1


def test_the_last_of_them_ends_it(tiny_model: Path) -> None:
    async def run() -> None:
        async with local_server(plan(tiny_model)) as server:
            async with local_server(plan(tiny_model)) as same:
                assert same is server
            assert server.is_running
        assert server.pid is None
        async with local_server(plan(tiny_model)) as another:
            assert another is not server
            assert another.key.reveal() != server.key.reveal()

    asyncio.run(run())


def test_different_ones_do_not_get_into_each_others_way(tiny_model: Path) -> None:
    async def run() -> None:
        other_plan = plan(tiny_model, context_tokens=1024)
        async with local_server(plan(tiny_model)) as one, local_server(other_plan) as other:
            assert one.base_url != other.base_url
            assert await busy_slots(one) == await busy_slots(other) == 0

    asyncio.run(run())


@needs_processes
def test_who_gives_up_waiting_leaves_nothing_behind(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "xllamacpp.py").write_text(STUCK)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    server = LocalServer(plan(tiny_model))

    async def run() -> int:
        async with anyio.create_task_group() as group:
            group.start_soon(server.start)
            while server.pid is None:  # noqa: ASYNC110 - a thread starts it
                await anyio.sleep(0.01)
            group.cancel_scope.cancel()
            pid = server.pid
        server.stop()
        return pid

    assert ends(asyncio.run(run()))
    assert server.pid is None


def test_it_may_take_so_long_to_begin_and_no_longer(tiny_model: Path) -> None:
    server = LocalServer(plan(tiny_model), start_s_max=0.001)
    with pytest.raises(UnreachableError) as raised:
        asyncio.run(server.start())
    assert str(raised.value) == f"{tiny_model} was not loaded within 0.001 s"
    assert server.pid is None


def cut(model: Path) -> None:
    model.write_bytes(model.read_bytes()[:-1000])


def garbage(model: Path) -> None:
    model.write_bytes(b"GGUF" + b"\xa5" * 10_000)


def text(model: Path) -> None:
    model.write_text("a model")


def empty(model: Path) -> None:
    model.write_bytes(b"")


def folder(model: Path) -> None:
    model.unlink()
    model.mkdir()


FAULTS = {
    cut: "cannot be loaded: tensor 'blk.0.ffn_down.weight' data is not within the file bounds, ",
    garbage: "cannot be loaded: ",
    text: "is no GGUF file",
    empty: "is no GGUF file",
    folder: "cannot be read: Is a directory",
    Path.unlink: "cannot be read: No such file or directory",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_what_is_wrong_with_a_file_is_said_in_one_line(
    tmp_path: Path, tiny_model: Path, fault: Callable[[Path], object]
) -> None:
    model = tmp_path / "model.gguf"
    model.write_bytes(tiny_model.read_bytes())
    fault(model)
    server = LocalServer(plan(model))
    with pytest.raises(DeniedError) as raised:
        asyncio.run(server.start())
    assert f"{model} {FAULTS[fault]}" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert server.pid is None


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(DeniedError) as raised:
        check(plan(tmp_path / "model.gguf"))
    assert str(raised.value) == "a local model needs llama.cpp: `pip install sleeplsp[local]`"


def test_what_lies_in_the_current_folder_is_not_run(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("xllamacpp.py", "json.py", "sleeplsp.py"):
        (tmp_path / name).write_text("open('ran', 'w')\nraise SystemExit('ran')\n")
    monkeypatch.chdir(tmp_path)

    async def run() -> None:
        async with local_server(plan(tiny_model)) as server:
            assert await busy_slots(server) == 0

    asyncio.run(run())
    assert not (tmp_path / "ran").exists()


def test_the_settings_say_what_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = ModelSettings(
        local_model="~/models/some-model.gguf", calls_max=1, prompt_tokens_max=3000, reply_tokens_max=500
    )
    found = plan_of(settings)
    assert (found.path, found.name) == (str(tmp_path / "models/some-model.gguf"), "some-model")
    assert (found.slots, found.context_tokens) == (1, 3500)
    assert 1 <= found.threads <= 8
    assert plan_of(ModelSettings(local_model="m.gguf", model="mine")).name == "mine"
    with pytest.raises(DeniedError, match="no local model is set"):
        plan_of(ModelSettings())


def test_it_stands_in_the_place_of_the_endpoint(tiny_model: Path) -> None:
    async def run() -> None:
        async with local_server(plan(tiny_model, context_tokens=4096)) as server:
            found = server.settings(ModelSettings(endpoint="http://example.org", model="a", answer_model="b"))
            assert (found.endpoint, found.model, found.answer_model) == (server.base_url, "tiny", None)
            assert found.calls_max == 2
            assert found.prompt_tokens_max + found.reply_tokens_max == 4096

    asyncio.run(run())
