"""A terminal of tmux with one program in it: keys are typed, the screen is read."""

import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

WAIT_S = 60.0
"""Seconds until something that must be shown is taken not to come: for machines that are busy."""
LOOK_S = 0.05

COLUMNS, LINES = 112, 36


def missing_tmux() -> str | None:
    """Return why there is no terminal to test with; None if there is."""
    return None if shutil.which("tmux") else "there is no tmux on PATH"


class Terminal:
    """A program in a terminal, until it is closed."""

    def __init__(
        self, folder: Path, command: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> None:
        """Start the program. `folder` is for the socket."""
        self._socket = str(folder / "socket")
        self._environment = {**environment, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        config = folder / "tmux.conf"
        config.write_text(
            'set -g default-terminal "tmux-256color"\nset -g status off\nset -sg escape-time 0\n'
        )
        size = ("-x", str(COLUMNS), "-y", str(LINES))
        self._tmux("-f", str(config), "new-session", "-d", *size, "-c", str(cwd), *command)

    def type(self, *keys: str) -> None:
        """Type keys, by the names that tmux gives them; what has none is typed as it is."""
        self._tmux("send-keys", *keys)

    def enter(self, line: str) -> None:
        """Type a line as it is, and the key that ends it."""
        self._tmux("send-keys", "-l", line)
        self.type("Enter")

    def screen(self, *, with_colours: bool = False) -> str:
        """Return what the screen shows."""
        return self._tmux("capture-pane", "-p", *(("-e",) if with_colours else ()))

    def until(self, *parts: str, without: str | None = None) -> str:
        """Wait until the screen shows all parts, and return it."""

        def is_so(screen: str) -> bool:
            return all(each in screen for each in parts) and (without is None or without not in screen)

        return self._until(is_so, f"{parts}, without {without!r}")

    def is_over(self) -> bool:
        """Wait until the program has ended, and tell whether it has."""
        try:
            self._until(lambda _: False, "an end")
        except subprocess.CalledProcessError:
            return True
        return False

    def close(self) -> None:
        """End it, whatever it does."""
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True, check=False)

    def _until(self, is_so: Callable[[str], bool], what: str) -> str:
        ends_at = time.monotonic() + WAIT_S
        while not is_so(screen := self.screen()):
            assert time.monotonic() < ends_at, f"never: {what}\n{screen}"
            time.sleep(LOOK_S)
        return screen

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-u", "-S", self._socket, *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=True)
        return done.stdout
