"""The registry of languages: each folder or file beside this one that holds a `LANGUAGE` is one.

A Language says how to recognise a file, how to load its grammar, and which nodes are symbols,
references, comments and layout; adding one changes nothing outside its own folder. This package
must not know what is done with symbols, nor read files.
"""

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath

import msgspec
import tree_sitter

CALLABLE_KINDS = frozenset({"function", "method", "property", "constructor", "macro"})
CLASS_KINDS = frozenset({"class", "interface", "enum", "struct"})
KINDS = CALLABLE_KINDS | CLASS_KINDS | {"type", "module", "constant", "variable", "field"}


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

    definitions: str
    """Query for symbols. A pattern captures `@name` together with one of
    - `@definition.KIND`: a symbol of one of `KINDS`; `@definition.KIND.KIND` where it is of the
      second kind directly inside a scope or one of `CLASS_KINDS`. Without `@name` it stands for the
      file. `@definition` alone takes back what an earlier pattern took for one.
    - `@scope`: lends its name to the symbols inside it and is none itself (Rust's `impl`).
    - `@docstring`: documentation inside of the symbol of that name; of the file, without `@name`.
    With a definition, `@owner` is a name to put before the symbol's own (a Go receiver).
    Alone stand `@local` (variables inside of it are no symbols, as those of a function are none),
    `@prefix` (what belongs to the definition that it directly precedes: a decorator, `export`),
    `@doc` (a comment that documents the definition below it) and `@aside` (another comment, which
    may come between). Where two patterns capture the same `@name`, the later one wins. Captures
    that begin with `_` are for predicates. A pattern that waits for children without a field is
    slow on deep nesting."""

    references: str
    """Query for uses of names: `@reference.ROLE` (call, class, type, implementation) with `@name`;
    `@reference` alone takes back what an earlier pattern took for a use."""

    layout: str
    """Query for the code digest: `@comment` is left out, `@opaque` is kept to the letter (strings),
    `@block` begins and ends a level, `@statement` begins a statement (both only where layout means
    something). What is `@comment` and `@opaque` is kept."""

    member_kinds: frozenset[str] = CALLABLE_KINDS | CLASS_KINDS | {"module"}
    """Symbol kinds that a class's or a file's own digest leaves out; holds all `CALLABLE_KINDS`."""


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
