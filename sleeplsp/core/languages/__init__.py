"""The registry of languages: each folder or file beside this one that holds a `LANGUAGE` is one.

A Language says how to recognise a file, how to load its grammar, and which nodes are symbols,
references, comments and layout; adding one changes nothing outside its own folder. This package must
not know what is done with symbols, nor read files.
"""

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath

import msgspec
import tree_sitter


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """What the rest of the program may know of a language."""

    name: str
    """Lower-case identifier, as in LSP's `languageId`."""

    suffixes: tuple[str, ...]
    """File name endings, with the dot."""

    file_names: tuple[str, ...] = ()
    """Whole file names that have no telling suffix."""

    editor_ids: tuple[str, ...] = ()
    """Further `languageId`s an editor may use for it."""

    grammar: Callable[[], tree_sitter.Language]
    """Load the compiled grammar."""

    grammar_version: str
    """Version of the grammar wheel: part of what every stored row is addressed by."""

    tags: str
    """Query for symbols and references: `@definition.KIND` with `@name`; `@scope` with `@name` for a
    node that only lends its name to the symbols inside it; `@owner` for a name to put before the
    symbol's own (a Go receiver); `@doc` for documentation; `@reference.ROLE` with `@name`. Where two
    patterns capture the same node, the later one wins."""

    layout: str
    """Query for the code digest: `@comment` is left out, `@opaque` is kept to the letter (strings),
    `@block` begins and ends a level, `@statement` begins a statement (both only where layout means
    something)."""

    member_kinds: tuple[str, ...] = ("function", "method", "property", "constructor")
    """Symbol kinds that a class's own digest leaves out."""


@cache
def languages() -> dict[str, Language]:
    """Return all languages by name, in alphabetical order."""
    modules = (import_module(f"{__name__}.{entry.name}") for entry in pkgutil.iter_modules(__path__))
    found = [language for module in modules for language in _declared(module)]
    return {language.name: language for language in sorted(found, key=lambda each: each.name)}


def language_of(path: str) -> Language | None:
    """Return the language of a file by its name, or None when no language claims it."""
    name = PurePosixPath(path).name
    return _by_file_name().get(name) or _by_suffix().get(PurePosixPath(path).suffix.lower())


def language_of_editor(editor_id: str) -> Language | None:
    """Return the language an editor's `languageId` means, or None."""
    return next((each for each in languages().values() if editor_id in (each.name, *each.editor_ids)), None)


def _declared(module: object) -> tuple[Language, ...]:
    one = getattr(module, "LANGUAGE", None)
    return (one,) if one is not None else tuple(getattr(module, "LANGUAGES", ()))


@cache
def _by_suffix() -> dict[str, Language]:
    return {suffix: each for each in languages().values() for suffix in each.suffixes}


@cache
def _by_file_name() -> dict[str, Language]:
    return {name: each for each in languages().values() for name in each.file_names}
