"""What the server and the deducer process say to each other, as frames of `workers.frames`."""

import msgspec

from sleeplsp.core.atlas import Batch
from sleeplsp.core.located import ModuleClaims, Suspected
from sleeplsp.engine.explaining import Explanation
from sleeplsp.engine.outcome import Outcome, Progress, Reflected
from sleeplsp.engine.replied import About, Held, Replied


class OpenRequest(msgspec.Struct, frozen=True, kw_only=True, tag="open"):
    """Think about this workspace; said once, before all else."""

    root: bytes
    """Its folder, as the system names it; empty for none but the texts an editor holds."""
    settings: str
    """JSON: what the editor sets, which may be anything."""


class ThinkRequest(msgspec.Struct, frozen=True, kw_only=True, tag="think"):
    """Bring the workspace up to date; tell the claims of the modules that are shown."""

    number: int
    """Requests are counted: what is told of an earlier one ends nothing."""
    held: dict[str, bytes]
    """Texts an editor holds in place of files, by path, as far as they are others than before."""
    closed: tuple[str, ...]
    """Modules it holds no text of any more."""
    shown: dict[str, str]
    """Modules an editor shows, with the digest of the claims it has of each: '' for none."""
    scan: bool
    """Files may have changed, come or gone."""
    again: tuple[str, ...]
    """Modules to be deduced again whatever is known of them; '' for all."""
    deeper: tuple[str, ...]
    """Modules a model is to think about more than they are worth by themselves; '' for all."""
    everywhere: bool
    """Also tell what is suspected of modules that the editor does not show."""


class PauseRequest(msgspec.Struct, frozen=True, tag="pause"):
    """Stop until the next request; what was begun is kept."""


class WhyRequest(msgspec.Struct, frozen=True, tag="why"):
    """Explain the last traceback of a text; answered also while a run is on, with what is known then."""

    number: int
    """Counted apart from runs."""
    text: str


class AskRequest(msgspec.Struct, frozen=True, kw_only=True, tag="ask"):
    """Answer a question, also while a run is on; `Answered` ends it, with pieces before that."""

    number: int
    """Counted with `WhyRequest`."""
    question: str
    about: About
    held: Held
    verbosity: int | None
    """None: as the settings say."""


class DropRequest(msgspec.Struct, frozen=True, tag="drop"):
    """Nobody waits any more for what was asked under a number: what is done for it ends."""

    number: int


class LookRequest(msgspec.Struct, frozen=True, tag="look"):
    """Tell whether anybody answers at the model's endpoint, without a call; also while a run is on."""

    number: int
    """Counted with `WhyRequest`."""


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


class Doubted(msgspec.Struct, frozen=True, tag="suspected"):
    """There is news of what is suspected of modules that are not shown."""

    news: Suspected


class Decided(msgspec.Struct, frozen=True, tag="decided"):
    """All is deduced that was asked for last; a model may go on."""

    number: int
    outcome: Outcome


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The run is over that was asked for last."""

    number: int
    reflected: Reflected | None
    """What a model's part of it came to, if there is one."""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The run could not be finished that was asked for last."""

    number: int
    reason: str


class Explained(msgspec.Struct, frozen=True, tag="explained"):
    """What explains a text, by the number of the request."""

    number: int
    explanation: Explanation | None
    failure: str = ""
    """Why there is none, though there may be a traceback."""


class Piece(msgspec.Struct, frozen=True, tag="piece"):
    """A piece of a model's answer to a question, as it comes."""

    number: int
    text: str


class Answered(msgspec.Struct, frozen=True, kw_only=True, tag="answered"):
    """The answer to a question, by the number of the request."""

    number: int
    replied: Replied | None = None
    failure: str = ""
    """Why there is none."""


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """Whether anybody answers at the model's endpoint, by the number of the request."""

    number: int
    is_there: bool


Request = ThinkRequest | PauseRequest | WhyRequest | AskRequest | DropRequest | LookRequest
Run = Told | Noticed | Claimed | Charted | Doubted | Decided | Finished | Refused
Aside = Explained | Piece | Answered | Looked
"""Replies that no run waits for."""
Reply = Run | Aside

OPENING = msgspec.msgpack.Decoder(OpenRequest)
REQUESTS = msgspec.msgpack.Decoder(Request)
REPLIES = msgspec.msgpack.Decoder(Reply)
