"""What becomes of a failed call: whether it ends the run, or costs one module, and for how long.

Pure. It must not know what is done about it.
"""

from sleeplsp.engine.model import (
    CapError,
    DeniedError,
    ModelError,
    NoRoomError,
    OverloadedError,
    RefusedError,
    TooLongError,
    TruncatedError,
    UnbookedError,
    UnfitError,
    UnreachableError,
)

_ENDING = (CapError, DeniedError, NoRoomError, OverloadedError, UnbookedError, UnreachableError)
_LASTING = (UnfitError, RefusedError, TooLongError, TruncatedError)
_UNSENT = (CapError, UnbookedError)


def ends_run(error: ModelError) -> bool:
    """Tell whether no other call has any prospect in this run."""
    is_of_module = isinstance(error, CapError) and error.of_module
    return isinstance(error, _ENDING) and not is_of_module


def is_away(error: ModelError) -> bool:
    """Tell whether it may be over at any time, without anybody doing anything about it."""
    return isinstance(error, OverloadedError | UnreachableError)


def lasts(error: ModelError) -> bool:
    """Tell whether it mostly comes again as long as a module and the limits are the same."""
    return isinstance(error, _LASTING)


def was_sent(error: ModelError) -> bool:
    """Tell whether anything was sent at all."""
    return not isinstance(error, _UNSENT)
