"""The scripted endpoint as a process of its own, and what is no script."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from sleeplsp.engine.errors import UsageError
from sleeplsp.llm.scripted.script import read_script


def test_it_serves_a_script_and_tells_what_it_has_counted(tmp_path: Path) -> None:
    script = tmp_path / "script.toml"
    script.write_text('[[step]]\ntext = "One two three."\nprompt_tokens = 40\n', "utf-8")
    arguments = [sys.executable, "-m", "sleeplsp.llm.scripted", str(script)]
    root = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        body = {"model": "scripted", "messages": [{"role": "user", "content": "Count."}]}
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}/chat/completions", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request) as response:
            reply = json.load(response)
        assert reply["choices"][0]["message"]["content"] == "One two three."
        process.send_signal(signal.SIGINT)
        told = json.loads(process.stdout.read())
    assert (told["requests"], told["answered"], told["aborted"]) == (1, 1, 0)
    assert told["reported"]["prompt"] == reply["usage"]["prompt_tokens"] == 40
    assert process.returncode == 0


@pytest.mark.parametrize("text", ["[[step]\n", "[[step]]\nends = 'somehow'\n", "[endpoint]\nmodel = 'one'\n"])
def test_what_is_no_script_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="no script of an endpoint"):
        read_script(text)
