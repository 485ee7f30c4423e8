"""How the places that set settings become one value, each within its scope.

This module is pure: it must not know where a layer was read from, only what to call that place in a
warning.
"""

import contextlib
import difflib
import os
import tomllib
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import IntEnum

import msgspec

from sleeplsp.engine.errors import DEBUG_VARIABLE, UsageError
from sleeplsp.engine.settings.catalogue import catalogue, one_of, types_of
from sleeplsp.engine.settings.kinds import CheckLevel, Scope
from sleeplsp.engine.settings.model import KEY_VARIABLE, ModelSettings
from sleeplsp.engine.settings.schema import Settings

ENVIRONMENT_PREFIX = "SLEEPLSP_"

_MEANT = "; did you mean "

_NO_SETTINGS = frozenset((DEBUG_VARIABLE, KEY_VARIABLE))
"""Variables that are named alike and set nothing."""


class Origin(IntEnum):
    """Where a layer comes from; a later one wins, within its scope."""

    USER_FILE = 1
    ENVIRONMENT = 2
    REPOSITORY = 3
    EDITOR = 4
    FLAGS = 5


UNASKED = "no model is asked until this is mended"
"""How the warning begins that keeps a model from being asked."""


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


def environment_layer(environ: Mapping[str, str]) -> Layer:
    """Return what the `SLEEPLSP_*` variables set; an empty one counts as not set.

    A list is separated as PATH is; checks are written `name=level` and separated alike.
    """
    found = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(ENVIRONMENT_PREFIX) and name not in _NO_SETTINGS and value
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
    unsure: list[str] = []
    for layer in sorted(layers, key=lambda each: each.origin):
        problems: list[str] = []
        for name, value in _checked(layer, check_names, problems, unsure):
            _apply(chosen, layer, name, value, problems)
        if problems and layer.origin is Origin.FLAGS:
            raise UsageError(problems[0])
        warnings += problems
    settings = Settings(**chosen)
    if unsure and (settings.has_model or settings.replay is not None):
        # It may be a limit: what it was meant to be is not known, and what it is by default may be too much.
        warnings.append(Fault(f"{UNASKED}: {', '.join(unsure)}"))
        settings = msgspec.structs.replace(_unasked(settings), replay=None)
    if not settings.consult:
        settings = _unasked(settings)
    return settings, tuple(warnings)


def _unasked(settings: Settings) -> Settings:
    """Return settings that lead to no model; its name stays, by which what it has thought is found."""
    return msgspec.structs.replace(settings, endpoint=None, local_model=None, model=settings.model_named)


def is_thought_alike(before: Settings, after: Settings) -> bool:
    """Tell whether settings differ at most in what is shown of what was thought."""
    names = ("checks", "fail_on", "lenses", "hints", "navigation", "paused", "verbosity")
    shown = {name: getattr(after, name) for name in names}
    return msgspec.structs.replace(before, **shown) == after


def _checked(
    layer: Layer, check_names: Collection[str], problems: list[str], unsure: list[str]
) -> Iterator[tuple[str, object]]:
    """Yield what a layer sets and makes sense; `unsure` are a user's settings of a model that do not."""
    entries = {entry.name: entry for entry in catalogue()}
    for name, value in layer.values.items():
        if value is None:
            continue
        if name not in entries:
            nearest = _nearest(name, entries)
            problems.append(f"{_called(layer, name)}: there is no such setting{nearest}")
            _doubt(layer, name, nearest.removeprefix(_MEANT).removesuffix("?"), unsure)
        elif name == "checks" and isinstance(value, Mapping):
            yield name, dict(_checked_levels(layer, value, check_names, problems))
        else:
            try:
                yield name, _converted(layer, name, value)
            except (msgspec.ValidationError, UnicodeEncodeError, RecursionError):
                # Of an endpoint's URL a part may be a password.
                told = f", not {_shown(value)}" if name != "endpoint" else ""
                wrong = f"expected {entries[name].expected}{told}"
                problems.append(Fault(f"{_called(layer, name)}: {wrong}"))
                _doubt(layer, name, name, unsure)


def _doubt(layer: Layer, name: str, meant: str, unsure: list[str]) -> None:
    if meant in ModelSettings.__struct_fields__ and layer.origin is not Origin.REPOSITORY:
        unsure.append(_called(layer, name))


def _checked_levels(
    layer: Layer, levels: Mapping[object, object], check_names: Collection[str], problems: list[str]
) -> Iterator[tuple[str, object]]:
    allowed = typing.get_args(CheckLevel)
    for name, level in levels.items():
        called = _called(layer, f"checks.{name}")
        if check_names and name not in check_names:
            problems.append(f"{called}: there is no such check{_nearest(str(name), check_names)}")
        elif level not in allowed:
            problems.append(Fault(f"{called}: expected {one_of(allowed)}, not {_shown(level)}"))
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


def _exceeds(value: object, limit: float | None) -> bool:
    return limit is not None and isinstance(value, int | float) and value > limit


def _converted(layer: Layer, name: str, value: object) -> object:
    from_text = layer.origin is Origin.ENVIRONMENT
    return msgspec.convert(value, types_of()[name], strict=not from_text)


def _from_variable(name: str, text: str) -> object:
    if name == "excludes":
        return [part for part in text.split(os.pathsep) if part]
    if name == "checks":
        pairs = (part.partition("=") for part in text.split(os.pathsep) if part)
        return {check.strip(): level.strip() for check, _, level in pairs}
    if name == "prices":
        return _prices(text)
    return text


def _prices(text: str) -> object:
    """Read a table as a settings file has it, or as JSON."""
    with contextlib.suppress(tomllib.TOMLDecodeError):
        return tomllib.loads(f"prices = {text}")["prices"]
    with contextlib.suppress(msgspec.DecodeError):
        return msgspec.json.decode(text)
    return text


def _called(layer: Layer, name: str) -> str:
    if layer.origin is Origin.ENVIRONMENT:
        return f"{layer.source}: {ENVIRONMENT_PREFIX}{_printable(name.upper())}"
    return f"{layer.source}: {_printable(name)}"


def _nearest(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name.lower().replace("-", "_"), list(names), n=1)
    close = close or difflib.get_close_matches(name, list(names), n=1)
    return f"{_MEANT}{close[0]}?" if close else ""


def _shown(value: object) -> str:
    return _printable(f'"{value}"' if isinstance(value, str) else repr(value))


def _printable(text: str) -> str:
    """Return at most 60 characters that a terminal shows as they are."""
    text = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text[:60])
    return text if len(text) < 60 else f"{text[:57]}..."
