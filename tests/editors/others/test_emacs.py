"""Real Emacs with eglot, configured by the lines of the page: what it shows behind wide characters."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.editors.neovim import environment
from tests.editors.others import page
from tests.editors.plugin.playing import make_project

SCRIPT = Path(__file__).parent / "eglot.el"
HAS_EGLOT = "(progn (require 'package) (package-initialize) (require 'eglot))"


def _missing() -> str | None:
    if shutil.which("emacs") is None:
        return "there is no emacs on PATH (Debian: emacs-nox, elpa-eglot)"
    found = subprocess.run(["emacs", "--batch", "--eval", HAS_EGLOT], capture_output=True, check=False)
    return (
        None
        if found.returncode == 0
        else "this Emacs has no eglot (Debian: elpa-eglot; it comes with Emacs 29)"
    )


def test_what_eglot_shows(tmp_path: Path) -> None:
    if (why := _missing()) is not None:
        pytest.skip(f"NOT RUN: {why}")
    project, home = make_project(tmp_path / "project", "Shop"), tmp_path / "home"
    home.mkdir()
    lines = tmp_path / "configuration.el"
    lines.write_text(page.block("Emacs with eglot", "elisp"), encoding="utf-8")
    said = {
        **environment(home),
        "CONFIGURATION": str(lines),
        "OPENED": str(project / "shop" / "label.py"),
        "LC_ALL": "C.UTF-8",
    }
    command = ["emacs", "--batch", "--load", str(SCRIPT)]
    done = subprocess.run(command, env=said, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert [place for place, _ in seen["marks"]] == ["price(name)", '"größte 😀 Mühe" + text is "gratis"']
    assert "`price(name)` may be `None` here" in seen["hover"]
    assert "Show why: none-dereference" in seen["actions"]
