"""Keys of endpoints: where they are found, and that they are told to nobody.

A Key shows itself in no text. It must not know what it opens.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final, final
from urllib.parse import quote

SERVICE = "sleeplsp"
"""Under which a keyring holds keys; the user's name there is the endpoint's host."""

HIDDEN = "…"

RUN_CHARACTERS_MIN = 8
"""Of a key, so many in a row are told to nobody either."""

_URL_SAFE = str.maketrans("+/", "-_")

_LOOKS_LIKE_A_KEY = re.compile(
    r"(?i:\b(bearer|api[-_ ]?key)\b)[\"']?[:=\s]+[\"']?(?=\S*\d)[\w.~+/=-]{12,}"
    r"|\b(?:sk|rk|pk|gsk|xai|hf|key)[-_][\w-]{12,}"
)


@final
class Key:
    """A key. Nothing that is printed, logged or stored holds its text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text: Final = text

    def reveal(self) -> str:
        """Return the text, for the header of a request and for nothing else."""
        return self._text

    @property
    def fits(self) -> bool:
        """Whether a header can hold it: what else is wrong with a header would be told with its text."""
        return self._text.isascii() and self._text.isprintable()

    def __repr__(self) -> str:
        return f"Key({HIDDEN})"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a key is not stored")


def scrubbed(text: str, key: Key | None, secrets: Iterable[str] = ()) -> str:
    """Return a text without the key and other secrets, longest first, and without what looks like a key.

    Nor is a run of `RUN_CHARACTERS_MIN` characters of the key left, as it is or as it is commonly written.
    """
    if key is not None and key.reveal():
        text = _without_runs(text.replace(key.reveal(), HIDDEN), _forms(key.reveal()))
    for each in secrets:
        text = text.replace(each, HIDDEN)
    return _LOOKS_LIKE_A_KEY.sub(HIDDEN, text)


def _forms(key: str) -> Iterator[str]:
    """Yield a key as it may come back: as it is, backwards, for a URL, and in base64 behind anything."""
    raw = key.encode("utf-8", "replace")
    yield from (key, key[::-1], quote(key, safe=""))
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw).decode()
        # What the first and the last group say depends on what stands beside the key.
        inner = encoded[4 * (before > 0) : len(encoded) - 4 * ((before + len(raw)) % 3 > 0)]
        yield from (inner, inner.translate(_URL_SAFE))


def _without_runs(text: str, forms: Iterable[str]) -> str:
    size = RUN_CHARACTERS_MIN
    runs = {form[at : at + size] for form in forms for at in range(len(form) - size + 1)}
    hidden = bytearray(len(text))
    for at in range(len(text) - size + 1):
        if text[at : at + size] in runs:
            hidden[at : at + size] = b"\1" * size
    return "".join(
        HIDDEN if is_hidden else "".join(text[at] for at in places)
        for is_hidden, places in groupby(range(len(text)), hidden.__getitem__)
    )


def find_key(variable: str, host: str, environ: Mapping[str, str]) -> tuple[Key | None, str]:
    """Return the key of an endpoint, and where it was found; without one, why there is none.

    A keyring may ask its user to unlock it, so this may take long: not on an event loop.
    """
    if text := environ.get(variable, "").strip():
        return Key(text), f"environment variable {variable}"
    text, why = _in_keyring(host)
    return (Key(text), "keyring") if text else (None, f"{variable} is not set, and {why}")


def _in_keyring(host: str) -> tuple[str, str]:
    """Return what the keyring holds for a host, or why it holds nothing."""
    try:
        import keyring  # noqa: PLC0415 - an extra, and 50 ms that only who has no variable waits for
    except ImportError:
        return "", "there is no keyring (`pip install sleeplsp[keyring]`)"
    try:
        found = keyring.get_password(SERVICE, host)
    except Exception as error:  # noqa: BLE001 - backends raise what they like, and their texts may say anything
        return "", f"the keyring cannot be read ({type(error).__name__})"
    return (found or "").strip(), f"the keyring holds nothing for {SERVICE} and {host}"
