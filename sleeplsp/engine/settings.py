"""All settings in one typed schema, and how the layers that set them become one value.

A setting's name carries its unit, and its scope says how far a repository is trusted with it. This
module is pure: it must not know where a layer was read from, only what to call that place in a
warning.
"""

import difflib
import os
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import IntEnum, StrEnum
from functools import cache
from typing import Annotated, Literal

import msgspec

from sleeplsp.engine.errors import DEBUG_VARIABLE, UsageError

ENVIRONMENT_PREFIX = "SLEEPLSP_"

CheckLevel = Literal["off", "note", "warning", "error"]
FailLevel = Literal["error", "warning", "note", "never"]


class Scope(StrEnum):
    """Who may set a setting."""

    REPOSITORY = "repository"
    """The repository as well as its user."""
    LOWER_ONLY = "lower-only"
    """The user; a repository may lower the limit, never raise it."""
    USER = "user"
    """The user alone; a repository's value is ignored, and named in a warning."""


class Origin(IntEnum):
    """Where a layer comes from; a later one wins, within its scope."""

    USER_FILE = 1
    ENVIRONMENT = 2
    REPOSITORY = 3
    EDITOR = 4
    FLAGS = 5


class Fault(str):
    """A warning of what makes no sense wherever it stands, so that its user cannot have meant it.

    Other warnings are of values that were understood and not used.
    """

    __slots__ = ()


class Layer(msgspec.Struct, frozen=True):
    """What one place sets, not yet checked. A value of None counts as not set."""

    origin: Origin
    source: str
    """What a warning calls the place: a file, `environment`, `editor`."""
    values: Mapping[str, object]


Count = Annotated[int, msgspec.Meta(ge=1)]
CountOrNone = Annotated[int, msgspec.Meta(ge=0)]
Processes = Annotated[int, msgspec.Meta(ge=0, le=256)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]
Share = Annotated[float, msgspec.Meta(ge=0)]


