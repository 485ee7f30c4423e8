"""Lines for the user on standard error, and what makes any text fit for a terminal.

Standard output belongs to what a command answers; everything else is told here, each line under the
program's name. It must not know what is told.
"""

import sys

from sleeplsp.cli import streams


def error(text: str) -> None:
    """Say why the command cannot go on."""
    note(f"error: {text}")


def warning(text: str) -> None:
    """Say what the user should mend, though the command goes on."""
    note(f"warning: {text}")


def note(text: str) -> None:
    """Say what happens, on one line."""
    page(f"sleeplsp: {printable(text)}")


def page(text: str) -> None:
    """Show text of several lines as it is."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except (OSError, ValueError):  # where nobody listens, there is nobody to tell
        streams.silence(sys.stderr)


def printable(text: str) -> str:
    r"""Return text on one line with whatever a terminal might obey spelled out, as `\x1b`."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: `1 module`, `2 modules`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
