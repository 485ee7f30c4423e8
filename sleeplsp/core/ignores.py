"""Comments that silence a check on their line: `# sleeplsp: ignore` or `# sleeplsp: ignore[check, check]`."""

import re

_IGNORE = re.compile(rb"#\s*sleeplsp:\s*ignore(?:\[([\w\s,-]*)\])?", re.ASCII)


def is_ignored(line: bytes, check: str) -> bool:
    """Tell whether a line of source silences a check."""
    match = _IGNORE.search(line)
    if match is None:
        return False
    return match[1] is None or check in {name.strip() for name in match[1].decode().split(",")}


def with_ignore(line: bytes, check: str) -> tuple[int, str]:
    """Return what to insert, and at which byte of the line, so that it silences the check as well."""
    match = _IGNORE.search(line)
    if match is not None and match[1] is not None:
        return match.end(1), f", {check}"
    return len(line.rstrip()), f"  # sleeplsp: ignore[{check}]"
