"""The command that explains a pasted traceback: of what is known in the folders that are open.

It is asked of the process that knows them, files that are not open among them. It must not know how a cause
is found.
"""

from typing import TYPE_CHECKING, Any

import anyio
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from sleeplsp.engine.explaining import Explanation
from sleeplsp.engine.reasoner import ReasonerError
from sleeplsp.lsp.arguments import root_at
from sleeplsp.lsp.convert import Encoding, spot_range
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

WHY = "sleeplsp.why"

ANSWER_S_MAX = 10.0
"""Seconds a folder's process may take: it may be in the midst of something."""

EARLY = "*Not all of the folder is known yet.*"

Json = dict[str, Any]


def register(server: "Server") -> None:
    """Answer the command: a text, and if wanted the URI of a folder or a file in it."""

    @server.command(WHY)
    async def why(text: Any, *uris: object) -> Json:  # noqa: ANN401  of a str, pygls makes one
        if not isinstance(text, str):
            raise JsonRpcInvalidParams("sleeplsp.why wants a text with a traceback in it")
        roots = [root_at(server, each) for each in uris] or server.roots.all
        root, found = await _best(list(roots), text)
        return _told(server.encoding, root, found)


async def _best(roots: list[Root], text: str) -> tuple[Root, Explanation]:
    """Return the explanation of the first folder whose code is in the traceback, else any."""
    found: list[tuple[Root, Explanation]] = []
    failures: list[str] = []
    for root in roots:
        if root.explain is None:
            continue
        try:
            with anyio.fail_after(ANSWER_S_MAX):
                explanation = await root.explain(text)
        except ReasonerError as error:
            failures.append(f"{root.name}: {error}")
        except TimeoutError:
            failures.append(f"{root.name}: no answer within {ANSWER_S_MAX:g} s")
        else:
            if explanation is None:
                raise JsonRpcInvalidParams("there is no Python traceback in the text")
            found.append((root, explanation))
            if explanation.certainty != "elsewhere":
                break
    if not found:
        said = "; ".join(failures) or "no folder is open"
        raise JsonRpcException(said, types.LSPErrorCodes.RequestFailed)
    return found[-1]


def _told(encoding: Encoding, root: Root, found: Explanation) -> Json:
    parts = [found.markdown, EARLY] if found.early else [found.markdown]
    return {
        "markdown": "\n\n".join(parts),
        "certainty": found.certainty,
        "locations": [
            {
                "uri": root.uri(each.spot.path),
                "range": spot_range(each.spot, encoding),
                "message": each.sentence,
            }
            for each in found.steps
        ],
    }
