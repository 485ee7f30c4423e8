"""What a Deduction is asked for. A value."""

from collections.abc import Mapping

import msgspec

from sleeplsp.core.text import Text


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a Deduction is to think about next."""

    held: Mapping[str, Text] = {}
    """Texts an editor holds in place of files, as far as they are others than before."""
    closed: tuple[str, ...] = ()
    """Modules whose file counts again."""
    scan: bool = True
    """Files may have changed, come or gone."""
    again: tuple[str, ...] = ()
    """Modules to be deduced again whatever is known of them; EVERYTHING for all."""
    shown: tuple[str, ...] = ()
    """Modules somebody looks at: they and what they call come first."""
