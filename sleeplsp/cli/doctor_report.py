"""The JSON of `sleeplsp doctor`. It must not know where the values come from."""

from typing import Annotated

import msgspec

from sleeplsp.cli.described import says
from sleeplsp.cli.ledger_report import BudgetEntry
from sleeplsp.cli.report import SCHEMA_VERSION, Version


class SourceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A setting of the model, and which place sets it."""

    name: str
    value: str
    source: str


class KeyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Whether there is a key. The key itself is told nowhere."""

    found: bool
    where: Annotated[str, says("Where it was found; else why there is none.")]


class AbilityEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing an endpoint can do, or cannot."""

    name: str
    found: Annotated[bool, says("Whether it can, as it showed when it was tried.")]
    used: Annotated[str, says("What is done with it; without it, what is done instead.")]


class ModelEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One model, and how a short call to it went."""

    name: str
    use: Annotated[str, says("sleep, answers, or both.")]
    problem: Annotated[str, says("Why it cannot be used; '' if it answers.")]
    seconds: Annotated[float | None, says("That the short call took.")]
    structure: Annotated[str, says("How structured replies are asked for: json_schema, json_object, plain.")]
    abilities: tuple[AbilityEntry, ...]
    context_tokens: int | None
    tried_now: Annotated[bool, says("False: what it can do was remembered.")]


class ExpenseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Calls, tokens and money in the units of the setting `prices`."""

    calls: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    cost: float | None


class AnewEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to think about all modules anew."""

    modules: int
    likely: ExpenseEntry
    most: ExpenseEntry


class EstimateEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What a precompute takes now: what is known is not asked again."""

    modules: Annotated[int, says("That are likely to be asked about.")]
    known: Annotated[int, says("That are known as they are now: they cost nothing.")]
    failed: Annotated[int, says("Of which no reply was of use: they are left for a day.")]
    likely: ExpenseEntry
    most: ExpenseEntry
    anew: Annotated[AnewEntry, says("If nothing were known.")]


class Doctor(msgspec.Struct, frozen=True, kw_only=True):
    """What `sleeplsp doctor` answers."""

    schema_version: Version = SCHEMA_VERSION
    endpoint: Annotated[str | None, says("Base URL; null where none is set, and no model is asked.")]
    local_model: Annotated[str | None, says("File of the embedded server's model.")]
    settings: tuple[SourceEntry, ...]
    key: KeyEntry | None
    problem: Annotated[str, says("Why the endpoint as a whole cannot be used; '' if it can.")]
    offered: Annotated[tuple[str, ...], says("The models that it offers.")]
    models: tuple[ModelEntry, ...]
    testing: Annotated[
        str, says("Whether what a model claims is tested: off; on, and by which Python; or why it cannot be.")
    ]
    advice: Annotated[tuple[str, ...], says("What the user may want to change.")]
    budget: BudgetEntry | None
    precompute: Annotated[
        EstimateEntry | None, says("Null where no model is set, or a limit leaves no room for any prompt.")
    ]
