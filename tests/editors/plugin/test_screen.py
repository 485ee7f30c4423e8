"""The plugin on the screen: Neovim in a terminal, keys typed, what is shown read.

TEST_NVIM_PICTURE names a file for a picture of it.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.neovim import environment, executable, missing
from tests.editors.plugin.picture import picture
from tests.editors.plugin.playing import HERE, NOT_ASKED, SWITCH, make_project
from tests.editors.plugin.terminal import COLUMNS, Terminal, missing_tmux

pytestmark = [
    pytest.mark.skipif(SWITCH not in os.environ, reason=NOT_ASKED),
    pytest.mark.timeout(300),
]

TRACEBACK = """\
Traceback (most recent call last):
  File "shop/label.py", line 5, in label
    return "für 😀 nur " + price(name).upper()
AttributeError: 'NoneType' object has no attribute 'upper'
"""
PICTURE = os.environ.get("TEST_NVIM_PICTURE")


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    if (why := missing() or missing_tmux()) is not None:
        pytest.skip(f"NOT RUN: {why}")
    folder = tmp_path_factory.mktemp("screen")
    home = folder / "home"
    shutil.copytree(HERE / "screen", home / "config" / "nvim")
    project = make_project(folder / "project", "Shop")
    (folder / "traceback.txt").write_text(TRACEBACK, encoding="utf-8")
    command = [executable(), "-i", "NONE", "-n", "shop/label.py"]
    said = {**environment(home), "TRACEBACK": str(folder / "traceback.txt")}
    found = Terminal(folder, command, project, said)
    yield found
    found.close()


def test_marks_stand_in_their_lines_and_the_status_below(terminal: Terminal) -> None:
    screen = terminal.until("sleeplsp: asleep", "■ `price(name)` may be `None` here", "■ `is` asks for")
    (line,) = [each for each in screen.splitlines() if "■ `price(name)`" in each]
    assert 'return "für 😀 nur " + price(name).upper()' in line


def test_a_hover_comes_at_a_key(terminal: Terminal) -> None:
    terminal.enter("/price(name).upper")
    terminal.type("K")
    terminal.until("price(name) may be None here", "deduced", "fresh")
    terminal.type("j")
    terminal.until("sleeplsp: asleep", without="deduced · ")


def test_what_is_suspected_is_listed_below(terminal: Terminal) -> None:
    terminal.enter(":Sleeplsp bugs")
    screen = terminal.until("shop/unopened.py|5 col", "shop/label.py|5 col", "shop/label.py|9 col")
    assert "[none-dereference in shout, deduced]" in screen
    terminal.type("C-w", "k")


def test_a_question_is_answered_in_a_float(terminal: Terminal) -> None:
    terminal.enter("/price(name).upper")
    terminal.enter(":Sleeplsp ask can it return None?")
    screen = terminal.until("Can price return None?", "q closes", "╭", "╯", "sleeplsp: asleep")
    assert r"\`" not in screen, "marks of Markdown and what escapes them are hidden"
    if PICTURE:
        shown = picture(terminal.screen(with_colours=True), COLUMNS, "sleeplsp in Neovim")
        Path(PICTURE).write_text(shown, encoding="utf-8")
    terminal.type("q")
    terminal.until("shop/unopened.py|5 col", without="╭")


def test_a_traceback_leads_to_its_cause(terminal: Terminal) -> None:
    terminal.enter(":cclose | edit $TRACEBACK")
    terminal.until("Traceback (most recent call last):")
    terminal.type("V", "G")
    terminal.enter(":Sleeplsp why")
    terminal.until("Cause: shop/label.py:5: price() may return None", "the places stay in the quickfix list")
    terminal.type("q")
    terminal.enter(":cc 2")
    terminal.until("shop/prices.py", "def price(name: str) -> str | None:", "the crash")


def test_what_makes_no_sense_is_one_red_line(terminal: Terminal) -> None:
    terminal.enter(":Sleeplsp sing")
    screen = terminal.until("sleeplsp: `sing` is not known; `:Sleeplsp <Tab>` lists what is")
    assert "Press ENTER" not in screen
    assert "stack traceback" not in screen


def test_nothing_is_left_once_it_ends(terminal: Terminal) -> None:
    terminal.enter(":qall!")
    assert terminal.is_over()
