"""`python -m tests.editors.plugin.counting SCRIPT COUNTS`: the scripted endpoint, its counts at hand.

Prints its base URL, and keeps the file COUNTS as they are until it is terminated.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint
from sleeplsp.llm.scripted.script import Script, read_script


class CountingEndpoint(ScriptedEndpoint):
    """An endpoint that writes down what it has counted."""

    def __init__(self, script: Script, kept: Path) -> None:
        super().__init__(script)
        self._kept = kept

    def change(self) -> None:
        super().change()
        counts = self.counts
        told = {"under_way": counts.under_way, "answered": counts.answered, "aborted": counts.aborted}
        part = self._kept.with_suffix(".part")
        part.write_text(json.dumps(told), encoding="utf-8")
        part.replace(self._kept)


async def _serve(script: Script, kept: Path) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    endpoint = CountingEndpoint(script, kept)
    async with endpoint.listening():
        sys.stdout.write(f"{endpoint.url}\n")
        sys.stdout.flush()
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(_serve(read_script(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2])))
