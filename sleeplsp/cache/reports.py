"""Reports on disk: `CACHE_DIR/reports/`, open to nobody but its owner. Each can be made again.

It must not know what is in a report.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path, PurePosixPath

from sleeplsp.cache.home import REPORTS, place_of, tighten, unusable

REPORTS_MAX = 100
"""Reports that are kept, the newest ones."""

NAME_MAX = 60
"""Characters of a module's name that its report is called by."""


def keep_report(cache_dir: str | Path | None, root: str, path: str, text: str) -> Path:
    """Write the report of the module `path` of the workspace `root`, in place of an earlier one.

    Returns the file. Raises StoreError when it cannot be written.
    """
    folder = place_of(cache_dir).absolute() / REPORTS
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        tighten(folder)
        file = folder / _name(root, path)
        _write(file, text)
        _drop_oldest(folder)
    except OSError as error:
        raise unusable(folder, error.strerror or str(error)) from error
    return file


def _name(root: str, path: str) -> str:
    digest = hashlib.blake2b(f"{root}\0{path}".encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    stem = "-".join(re.findall(r"\w+", PurePosixPath(path).stem)) or "report"
    return f"{stem[:NAME_MAX]}-{digest}.md"


def _write(file: Path, text: str) -> None:
    """Put a text in place as a whole: an editor may have the one before open."""
    number, name = tempfile.mkstemp(dir=file.parent, suffix=".new")  # readable by its owner alone
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(text.encode("utf-8", "replace"))
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _drop_oldest(folder: Path) -> None:
    found = sorted(folder.glob("*.md"), key=lambda each: each.stat().st_mtime, reverse=True)
    for each in found[REPORTS_MAX:]:
        with contextlib.suppress(OSError):
            each.unlink()
