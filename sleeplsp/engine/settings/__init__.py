"""All settings in one typed schema, and how the layers that set them become one value.

A setting's scope says how far a repository is trusted with it.
"""

from sleeplsp.engine.settings.catalogue import SettingEntry, catalogue
from sleeplsp.engine.settings.kinds import CheckLevel, FailLevel, Scope
from sleeplsp.engine.settings.layering import (
    ENVIRONMENT_PREFIX,
    UNASKED,
    Fault,
    Layer,
    Origin,
    environment_layer,
    is_thought_alike,
    resolve,
)
from sleeplsp.engine.settings.schema import Settings

__all__ = (
    "ENVIRONMENT_PREFIX",
    "UNASKED",
    "CheckLevel",
    "FailLevel",
    "Fault",
    "Layer",
    "Origin",
    "Scope",
    "SettingEntry",
    "Settings",
    "catalogue",
    "environment_layer",
    "is_thought_alike",
    "resolve",
)
