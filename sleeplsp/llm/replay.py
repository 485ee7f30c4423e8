"""Recordings of calls of a model: what was answered once is answered again, and nothing is sent.

A folder holds one JSON file for each call, named by the call's key and which of the calls with that key it
is; people can read them. A failure is not recorded. It must not know what stands behind a real model.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import anyio.to_thread
import msgspec

from sleeplsp.engine.model import Abilities, Answer, Call, Model, ModelError, Usage, Weight

_ABILITIES = "abilities.json"
_RECORDING_BYTES_MAX = 16 * 1024 * 1024
_KEY_CHARACTERS_MAX = 80

T = TypeVar("T")


class Mode(StrEnum):
    """What is done with a call."""

    REPLAY = "replay"
    """Answered from the folder; what is not there fails."""
    MIXED = "mixed"
    """Answered from the folder; what is not there is asked and recorded."""
    RECORD = "record"
    """Asked, and recorded in the place of what is there."""


class Recording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer, with what it answers."""

    key: str
    phase: str
    path: str
    prompt: str
    """The prompt's version; its text stands in the workspace that was thought about, and not here."""
    text: str
    others: tuple[str, ...] = ()
    model: str
    usage: Usage
    seconds: float
    ttft_s: float | None = None
    retries: int = 0
    cost: float = 0.0

    @property
    def answer(self) -> Answer:
        """The answer, as one of which nothing was sent."""
        return Answer(
            text=self.text,
            others=self.others,
            model=self.model,
            usage=self.usage,
            seconds=self.seconds,
            ttft_s=self.ttft_s,
            retries=self.retries,
            cost=self.cost,
            replayed=True,
        )


class ReplayModel:
    """Fulfils the port `Model` from a folder, and from a real model where there is one."""

    def __init__(self, model: Model | None, folder: Path, mode: Mode = Mode.MIXED) -> None:
        self.asked = 0
        """Calls that went to the real model."""
        self.replayed = 0
        """Calls that did not."""
        self._model = model if mode is not Mode.REPLAY else None
        self._folder = folder
        self._mode = mode
        self._numbers: Counter[str] = Counter()

    async def answer(self, call: Call, hear: Callable[[str], None] | None = None) -> Answer:
        """Have a call answered; raises ModelError, also where it is not recorded and there is no model."""
        name = _file_name(call.key)
        number = self._next(name)
        found = await self._found(f"{name}.{number}.json", Recording)
        if found is not None:
            if hear is not None:
                hear(found.text)
            return found.answer
        model = self._real(f"{name}.{number}.json")
        try:
            answer = await model.answer(call, hear)
        except BaseException:
            # The next call with this key is the one that this was to be.
            self._numbers[name] -= 1
            raise
        await self._keep(f"{name}.{number}.json", _recording(call, answer))
        return answer

    async def weigh(self, call: Call, text: str) -> Weight:
        """Return how likely a text is; raises ModelError as above."""
        digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
        name = f"{_file_name(call.key)}.weight.{digest}.json"
        found = await self._found(name, Weight)
        if found is not None:
            return found
        weight = await self._real(name).weigh(call, text)
        await self._keep(name, weight)
        return weight

    async def abilities(self) -> Abilities:
        """Return what the recorded model could do; raises ModelError as above."""
        found = await self._found(_ABILITIES, Abilities)
        if found is not None:
            return found
        abilities = await self._real(_ABILITIES).abilities()
        await self._keep(_ABILITIES, abilities)
        return abilities

    async def is_there(self) -> bool:
        """Tell whether the real model is, if there is one."""
        return self._model is None or await self._model.is_there()

    async def close(self) -> None:
        """Close the real model."""
        if self._model is not None:
            await self._model.close()

    def _next(self, name: str) -> int:
        number = self._numbers[name]
        self._numbers[name] += 1
        return number

    def _real(self, name: str) -> Model:
        if self._model is None:
            raise ModelError(f"{self._folder / name} is not recorded, and there is no model to ask")
        self.asked += 1
        return self._model

    async def _found(self, name: str, kind: type[T]) -> T | None:
        if self._mode is Mode.RECORD:
            return None
        found = await anyio.to_thread.run_sync(_read, self._folder / name, kind)
        self.replayed += found is not None
        return found

    async def _keep(self, name: str, value: msgspec.Struct) -> None:
        await anyio.to_thread.run_sync(_write, self._folder / name, value)


def _recording(call: Call, answer: Answer) -> Recording:
    return Recording(
        key=call.key,
        phase=call.phase.value,
        path=call.path,
        prompt=call.prompt.version,
        text=answer.text,
        others=answer.others,
        model=answer.model,
        usage=answer.usage,
        seconds=answer.seconds,
        ttft_s=answer.ttft_s,
        retries=answer.retries,
        cost=answer.cost,
    )


def _file_name(key: str) -> str:
    """Return a key as a part of a file's name; one that is no such is told apart by its digest."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "-", key)[:_KEY_CHARACTERS_MAX]
    if plain == key:
        return key
    return f"{plain}-{hashlib.blake2b(key.encode('utf-8', 'replace'), digest_size=6).hexdigest()}"


def _read(file: Path, kind: type[T]) -> T | None:
    try:
        if file.stat().st_size > _RECORDING_BYTES_MAX:
            raise ModelError(f"{file} is no recording: larger than {_RECORDING_BYTES_MAX:,} bytes")
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise ModelError(f"{file} is no recording: {error}") from error


def _write(file: Path, value: msgspec.Struct) -> None:
    """Write a recording; whoever reads it meanwhile finds all of it or nothing."""
    beside = file.with_suffix(".tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
        beside.replace(file)
    except OSError as error:
        raise ModelError(f"{file} cannot be recorded: {error.strerror or error}") from error
