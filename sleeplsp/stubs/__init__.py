"""Adapter that makes library facts (`deduce.library`) of typeshed and of one readable table.

    typeshed -> compile -> rows -> modules -> names -> values, classes, functions -> lookups

Stubs are parsed once, kept as short encoded rows and resolved name by name when asked. `known.toml`
adds what stubs cannot say, `library` remembers the answers.
"""

from sleeplsp.stubs.library import TypeshedLibrary

__all__ = ["TypeshedLibrary"]
