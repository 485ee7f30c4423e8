"""The layers of settings that hold in a workspace, gathered for a front end.

Cheap to import: it must not know checks, stores or reasoners.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from sleeplsp.engine.settings import (
    ENVIRONMENT_PREFIX,
    Layer,
    Origin,
    Settings,
    environment_layer,
    resolve,
)
from sleeplsp.repo.settings_files import read_settings_files

_DEFAULTS = Settings()


def resolved_settings(
    root: Path | None,
    flags: Mapping[str, object] | None = None,
    editor: Mapping[str, object] | None = None,
    check_names: Collection[str] = (),
) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings that hold in a workspace, and one line for each value that was not used."""
    layers, warnings = _layers(root, flags, editor)
    settings, more = resolve(layers, check_names)
    return settings, (*warnings, *more)


def sources(root: Path | None, names: Collection[str]) -> dict[str, str]:
    """Return which place each of some settings of the user's comes from; the others are not in it.

    For a command without flags of that kind: these are a settings file, or the environment.
    """
    layers, _ = _layers(root, None, None)
    found: dict[str, str] = {}
    for layer in sorted(layers, key=lambda each: each.origin):
        # Each by itself: a value that is not valid is not used, and then another place counts.
        settings, _ = resolve([layer])
        for name in names:
            if layer.origin is not Origin.REPOSITORY and getattr(settings, name) != getattr(_DEFAULTS, name):
                variable = f" {ENVIRONMENT_PREFIX}{name.upper()}"
                found[name] = layer.source + (variable if layer.origin is Origin.ENVIRONMENT else "")
    return found


def _layers(
    root: Path | None, flags: Mapping[str, object] | None, editor: Mapping[str, object] | None
) -> tuple[list[Layer], tuple[str, ...]]:
    files, warnings = read_settings_files(root)
    layers = [*files, environment_layer(os.environ)]
    if editor:
        layers.append(Layer(Origin.EDITOR, "editor", editor))
    if flags:
        layers.append(Layer(Origin.FLAGS, "command line", flags))
    return layers, warnings