def _about(scope: Scope, description: str) -> msgspec.Meta:
    return msgspec.Meta(description=description, extra={"scope": scope})


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting with its default. The descriptions are what the documentation prints."""

    excludes: Annotated[
        tuple[str, ...],
        _about(
            Scope.REPOSITORY,
            "Files and folders to leave out, as `.gitignore` patterns relative to the workspace "
            "root. `!pattern` takes in what is left out by default as vendored, generated or "
            "minified by its name. The lists of all places add up, a repository's first, so that "
            "it cannot take back its user's.",
        ),
    ] = ()
    file_bytes_max: Annotated[Count, _about(Scope.LOWER_ONLY, "Largest file that is read, in bytes.")] = (
        1024 * 1024
    )
    line_bytes_max: Annotated[
        Count,
        _about(Scope.LOWER_ONLY, "Longest line that a file which is read may have, in bytes."),
    ] = 20_000
    depth_max: Annotated[
        CountOrNone,
        _about(Scope.LOWER_ONLY, "How many folders below the workspace root a file may lie."),
    ] = 64
    files_max: Annotated[
        Count,
        _about(Scope.LOWER_ONLY, "How many files of a workspace are read, by order of path."),
    ] = 100_000
    checks: Annotated[
        Mapping[str, CheckLevel],
        _about(
            Scope.REPOSITORY,
            "Severity of single checks, or `off`; a check that is not named keeps its own.",
        ),
    ] = msgspec.field(default_factory=dict)
    fail_on: Annotated[
        FailLevel,
        _about(
            Scope.REPOSITORY,
            "Lowest severity of a shown suspicion that makes `precompute` exit with 1.",
        ),
    ] = "never"
    jobs: Annotated[Processes, _about(Scope.USER, "Worker processes; 0 means one for each processor.")] = 0
    job_s_max: Annotated[
        Seconds,
        _about(Scope.LOWER_ONLY, "Seconds that a worker may spend on one job before it is ended."),
    ] = 60.0
    worker_bytes_max: Annotated[
        Count, _about(Scope.LOWER_ONLY, "Memory that one worker process may use, in bytes.")
    ] = 2 * 1024**3
    # Not lower-only: all repositories share the store, and one could empty it for the others.
    store_bytes_max: Annotated[
        Count,
        _about(
            Scope.USER,
            "Size of the store, in bytes; beyond it the least recently used rows are dropped.",
        ),
    ] = 1024**3
    cache_dir: Annotated[
        str | None,
        _about(Scope.USER, "Folder of the store; by default the user's cache directory."),
    ] = None
    state_dir: Annotated[
        str | None,
        _about(Scope.USER, "Folder of the journal; by default the user's state directory."),
    ] = None
    # Off: neither is quiet, and what matters of both is said by diagnostics and hovers.
    lenses: Annotated[bool, _about(Scope.USER, "Code lenses: how much is claimed of what is below.")] = False
    hints: Annotated[bool, _about(Scope.USER, "Inlay hints: what a call may give or raise.")] = False
    navigation: Annotated[bool, _about(Scope.USER, "Workspace symbols, references, call hierarchy.")] = True
    idle_s: Annotated[
        Seconds, _about(Scope.USER, "Seconds without an edit after which thinking may begin.")
    ] = 1.0
    paused: Annotated[
        bool,
        _about(Scope.USER, "Whether the server only thinks when it is told to, or resumed by a command."),
    ] = False
    load_max: Annotated[
        Share,
        _about(
            Scope.USER,
            "Load average per processor from which on long runs in the background wait, as they do on "
            "battery; 0: they never wait. What an open file needs never waits.",
        ),
    ] = 1.5


class SettingEntry(msgspec.Struct, frozen=True):
    """One setting as the documentation and the warnings describe it."""

    name: str
    expected: str
    """What its value must be, in words."""
    default: object
    scope: Scope
    description: str


@cache
def catalogue() -> tuple[SettingEntry, ...]:
    """Return all settings in the order of the schema."""
    return tuple(_entry(name, hint) for name, hint in _types().items())


def environment_layer(environ: Mapping[str, str]) -> Layer:
    """Return what the `SLEEPLSP_*` variables set; an empty one counts as not set.

    A list is separated as PATH is; checks are written `name=level` and separated alike.
    """
    found = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(ENVIRONMENT_PREFIX) and name != DEBUG_VARIABLE and value
    }
    return Layer(
        Origin.ENVIRONMENT,
        "environment",
        {key: _from_variable(key, found[key]) for key in sorted(found)},
    )


def resolve(layers: Iterable[Layer], check_names: Collection[str] = ()) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings that the layers amount to, and one line for each value that was not used.

    `check_names`, when given, are the checks there are: others are named in a warning. Whatever is
    wrong among the flags is a UsageError, since the user stands in front of it.
    """
    chosen: dict[str, typing.Any] = {}
    warnings: list[str] = []
    for layer in sorted(layers, key=lambda each: each.origin):
        problems: list[str] = []
        for name, value in _checked(layer, check_names, problems):
            _apply(chosen, layer, name, value, problems)
        if problems and layer.origin is Origin.FLAGS:
            raise UsageError(problems[0])
        warnings += problems
    return Settings(**chosen), tuple(warnings)


def is_thought_alike(before: Settings, after: Settings) -> bool:
    """Tell whether settings differ at most in what is shown of what was thought."""
    names = ("checks", "fail_on", "lenses", "hints", "navigation", "paused")
    shown = {name: getattr(after, name) for name in names}
    return msgspec.structs.replace(before, **shown) == after


def _checked(layer: Layer, check_names: Collection[str], problems: list[str]) -> Iterator[tuple[str, object]]:
    entries = {entry.name: entry for entry in catalogue()}
    for name, value in layer.values.items():
        if value is None:
            continue
        if name not in entries:
            problems.append(f"{_called(layer, name)}: there is no such setting{_nearest(name, entries)}")
        elif name == "checks" and isinstance(value, Mapping):
            yield name, dict(_checked_levels(layer, value, check_names, problems))
        else:
            try:
                yield name, _converted(layer, name, value)
            except (msgspec.ValidationError, UnicodeEncodeError, RecursionError):
                wrong = f"expected {entries[name].expected}, not {_shown(value)}"
                problems.append(Fault(f"{_called(layer, name)}: {wrong}"))


