"""The JSON of `query drops`. It must not know where the values come from."""

from typing import Annotated

import msgspec

from sleeplsp.cli.described import says
from sleeplsp.cli.report import SCHEMA_VERSION, Version

Counts = dict[str, int]


class RefutedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that a call of its function has shown to be wrong."""

    symbol: str
    sentence: str
    check: str
    example: Annotated[str, says("The call, and what it returned.")]


class ModuleDrops(msgspec.Struct, frozen=True, kw_only=True):
    """What was held and what was dropped of one module."""

    path: str
    generations: Annotated[int, says("Replies about it that were compared.")]
    kept: Annotated[Counts, says("Claims by kind, merged.")]
    dropped: Annotated[Counts, says("Claims, and fixes and checks of claims, by reason; not merged.")]
    refuted: Annotated[
        tuple[RefutedEntry, ...], says("Of those kept, what a test has shown to be wrong.")
    ] = ()


class Drops(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp query drops --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    kept: Annotated[Counts, says("Of all modules below together, the most frequent first.")]
    dropped: Counts
    modules: Annotated[tuple[ModuleDrops, ...], says("Those that a model has thought about.")]
