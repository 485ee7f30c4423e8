"""The machine: whether it has better things to do than to think.

Asked before a long run begins; both questions take microseconds. It must not know who waits.
"""

import contextlib
import os
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")


def busy(load_max: float, supplies: Path = SUPPLIES) -> str:
    """Return why work that nobody waits for should wait; '' if it need not.

    `load_max` is the load average per processor that is too much; with 0 nothing ever waits.
    """
    if load_max <= 0:
        return ""
    processors = os.cpu_count() or 1
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load > load_max * processors:
        return f"the machine is busy: load {load:.1f} on {processors} processors"
    return "the machine runs on battery" if _on_battery(supplies) else ""


def _on_battery(supplies: Path) -> bool:
    """Tell whether there is a mains adapter and none is plugged in; where that is not known, no."""
    plugged: list[int] = []
    with contextlib.suppress(OSError, ValueError):
        mains = [each for each in supplies.iterdir() if (each / "type").read_text().strip() == "Mains"]
        plugged = [int((each / "online").read_text()) for each in mains]
    return bool(plugged) and not any(plugged)
