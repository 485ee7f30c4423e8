"""The Learner: brings what is read and what is claimed of open modules into the Workspace, module by module.

What is worked out of a text that is edited meanwhile is thrown away. It must not know who claims what.
"""

import logging
from collections.abc import Callable

import anyio.to_thread

from sleeplsp.core.located import ModuleClaims
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.engine.status import Listener
from sleeplsp.engine.workspace import Workspace, is_large, learned, settled

log = logging.getLogger(__name__)


class Learner:
    """Works out open modules anew, and tells a listener of each."""

    def __init__(self, workspace: Workspace, listener: Listener) -> None:
        self._workspace = workspace
        self._listener = listener

    async def settle(self) -> None:
        """Read afresh what was edited."""
        for path in self._workspace.unsettled:
            try:
                # Edited meanwhile, it is left for the next time: the edit has woken the Sleeper.
                if await self._update(path, settled):
                    self._listener.learned(path)
            except Exception:
                log.exception("%s cannot be read afresh", path)

    async def learn(self, claims: ModuleClaims) -> None:
        """Place claims in the text of their module, if it is still open."""
        while claims.path in self._workspace.snapshot.modules:
            if await self._update(claims.path, lambda module: learned(module, claims)):
                self._listener.learned(claims.path)
                return

    async def _update(self, path: str, work: Callable[[OpenModule], OpenModule]) -> bool:
        """Put a module in its place that is worked out of it; tell whether it was still as it was."""
        module = self._workspace.snapshot.modules.get(path)
        if module is None:
            return False
        if is_large(module.text):
            after = await anyio.to_thread.run_sync(work, module, abandon_on_cancel=True)
        else:
            after = work(module)
        return self._workspace.replace(module, after)
