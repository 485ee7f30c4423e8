r"""Two spellings of a path: the operating system's own, and one that can be part of a reference.

A file name is bytes; Python keeps what is not UTF-8 as lone surrogates, which neither JSON nor
msgpack can hold, and `::` ends the path in `path::symbol`. `portable` spells these as `\udcXX` and
`:\u003a`, `native` takes it back; every name survives the round trip. This module must not know
which files there are.
"""

import re

_SURROGATE = re.compile(r"[\ud800-\udfff]")
# What `portable` writes, and therefore has to protect where a name holds it by itself.
_ESCAPED = re.compile(r"\\u(d[89a-f][0-9a-f]{2}|005c|003a)")


def portable(path: str) -> str:
    """Return `path` without lone surrogates and `::`; nearly every path is returned as it is."""
    if path.isascii() and "\\u" not in path and "::" not in path:
        return path
    protected = _ESCAPED.sub(lambda found: "\\u005c" + found[0][1:], path)
    spelled = _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", protected)
    return spelled.replace("::", ":\\u003a")


def native(path: str) -> str:
    """Return the path that `portable` was given."""
    if "\\u" not in path:
        return path
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), path)
