"""What the system itself refuses, where it can without anybody's privileges: Landlock, on Linux.

It holds for code in C as well, which Python does not hear of: no file is written, made or removed, no
program started, and on newer systems no connection made and no other process reached. It must not know what
runs.
"""

import contextlib
import os
import struct
import sys

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Numbers of system calls, the same on all processors that hypothesis runs on."""

_ASK_VERSION = 1
_NO_NEW_PRIVILEGES = 38
_BENEATH = 1
_WRITE_FILE = 1 << 1

_FILES = ((1, 0b1_1111_1111_0011), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
"""Of files: from which version on, which rights. Of the first all but reading, and listing folders."""
_NETWORK = ((4, 0b11),)
"""To listen, to connect."""
_OTHERS = ((6, 0b11),)
"""Sockets by name and signals, of processes that are not behind the same walls."""


def wall_in() -> bool:
    """Put up walls around this process, for good; return whether the system has them."""
    if sys.platform != "linux":
        return False
    try:
        import ctypes  # noqa: PLC0415 - not in every Python

        call = ctypes.CDLL(None, use_errno=True).syscall
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (ImportError, OSError, AttributeError):
        return False
    version = call(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return False
    handled = [_bits(each, version) for each in (_FILES, _NETWORK, _OTHERS)]
    size = 8 * (1 if version < 4 else 2 if version < 6 else 3)
    rules = call(_CREATE_RULESET, struct.pack("=QQQ", *handled), ctypes.c_size_t(size), 0)
    if rules < 0:
        return False
    try:
        with contextlib.suppress(OSError):
            nothing = os.open(os.devnull, os.O_PATH)
            call(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", _WRITE_FILE, nothing), 0)
            os.close(nothing)
        prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(call(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _bits(rights: tuple[tuple[int, int], ...], version: int) -> int:
    return sum(bits for since, bits in rights if since <= version)