def _checked_levels(
    layer: Layer, levels: Mapping[object, object], check_names: Collection[str], problems: list[str]
) -> Iterator[tuple[str, object]]:
    allowed = typing.get_args(CheckLevel)
    for name, level in levels.items():
        called = _called(layer, f"checks.{name}")
        if check_names and name not in check_names:
            problems.append(f"{called}: there is no such check{_nearest(str(name), check_names)}")
        elif level not in allowed:
            problems.append(Fault(f"{called}: expected {_one_of(allowed)}, not {_shown(level)}"))
        else:
            yield str(name), level


def _apply(
    chosen: dict[str, typing.Any], layer: Layer, name: str, value: object, problems: list[str]
) -> None:
    """Put one checked value among those chosen so far, as far as its scope allows."""
    scope = next(entry.scope for entry in catalogue() if entry.name == name)
    before = chosen.get(name, getattr(Settings(), name))
    from_repository = layer.origin is Origin.REPOSITORY
    called = _called(layer, name)
    if from_repository and scope is Scope.USER:
        problems.append(f"{called}: ignored, only the user may set it")
    elif from_repository and scope is Scope.LOWER_ONLY and _exceeds(value, before):
        problems.append(f"{called}: ignored, a repository may only lower it below {before}")
    elif isinstance(value, tuple):
        chosen[name] = (*value, *before) if from_repository else (*before, *value)
    elif isinstance(value, dict):
        chosen[name] = {**before, **value}
    else:
        chosen[name] = value


def _exceeds(value: object, limit: float) -> bool:
    return isinstance(value, int | float) and value > limit


def _converted(layer: Layer, name: str, value: object) -> object:
    from_text = layer.origin is Origin.ENVIRONMENT
    return msgspec.convert(value, _types()[name], strict=not from_text)


@cache
def _types() -> dict[str, typing.Any]:
    return typing.get_type_hints(Settings, include_extras=True)


def _from_variable(name: str, text: str) -> object:
    if name == "excludes":
        return [part for part in text.split(os.pathsep) if part]
    if name == "checks":
        pairs = (part.partition("=") for part in text.split(os.pathsep) if part)
        return {check.strip(): level.strip() for check, _, level in pairs}
    return text


def _called(layer: Layer, name: str) -> str:
    if layer.origin is Origin.ENVIRONMENT:
        return f"{layer.source}: {ENVIRONMENT_PREFIX}{_printable(name.upper())}"
    return f"{layer.source}: {_printable(name)}"


def _nearest(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name.lower().replace("-", "_"), list(names), n=1)
    close = close or difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _shown(value: object) -> str:
    return _printable(f'"{value}"' if isinstance(value, str) else repr(value))


def _printable(text: str) -> str:
    """Return at most 60 characters that a terminal shows as they are."""
    text = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text[:60])
    return text if len(text) < 60 else f"{text[:57]}..."


def _entry(name: str, hint: object) -> SettingEntry:
    kind, *notes = typing.get_args(hint)
    about = notes[-1]
    return SettingEntry(
        name=name,
        expected=_in_words(kind, notes[0]),
        default=getattr(Settings(), name),
        scope=about.extra["scope"],
        description=about.description,
    )


def _in_words(kind: object, bound: msgspec.Meta) -> str:
    if kind is int and bound.le is not None:
        return f"a whole number from {bound.ge} to {bound.le}"
    if kind is int:
        return f"a whole number of at least {bound.ge}"
    if kind is float:
        return f"a number greater than {bound.gt}" if bound.gt is not None else f"a number from {bound.ge} on"
    if kind is bool:
        return "true or false"
    if typing.get_origin(kind) is Literal:
        return _one_of(typing.get_args(kind))
    if typing.get_origin(kind) is tuple:
        return "a list of strings"
    if typing.get_origin(kind) is Mapping:
        return f"a table of {_one_of(typing.get_args(CheckLevel))}"
    return "a string"


def _one_of(values: Iterable[object]) -> str:
    *most, last = (f'"{value}"' for value in values)
    return f"{', '.join(most)} or {last}"
