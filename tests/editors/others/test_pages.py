"""What the page of other editors tells to write can be read by what reads it there, and starts our server."""

import json
import re
import tomllib
from typing import Any

import pytest

from tests.editors.others import page

SERVER = ["sleeplsp", "serve"]

Json = dict[str, Any]

_LISP = re.compile(
    r'\s+|;[^\n]*|(?P<open>\()|(?P<close>\))|(?P<quote>\')|(?P<text>"(?:\\.|[^"\\])*")|(?P<word>[^\s()"\';]+)'
)


def read_lisp(text: str) -> list[Any]:
    """Return the expressions of a text: lists, strings and words; a quote is a word. Raises ValueError."""
    stack: list[list[Any]] = [[]]
    at = 0
    while at < len(text):
        found = _LISP.match(text, at)
        if found is None:
            raise ValueError(f"no Lisp at {text[at : at + 20]!r}")
        at = found.end()
        if found["open"]:
            stack.append([])
        elif found["close"]:
            if len(stack) == 1:
                raise ValueError("a list is closed that is not open")
            done = stack.pop()
            stack[-1].append(done)
        elif found["text"]:
            stack[-1].append(json.loads(found["text"]))
        elif found["quote"] or found["word"]:
            stack[-1].append(found[0])
    if len(stack) > 1:
        raise ValueError("a list is left open")
    return stack[0]


def test_helix() -> None:
    told = tomllib.loads(page.block("Helix", "toml"))
    ours = told["language-server"]["sleeplsp"]
    assert [ours["command"], *ours["args"]] == SERVER
    (python,) = told["language"]
    assert (python["name"], python["language-servers"][-1]) == ("python", "sleeplsp")


def test_emacs() -> None:
    told = str(read_lisp(page.block("Emacs with eglot", "elisp")))
    assert str(["python-mode", "python-ts-mode"]) in told
    assert str(SERVER)[1:-1] in told
    (settings,) = re.findall(r"`(\(setq-default .*\))`", page.sections()["Emacs with eglot"])
    assert read_lisp(settings)[0][:2] == ["setq-default", "eglot-workspace-configuration"]


@pytest.mark.parametrize("broken", ["(a", "a)", '"a'])
def test_lisp_that_is_none_is_noticed(broken: str) -> None:
    with pytest.raises(ValueError, match=r"open|no Lisp"):
        read_lisp(broken)


def test_sublime_text() -> None:
    ours: Json = json.loads(page.block("Sublime Text", "json"))["clients"]["sleeplsp"]
    assert (ours["command"], ours["enabled"], ours["selector"]) == (SERVER, True, "source.python")


def test_kate() -> None:
    ours: Json = json.loads(page.block("Kate", "json"))["servers"]["python"]
    assert ours["command"] == SERVER
    assert re.match(ours["highlightingModeRegex"], "Python")


def test_zed() -> None:
    told: Json = json.loads(page.block("Zed", "json"))
    (name,) = told["lsp"]
    binary = told["lsp"][name]["binary"]
    assert [binary["path"].rpartition("/")[2], *binary["arguments"]] == SERVER
    assert told["languages"]["Python"]["language_servers"][-1] == "..."
    assert name in told["languages"]["Python"]["language_servers"]


def test_nothing_on_the_page_is_left_out() -> None:
    assert [(heading, language) for heading, language, _ in page.blocks()] == [
        ("Helix", "toml"),
        ("Emacs with eglot", "elisp"),
        ("Sublime Text", "json"),
        ("Kate", "json"),
        ("Zed", "json"),
    ]
