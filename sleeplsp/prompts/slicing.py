"""Slices: the parts in which a module is sent, each small enough for a budget of tokens.

A module that fits is one slice. Otherwise its functions are told apart: what a slice is about (its
subjects) is shown whole together with what that calls and what calls it in the module, all else with its
first lines alone. Every function is a subject of exactly one slice.
"""

import msgspec

from sleeplsp.prompts.context import ModuleContext


class Slice(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One part of a module."""

    subjects: tuple[str, ...]
    """Ids of the symbols that claims are wanted of, in the order of the text."""
    beside: tuple[str, ...] = ()
    """Ids of functions that are shown whole as well."""
    part: int = 1
    """Which part it is, from 1."""
    parts: int = 1
    """How many there are; 1: the whole module is shown."""
    tokens_max: int
    """Budget of its prompt."""


def slices(context: ModuleContext, tokens_max: int) -> tuple[Slice, ...]:
    """Cut a module into slices whose prompts have at most so many tokens; none if that is too few for any."""
    raise NotImplementedError
