"""What is stored of a model's thinking: replies as they came, and what they were merged to.

A reply is an immutable row under the digest of all that was asked; an Insight is a pure merge of such rows,
kept so that no text has to be read to show it again. The manifest says for which key each module was
thought about last. It must not know where rows lie.
"""

import hashlib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import TypeVar

import msgspec

from sleeplsp.core.insight import Insight
from sleeplsp.core.recipe import sources_digest
from sleeplsp.engine.model import Usage
from sleeplsp.engine.outcome import Reflected
from sleeplsp.engine.ports import Store

T = TypeVar("T")


class Slot(msgspec.Struct, frozen=True, array_like=True):
    """Which of the replies about one module a reply is."""

    key: str
    """Of the module."""
    edition: int
    """Counts how often the module was to be thought about anew, whatever was known."""
    what: str
    """'sleep', 'later' or 'critic'."""
    about: tuple[str, ...]
    """Ids of the slice's symbols; of a critic, the suspicion's id."""
    number: int
    """Which generation, from 0."""

    @property
    def address(self) -> str:
        """The key of its row."""
        return "reply/" + _digest(msgspec.msgpack.encode(self))


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One reply of a model, as it came."""

    text: str
    model: str
    usage: Usage
    seconds: float
    made_at: float
    """Seconds since the epoch."""


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """One module thought about: what came of it, and what it took."""

    insight: Insight
    depth: tuple[int, bool]
    """Generations made of each slice, and whether a later pass was."""
    kept: dict[str, int] = {}
    """Claims by kind: 'invariants', 'suspicions', 'questions'."""
    drops: dict[str, int] = {}
    """What was dropped, by reason."""
    provenance: dict[str, str] = {}
    """Digests of what it was told besides the code: contracts, callers, tests, history."""
    usage: Usage = Usage()
    """Of all its replies, whoever had them made."""
    seconds: float = 0.0
    predictability: float | None = None
    """Mean gain of its questions, nats per token; None: not measured."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What was thought about last of one module."""

    standing: str
    """Digest of its text and of what it can see of others: while it is the same, so is the key."""
    key: str
    edition: int
    soft: str
    """Digest of what is no part of the key and yet was told."""
    generations: int
    later: bool
    predictability: float | None = None


class Failure(msgspec.Struct, frozen=True, array_like=True):
    """A module about which no reply was of use, nor would another be soon."""

    mark: str
    """Digest of what must be another before it is asked about again."""
    reason: str
    at: float
    """Seconds since the epoch."""


class Manifest(msgspec.Struct, frozen=True):
    """What became of each module that was thought about."""

    entries: dict[str, Entry] = {}
    failures: dict[str, Failure] = {}
    last: Reflected | None = None
    """What the last run came to that ended."""


class Shelf:
    """Where one workspace's model results are found again. Raises StoreError where the store does."""

    def __init__(self, store: Store, root: str, model: str) -> None:
        self._store = store
        self._manifest = "reflection/" + _digest(root.encode("utf-8", "surrogatepass"), model.encode())

    def manifest(self) -> Manifest:
        """Return what became of each module last."""
        return self._one(self._manifest, Manifest) or Manifest()

    def keep_manifest(
        self, entries: Mapping[str, Entry], failures: Mapping[str, Failure], last: Reflected | None
    ) -> None:
        """Keep what became of some modules; what another process has told of others stays."""
        before = self.manifest()
        failed = {path: each for path, each in before.failures.items() if path not in entries}
        after = Manifest({**before.entries, **entries}, {**failed, **failures}, last or before.last)
        self._put({self._manifest: after})

    def replies(self, slots: Iterable[Slot]) -> dict[Slot, Reply]:
        """Return the replies there are."""
        by_address = {slot.address: slot for slot in slots}
        found = self._store.get_many(by_address)
        read = ((by_address[address], _read(raw, Reply)) for address, raw in found.items())
        return {slot: reply for slot, reply in read if reply is not None}

    def keep_reply(self, slot: Slot, reply: Reply) -> None:
        """Keep a reply; one that is there already stays."""
        if not self._store.get_many([slot.address]):
            self._put({slot.address: reply})

    def studies(self, keys: Iterable[tuple[str, int]]) -> dict[str, Study]:
        """Return what modules were merged to, by key; each is given with its edition."""
        by_address = {_study_address(*each): each[0] for each in keys}
        found = self._store.get_many(by_address)
        read = ((by_address[address], _read(raw, Study)) for address, raw in found.items())
        # One of no generation is no study: nobody was asked.
        return {key: study for key, study in read if study is not None and study.depth[0] > 0}

    def keep_study(self, edition: int, study: Study) -> None:
        """Keep what a module was merged to."""
        self._put({_study_address(study.insight.key, edition): study})

    def _put(self, rows: Mapping[str, object]) -> None:
        self._store.put_many({key: msgspec.msgpack.encode(row) for key, row in rows.items()})

    def _one(self, key: str, form: type[T]) -> T | None:
        raw = self._store.get_many([key]).get(key)
        return _read(raw, form) if raw is not None else None


def _study_address(key: str, edition: int) -> str:
    # Another reader or another way of merging makes another Insight of the same replies.
    return "study/" + _digest(f"{key} {edition} {sources_digest([files('sleeplsp.prompts')])}".encode())


def _read(raw: bytes, form: type[T]) -> T | None:
    try:
        return msgspec.msgpack.decode(raw, type=form)
    except msgspec.DecodeError:  # another version's row: as if there were none
        return None


def _digest(*parts: bytes) -> str:
    return hashlib.blake2b(b"\0".join(parts), digest_size=16).hexdigest()
