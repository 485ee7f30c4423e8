"""`python -m sleeplsp.llm.scripted [SCRIPT] [--port N]`: the scripted endpoint as a process of its own.

Prints its base URL; at the end, by an interrupt, what it has counted.
"""

import asyncio
import json
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import click

from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint
from sleeplsp.llm.scripted.script import Script, read_script


@click.command()
@click.argument("script", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--port", type=int, default=0, help="0: any that is free.")
def main(script: Path | None, port: int) -> None:
    """Serve a script until interrupted."""
    endpoint = ScriptedEndpoint(read_script(script.read_text("utf-8")) if script is not None else Script())
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(endpoint, port))
    counts = endpoint.counts
    told = {"requests": len(counts.requests), "answered": counts.answered, "aborted": counts.aborted}
    sys.stdout.write(json.dumps({**told, "reported": asdict(counts.reported)}) + "\n")


async def _serve(endpoint: ScriptedEndpoint, port: int) -> None:
    ended = asyncio.Event()
    with suppress(NotImplementedError):  # not on every system; there an interrupt ends it all the same
        # By name: whoever starts it in the background may have had interrupts ignored.
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, ended.set)
    async with endpoint.listening(port):
        sys.stdout.write(f"{endpoint.url}\n")
        sys.stdout.flush()
        await ended.wait()


if __name__ == "__main__":
    main()
