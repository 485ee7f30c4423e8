"""The program that runs in the workspace's interpreter: what it is made of, what it refuses, when it ends."""

import ast
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sleeplsp.verify.child import refusing
from sleeplsp.verify.child.spelling import TEXT_LENGTH_MAX, shown, spelled
from sleeplsp.verify.interpreters import PYTHON_MIN
from sleeplsp.verify.sandbox import started
from tests.verify.test_verify import needs_bubblewrap

CHILD = Path(refusing.__file__).parent
SOURCES = sorted(CHILD.glob("*.py"))

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="what is tested is Linux's")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_it_is_written_for_the_oldest_python_and_imports_hypothesis_alone(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"), feature_version=PYTHON_MIN)
    for node in ast.walk(tree):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        tops = {each.partition(".")[0] for each in names}
        assert tops <= {*sys.stdlib_module_names, "hypothesis"}


@pytest.mark.parametrize("may_wrap", [False, pytest.param(True, marks=needs_bubblewrap)])
@needs_linux
def test_it_ends_when_nobody_holds_its_input_any_more(tmp_path: Path, *, may_wrap: bool) -> None:
    """As it is when whoever started it was killed."""
    (tmp_path / "m.py").write_text(
        "import itertools\n\ndef ends(x: int) -> int:\n    return sum(itertools.repeat(1))\n"
    )
    orders = {
        "root": str(tmp_path), "path": str(tmp_path / "m.py"), "trials": [["ends", "True", []]],
        "calls_max": 10, "shrinking_calls_max": 10,
        "call_seconds": 1000, "check_seconds": 1000, "cpu_seconds": 100, "bytes_max": 2**30,
    }  # fmt: skip
    seen = (tmp_path, CHILD, Path(sys.prefix), Path(sys.base_prefix))
    with started([sys.executable, "-B", str(CHILD)], seen, is_wrapped=may_wrap) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(orders).encode() + b"\n")
        assert json.loads(process.stdout.readline()) == {"begun": 0}
        process.stdin.close()
        assert process.wait(30) in {-signal.SIGKILL, 128 + signal.SIGKILL}


@needs_linux
@pytest.mark.parametrize(
    ("does", "may"),
    [
        ("open('kept').read()", True),
        ("open('/dev/null', 'w').write('a')", True),
        ("open('kept', 'w')", False),
        ("open('new', 'w')", False),
        ("os.unlink('kept')", False),
        ("os.mkdir('new')", False),
        ("os.truncate('kept', 0)", False),
        ("os.execv('/bin/true', ['true'])", False),
        ("socket.socket().connect(('127.0.0.1', 9))", False),
        ("socket.socket().bind(('127.0.0.1', 0))", False),
        ("os.kill(os.getppid(), 0)", False),
    ],
)
def test_the_system_itself_refuses_too(does: str, may: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a value
    (tmp_path / "kept").write_text("kept")
    program = (
        "import os, socket, sys\n"
        f"sys.path.insert(0, {str(CHILD)!r})\n"
        "from walls import wall_in\n"
        "if not wall_in(): sys.exit(3)\n"
        f"try:\n    {does}\n"
        "except PermissionError: sys.exit(4)\n"
    )
    done = subprocess.run([sys.executable, "-B", "-c", program], cwd=tmp_path, check=False, timeout=60)
    if done.returncode == 3:
        pytest.skip("the system has no Landlock, or an old one")
    assert done.returncode == (0 if may else 4)
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept").read_text() == "kept"


@pytest.mark.parametrize(
    ("event", "told", "what"),
    [
        ("open", ("a", "r", 0), ""),
        ("open", ("a", "w", 0), "writing a file"),
        ("open", ("a", None, 0o101), "writing a file"),
        ("open", (3, "w", 0o101), ""),
        ("import", ("a", None, None), ""),
        ("os.listdir", ("a",), ""),
        ("os.putenv", ("a", "b"), ""),
        ("os.something_of_tomorrow", (), "changing files"),
        ("socket.something_of_tomorrow", (), "using the network"),
        ("os.posix_spawn", (), "starting a process"),
        ("sqlite3.connect", ("a.db",), "opening a database"),
        ("sqlite3.connect", (":memory:",), ""),
        ("sqlite3.load_extension", (), "opening a database"),
        ("ctypes.dlopen", ("libc",), "calling foreign code"),
        ("signal.pthread_kill", (), "reaching another process"),
        ("shutil.move", ("a", "b"), "changing files"),
        ("webbrowser.open", ("a",), "starting a process"),
        ("smtplib.connect", (), "using the network"),
    ],
)
def test_what_python_tells_of_is_refused_by_kind(event: str, told: tuple[object, ...], what: str) -> None:
    assert refusing.refusal(event, told) == what


def test_values_are_spelled_by_what_can_be_seen() -> None:
    class Plain:
        def __init__(self, x: object) -> None:
            self.x = x

    class Failing:
        def __getattribute__(self, name: str) -> object:
            raise ValueError(name)

        __repr__ = Failing_repr = None  # type: ignore[assignment] # what a value may do

    assert (
        spelled([Plain(1), (Plain(2),), {3: Plain(3)}]) == "[<Plain x=1>, (<Plain x=2>,), {3: <Plain x=3>}]"
    )
    assert spelled(frozenset({2, 1})) == "frozenset({1, 2})"
    assert spelled(set()) == "set()"
    assert spelled(Failing()) == "<Failing>"
    itself: list[object] = []
    itself.append(itself)
    assert spelled(itself).startswith("[[[")
    assert "0x" not in spelled(lambda: None)
    assert shown("\x1b\n\u2028") == repr("\x1b\n\u2028")
    assert len(shown("a" * 500)) == TEXT_LENGTH_MAX
