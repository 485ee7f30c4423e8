"""No files at all: the workspace of documents that an editor has open outside of every folder.

Fulfils the port `Files`. It must not know the documents.
"""

from sleeplsp.engine.ports import Listing, SkipReason


class Nowhere:
    """A workspace in which nothing lies on disk."""

    notices: tuple[str, ...] = ()

    def scan(self) -> Listing:
        """List nothing."""
        return Listing((), (), 0)

    def read(self, path: str) -> SkipReason:  # noqa: ARG002  the port's signature
        """Read nothing."""
        return SkipReason.UNREADABLE
