"""The editor's process: the server ends with it, should something else hold its pipes open."""

import os
import sys

import anyio

EVERY_S = 5.0
"""Seconds between two looks whether the editor still runs, where the system does not tell."""


async def until_gone(process: int) -> None:
    """Wait until a process has ended.

    Never returns where that cannot be told: of a number that means nothing here, as that of an editor in
    another container; and on Windows, where there is no asking without a handle.
    """
    if sys.platform != "win32" and _runs(process):
        try:
            watched = os.pidfd_open(process)
        except (AttributeError, OSError):  # only Linux can
            while _runs(process):  # noqa: ASYNC110  nobody tells when a stranger ends
                await anyio.sleep(EVERY_S)
            return
        try:
            await anyio.wait_readable(watched)
        finally:
            os.close(watched)
        return
    await anyio.sleep_forever()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # not ours to ask
    return process > 0
