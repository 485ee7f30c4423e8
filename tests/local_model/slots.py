"""What a server's places are at, by its own account."""

import http.client
import json
from urllib.parse import urlsplit

import anyio
import anyio.to_thread

from sleeplsp.llm.embedded import LocalServer

FREE_S_MAX = 60.0
_LOOK_S = 0.05


async def busy_slots(server: LocalServer) -> int:
    """Return how many places are in use."""
    return await anyio.to_thread.run_sync(_busy_slots, server)


async def until_free(server: LocalServer) -> None:
    """Wait until no place is in use: a server says so to nobody by itself."""
    with anyio.fail_after(FREE_S_MAX):
        while await busy_slots(server):  # noqa: ASYNC110 - it is another process
            await anyio.sleep(_LOOK_S)


def _busy_slots(server: LocalServer) -> int:
    parts = urlsplit(server.base_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=FREE_S_MAX)
    try:
        connection.request("GET", "/slots", headers={"Authorization": f"Bearer {server.key.reveal()}"})
        return sum(each["is_processing"] for each in json.load(connection.getresponse()))
    finally:
        connection.close()
