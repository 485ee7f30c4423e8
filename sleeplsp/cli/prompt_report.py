"""The JSON of `query prompt`. It must not know where the values come from."""

from typing import Annotated, Any

import msgspec

from sleeplsp.cli.described import says
from sleeplsp.cli.report import SCHEMA_VERSION, Version


class SecretEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A secret of the module that is not sent."""

    kind: Annotated[str, says("What it is; a placeholder that says so is sent in its place.")]
    line: Annotated[int, says("On which it begins.")]


class PromptEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One prompt: all that a model would be sent."""

    version: Annotated[str, says("Name and version of the text it is made of.")]
    part: Annotated[int, says("Which part of the module it is about, from 1.")]
    symbols: Annotated[tuple[str, ...], says("Ids of the symbols that claims are wanted of.")]
    tokens: Annotated[int, says("How many it has, estimated on the safe side.")]
    system: Annotated[str, says("The system message: nothing of the repository.")]
    user: Annotated[str, says("The user message.")]
    reply_schema: Annotated[dict[str, Any], says("The JSON schema that a reply must have.")]


class Prompts(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp query prompt --json` prints."""

    schema_version: Version = SCHEMA_VERSION
    path: str
    endpoint: Annotated[str | None, says("Where it would be sent; null: nowhere.")]
    model: str | None
    tokens_max: Annotated[int, says("Budget of one prompt.")]
    secrets: Annotated[tuple[SecretEntry, ...], says("Those of the module itself.")]
    prompts: Annotated[tuple[PromptEntry, ...], says("At least one, as far as the budget is enough for any.")]
