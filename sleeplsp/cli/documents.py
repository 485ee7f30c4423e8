"""All JSON documents that commands print, by the names of their schema files."""

import msgspec

from sleeplsp.cli.ask_report import Asked
from sleeplsp.cli.doctor_report import Doctor
from sleeplsp.cli.drift_report import Drift
from sleeplsp.cli.drops_report import Drops
from sleeplsp.cli.prompt_report import Prompts
from sleeplsp.cli.report import (
    Bugs,
    CacheCleared,
    CacheCollected,
    CacheStats,
    Hovered,
    Invariants,
    Report,
    Symbols,
)
from sleeplsp.cli.status_report import Status
from sleeplsp.cli.why_report import Why

DOCUMENTS: dict[str, type[msgspec.Struct]] = {
    "precompute": Report,
    "query-hover": Hovered,
    "query-bugs": Bugs,
    "query-drift": Drift,
    "query-invariants": Invariants,
    "query-symbols": Symbols,
    "query-prompt": Prompts,
    "query-drops": Drops,
    "ask": Asked,
    "why": Why,
    "status": Status,
    "doctor": Doctor,
    "cache-stats": CacheStats,
    "cache-clear": CacheCleared,
    "cache-gc": CacheCollected,
}
"""What each command prints, by the name of its schema file."""
