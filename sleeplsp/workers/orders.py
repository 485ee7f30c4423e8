"""Orders: what a crew asks of its workers and what they answer, as frames."""

import msgspec

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.engine.work import FunctionResult, SourceFile, UnitJob


class ReadRequest(msgspec.Struct, frozen=True, tag="read"):
    """Read these modules."""

    sources: tuple[SourceFile, ...]


class DeduceRequest(msgspec.Struct, frozen=True, tag="deduce"):
    """Deduce these units."""

    units: tuple[UnitJob, ...]
    number: int
    """Counts the orders of one worker."""


class RecallRequest(msgspec.Struct, frozen=True, tag="recall"):
    """Answer the order with this number with what is done of it; it has no answer of its own."""

    number: int


class ForgetRequest(msgspec.Struct, frozen=True, tag="forget"):
    """Give up what is held of these modules."""

    paths: tuple[str, ...]


class Unread(msgspec.Struct, frozen=True, tag="unread"):
    """Why a module could not be read."""

    reason: str


class Facts(msgspec.Struct, frozen=True, tag="facts"):
    """What a module says."""

    facts: ModuleFacts


Request = ReadRequest | DeduceRequest | ForgetRequest | RecallRequest

REQUESTS = msgspec.msgpack.Decoder(Request)
READ_REPLIES = msgspec.msgpack.Decoder(tuple[Facts | Unread, ...])
FORGOTTEN = msgspec.msgpack.Decoder(None)
DEDUCE_REPLIES = msgspec.msgpack.Decoder(tuple[FunctionResult, ...])
