"""Texts that were read lately: of many modules only the last few megabytes are kept."""

from collections import OrderedDict

from sleeplsp.core.text import Text

KEPT_BYTES_MAX = 8 * 1024 * 1024
"""Bytes of texts that are kept; others are read once more."""


class Texts:
    """Texts by path, the one that was used longest ago dropped first."""

    def __init__(self, bytes_max: int = KEPT_BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._texts: OrderedDict[str, Text] = OrderedDict()

    def get(self, path: str) -> Text | None:
        """Return a text that is kept."""
        text = self._texts.get(path)
        if text is not None:
            self._texts.move_to_end(path)
        return text

    def put(self, path: str, text: Text) -> None:
        """Keep a text."""
        self.drop(path)
        self._texts[path] = text
        self._bytes += len(text.source)
        while self._bytes > self._bytes_max and len(self._texts) > 1:
            _, dropped = self._texts.popitem(last=False)
            self._bytes -= len(dropped.source)

    def drop(self, path: str) -> None:
        """Forget a text."""
        text = self._texts.pop(path, None)
        self._bytes -= len(text.source) if text is not None else 0
