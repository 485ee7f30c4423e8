"""The layers of settings that hold in a workspace, gathered for a front end.

Cheap to import: it must not know checks, stores or reasoners.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from sleeplsp.engine.settings import Layer, Origin, Settings, environment_layer, resolve
from sleeplsp.repo.settings_files import read_settings_files


def resolved_settings(
    root: Path | None,
    flags: Mapping[str, object] | None = None,
    editor: Mapping[str, object] | None = None,
    check_names: Collection[str] = (),
) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings that hold in a workspace, and one line for each value that was not used."""
    files, warnings = read_settings_files(root)
    layers = [*files, environment_layer(os.environ)]
    if editor:
        layers.append(Layer(Origin.EDITOR, "editor", editor))
    if flags:
        layers.append(Layer(Origin.FLAGS, "command line", flags))
    settings, more = resolve(layers, check_names)
    return settings, (*warnings, *more)
