"""What the scripts for people say to a call that makes no sense."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent.parent / "scripts"


@pytest.mark.skipif(os.name == "nt", reason="needs a shell of POSIX")
def test_the_demo_takes_one_folder() -> None:
    done = subprocess.run([SCRIPTS / "demo", "a", "b"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "demo: one REPO at most, not 2: a b\n"
