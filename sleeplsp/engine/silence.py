"""A Journal for those who keep none: nothing is noted, and nothing is known."""

from sleeplsp.engine.account import Account
from sleeplsp.engine.entries import Entry
from sleeplsp.engine.ports import Journal


class Silence:
    """Fulfils the port `Journal` by doing nothing."""

    def __init__(self) -> None:
        self.notices: list[str] = []

    def tell(self, entry: Entry) -> None:
        """Forget it."""

    def flush(self) -> bool:
        """Tell that nothing is left to be kept."""
        return True

    def account(self, root: str) -> Account:  # noqa: ARG002 - nothing is known of any
        """Return an account of nothing."""
        return Account()

    def close(self) -> None:
        """Do nothing."""


NO_JOURNAL: Journal = Silence()
