"""The files of a workspace as they were at a commit: those of now, with what differs put back."""

from sleeplsp.engine.drift.history import Differing
from sleeplsp.engine.ports import Files, FileStamp, Listing, SkipReason


class FilesThen:
    """Fulfils `engine.ports.Files` on the files of now and what differs from them."""

    def __init__(self, files: Files, differing: Differing) -> None:
        self._files = files
        self._texts = differing.texts
        self._left_out = differing.texts.keys() | differing.added | differing.unknown

    def scan(self) -> Listing:
        """List what was there."""
        now = self._files.scan()
        kept = [each for each in now.files if each.path not in self._left_out]
        # No file has this time: what lies there now is not taken for what was.
        then = [FileStamp(path, len(text), 0) for path, text in self._texts.items()]
        skipped = tuple(each for each in now.skipped if each.path not in self._left_out)
        return Listing(tuple(sorted((*kept, *then), key=lambda each: each.path)), skipped, now.other)

    def read(self, path: str) -> bytes | SkipReason:
        """Return what a file was."""
        text = self._texts.get(path)
        return text if text is not None else self._files.read(path)
