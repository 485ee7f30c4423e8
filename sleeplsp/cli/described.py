"""Descriptions of the fields of what commands print as JSON, for the schema files."""

import msgspec


def says(description: str) -> msgspec.Meta:
    """Return the description of a field."""
    return msgspec.Meta(description=description)
