"""What the server and the deducer process say to each other, as frames of `workers.frames`."""

import msgspec

from sleeplsp.core.atlas import Batch
from sleeplsp.core.located import ModuleClaims
from sleeplsp.engine.outcome import Outcome, Progress


class ThinkRequest(msgspec.Struct, frozen=True):
    """Bring the workspace up to date; tell the claims of the modules that are shown."""

    overlays: dict[str, bytes]
    """Texts an editor holds in place of files, by path."""
    shown: dict[str, str]
    """Modules an editor shows, with the digest of the claims it has of each: '' for none."""


class Told(msgspec.Struct, frozen=True, tag="progress"):
    """A run came further."""

    progress: Progress


class Noticed(msgspec.Struct, frozen=True, tag="notice"):
    """There is something the user should know: one line."""

    line: str


class Claimed(msgspec.Struct, frozen=True, tag="claims"):
    """A shown module's claims."""

    claims: ModuleClaims


class Charted(msgspec.Struct, frozen=True, tag="charts"):
    """There is news of the names and calls of modules, open or not."""

    batch: Batch


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The run is over."""

    outcome: Outcome


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The run could not be finished."""

    reason: str


Reply = Told | Noticed | Claimed | Charted | Finished | Refused

REQUESTS = msgspec.msgpack.Decoder(ThinkRequest)
REPLIES = msgspec.msgpack.Decoder(Reply)
